/** Change streams: the latest writes, kept in memory for whoever watches. */
import { serialize, Timestamp } from 'bson';

import { compilePipeline } from '../aggregation/pipeline.ts';
import { badValue, CommandError, unsupported } from '../errors.ts';
import { type Document, getField, isDocument } from '../values/document.ts';
import { equal } from '../values/order.ts';
import type { Source } from './cursors.ts';

export type ChangeEvent = { readonly ns: string; readonly document: Document };
type Watch = {
  /** 'db.collection', or 'db' for all of its collections. */
  readonly ns: string;
  readonly options: Document;
  readonly stages: readonly unknown[];
  readonly lookup: (ns: string, id: unknown) => Document | undefined;
};

/** Events kept for those who read slowly; who falls further behind is told so. */
const KEPT = 10_000;
const ACCEPTED = new Set(['fullDocument', 'allChangesForCluster', 'resumeAfter', 'startAfter']);

export class ChangeLog {
  /** False until someone has watched: before that nothing is recorded. */
  watched = false;
  private log: ChangeEvent[] = [];
  /** The number of the first event in the log. */
  private first = 0;
  /** Tokens of another run mean nothing here. */
  private readonly run = Date.now().toString(16);
  private readonly waiting = new Set<() => void>();

  publish(events: readonly object[]): void {
    this.log.push(...(events as readonly ChangeEvent[]));
    if (this.log.length > 2 * KEPT) this.first += this.log.splice(0, this.log.length - KEPT).length;
    for (const wake of [...this.waiting]) wake();
  }

  /** Follows what is written from now on, or after a token of this run. */
  follow({ ns, options, stages, lookup }: Watch): Source {
    for (const name of Object.keys(options))
      if (!ACCEPTED.has(name)) throw unsupported(`the option '${name}' of a change stream`);
    const full = options['fullDocument'] ?? 'default';
    if (typeof full !== 'string') throw badValue("'fullDocument' must be a string");
    if (full !== 'default' && full !== 'updateLookup') throw unsupported(`fullDocument '${full}' of a change stream`);
    const run = compilePipeline(stages, {});
    this.watched = true;
    let next = this.startOf(options['resumeAfter'] ?? options['startAfter']);
    const concerns = (event: ChangeEvent): boolean =>
      options['allChangesForCluster'] === true || event.ns === ns || event.ns.startsWith(`${ns}.`);
    const take = (): Document[] => {
      if (next < this.first) throw historyLost('more has been written than is kept');
      const from = next - this.first;
      const found = this.log.slice(from).map((event, i) => ({ event, number: this.first + from + i + 1 }));
      next = this.first + this.log.length;
      return [
        ...run(
          found
            .filter(({ event }) => concerns(event))
            .map(({ event, number }) => this.shown(event, number, full, lookup)),
        ),
      ];
    };
    let closed = false;
    return {
      next: (_most, wait) => {
        const extra = () => ({ postBatchResumeToken: this.token(next) });
        if (wait === 0) return { documents: take().map(toBytes), done: false, extra: extra() };
        return this.wait(take, wait, () => closed).then((documents) => ({
          documents: documents.map(toBytes),
          done: closed,
          extra: extra(),
        }));
      },
      close: () => {
        closed = true;
        for (const wake of [...this.waiting]) wake();
      },
    };
  }

  private async wait(take: () => Document[], wait: number, isClosed: () => boolean): Promise<Document[]> {
    const until = Date.now() + wait;
    let documents = take();
    while (documents.length === 0 && Date.now() < until && !isClosed()) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          this.waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, until - Date.now());
        this.waiting.add(done);
      });
      documents = take();
    }
    return documents;
  }

  private token(number: number): Document {
    return { _data: `${this.run}-${number.toString(16).padStart(12, '0')}` };
  }

  private startOf(token: unknown): number {
    if (token === undefined) return this.first + this.log.length;
    const [run, number] = String(getField(token, '_data')).split('-');
    const start = parseInt(number ?? '', 16);
    if (run !== this.run || Number.isNaN(start) || start < this.first)
      throw historyLost('the token is of an earlier run of the store, or too old');
    return start;
  }

  private shown({ ns, document }: ChangeEvent, number: number, full: unknown, lookup: Watch['lookup']): Document {
    const seconds = Math.floor(Number(document['wallTime']) / 1000);
    const isLookedUp = full === 'updateLookup' && document['operationType'] === 'update';
    return {
      _id: this.token(number),
      ...document,
      clusterTime: new Timestamp({ t: seconds, i: number }),
      ...(isLookedUp && { fullDocument: lookup(ns, getField(document['documentKey'], '_id')) ?? null }),
    };
  }
}

const toBytes = (document: Document): Buffer => Buffer.from(serialize(document, { ignoreUndefined: true }));
const historyLost = (why: string): CommandError =>
  new CommandError(286, 'ChangeStreamHistoryLost', `Resume of change stream was not possible: ${why}`);

type Written = {
  readonly before?: Document | undefined;
  readonly after?: Document | undefined;
  readonly replaced?: boolean;
};

/** The event for a document that was inserted, changed, replaced or deleted. */
export function changeEvent(ns: string, { before, after, replaced = false }: Written): ChangeEvent {
  const [db = '', ...name] = ns.split('.');
  const operationType = !before ? 'insert' : !after ? 'delete' : replaced ? 'replace' : 'update';
  const document: Document = {
    operationType,
    ns: { db, coll: name.join('.') },
    documentKey: { _id: (after ?? before)?.['_id'] },
    wallTime: new Date(),
  };
  if (operationType === 'update' && before && after) document['updateDescription'] = difference(before, after);
  else if (after) document['fullDocument'] = after;
  return { ns, document };
}

function difference(before: Document, after: Document): Document {
  const updated = Object.entries(after).filter(
    ([name, value]) =>
      !(name in before) || !equal(before[name], value) || !isDocument(value) !== !isDocument(before[name]),
  );
  return {
    updatedFields: Object.fromEntries(updated),
    removedFields: Object.keys(before).filter((name) => !(name in after)),
    truncatedArrays: [],
  };
}
