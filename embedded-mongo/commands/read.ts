/** Commands that read: find, aggregate, count, distinct, and their cursors. */
import { Long, serialize } from 'bson';

import { count } from '../collections/count.ts';
import { find } from '../collections/find.ts';
import type { Cost } from '../collections/scan.ts';
import { badValue } from '../errors.ts';
import { compileProjection } from '../queries/projection.ts';
import { parseSort } from '../queries/sort.ts';
import { compileFilter } from '../queries/filter.ts';
import type { Transaction } from '../storage/transaction.ts';
import { type Document, isDocument } from '../values/document.ts';
import { keyOf } from '../values/key-encoder.ts';
import { toNumber } from '../values/numbers.ts';
import { compareValues, isNumeric } from '../values/order.ts';
import { leaves } from '../values/paths.ts';
import type { Batch } from '../wire/message.ts';
import { amount, deadlineOf, objectField } from './arguments.ts';
import { type Call, type Handlers, nsOf, ok, read } from './call.ts';
import { type Source, sourceOf } from './cursors.ts';
import { readPipeline } from './read-pipeline.ts';

export const READ: Handlers = {
  find: (command, call) => {
    const filter = objectField(command, 'filter');
    const documents = (view: Transaction): Iterator<Buffer> => findDocuments(command, call, view);
    compileFilter(filter, objectField(command, 'let'));
    return firstBatch(call, nsOf(call, command['find']), documents, {
      batchSize: command['batchSize'],
      single: command['singleBatch'] === true,
    });
  },

  aggregate: (command, call) => {
    const { aggregate, pipeline } = command;
    const ns = typeof aggregate === 'string' ? nsOf(call, aggregate) : call.db;
    const [first, ...stages] = Array.isArray(pipeline) ? (pipeline as unknown[]) : [];
    if (isDocument(first) && '$changeStream' in first) return watch(call, ns, first['$changeStream'], stages);
    const cursor = objectField(command, 'cursor');
    return firstBatch(call, ns, (view) => encoded(readPipeline(command, call, view)), {
      batchSize: cursor['batchSize'],
    });
  },

  count: (command, call) => ok({ n: read(call, (view) => countDocuments(command, call, view)) }),

  distinct: (command, call) => {
    const { key } = command;
    if (typeof key !== 'string' || key === '') throw badValue("distinct needs 'key', the path of a field");
    return ok({ values: read(call, (view) => distinctValues(command, call, view, key)) });
  },

  getMore: (command, call) => {
    const wait = isNumeric(command['maxTimeMS']) ? toNumber(command['maxTimeMS']) : 1000;
    return call.cursors.more(String(command['getMore']), command['batchSize'], wait);
  },

  killCursors: (command, call) => {
    const ids: unknown[] = Array.isArray(command['cursors']) ? command['cursors'] : [];
    const killed = ids.filter((id) => call.cursors.close(String(id))).map((id) => Long.fromString(String(id)));
    return ok({ cursorsKilled: killed, cursorsNotFound: [], cursorsAlive: [], cursorsUnknown: [] });
  },
};

/** What a find yields: the stored bytes as they are, or projected. */
export function findDocuments(
  command: Document,
  call: Call,
  view: Transaction,
  cost?: Cost,
): Generator<Buffer, void, undefined> {
  const filter = objectField(command, 'filter');
  const variables = objectField(command, 'let');
  const projection = objectField(command, 'projection');
  const shown = Object.keys(projection).length > 0 ? compileProjection(projection, { filter, variables }) : undefined;
  const options = {
    sort: parseSort(command['sort'] ?? {}),
    skip: amount(command, 'skip'),
    limit: Math.abs(amount(command, 'limit')),
    hint: command['hint'],
    variables,
    deadline: deadlineOf(command),
    ...(cost && { cost }),
  };
  const collection = call.catalogue.get(nsOf(call, command['find']));
  return (function* () {
    if (!collection) return;
    for (const row of find(collection, view, filter, options)) {
      yield shown ? Buffer.from(serialize(shown(row.document), { ignoreUndefined: true })) : row.raw;
    }
  })();
}

/** Runs a query over a snapshot that lives as long as its cursor. */
function firstBatch(
  call: Call,
  ns: string,
  documents: (view: Transaction) => Iterator<Buffer>,
  options: { batchSize?: unknown; single?: boolean },
): Batch {
  const { transaction, catalogue, cursors } = call;
  const view = transaction ?? catalogue.store.snapshot();
  const close = (): void => {
    if (!transaction) view.close();
  };
  let source: Source | undefined;
  try {
    source = sourceOf(documents(view), close);
    return cursors.first(ns, source, options);
  } catch (error) {
    if (source) source.close();
    else close();
    throw error;
  }
}

export function* encoded(documents: Iterable<Document>): Generator<Buffer, void, undefined> {
  for (const document of documents) yield Buffer.from(serialize(document, { ignoreUndefined: true }));
}

export function countDocuments(command: Document, call: Call, view: Transaction, cost?: Cost): number {
  const collection = call.catalogue.get(nsOf(call, command['count']));
  const filter = objectField(command, 'query');
  compileFilter(filter);
  if (!collection) return 0;
  const options = {
    skip: amount(command, 'skip'),
    limit: Math.abs(amount(command, 'limit')),
    hint: command['hint'],
    deadline: deadlineOf(command),
    ...(cost && { cost }),
  };
  return count(collection, view, filter, options);
}

function distinctValues(command: Document, call: Call, view: Transaction, key: string): unknown[] {
  const collection = call.catalogue.get(nsOf(call, command['distinct']));
  const filter = objectField(command, 'query');
  compileFilter(filter);
  const found = new Map<string, unknown>();
  if (!collection) return [];
  const path = key.split('.');
  const fields = new Set([path[0] ?? '']);
  for (const row of find(collection, view, filter, { hint: command['hint'], deadline: deadlineOf(command) })) {
    for (const value of leaves(row.fields(fields), path)) {
      for (const item of Array.isArray(value) ? (value as unknown[]) : [value])
        if (item !== undefined) found.set(keyOf(item), item);
    }
  }
  return [...found.values()].sort(compareValues);
}

function watch(call: Call, ns: string, options: unknown, stages: readonly unknown[]): Batch {
  const { catalogue, changes, cursors } = call;
  const lookup = (name: string, id: unknown): Document | undefined =>
    catalogue.store.read((view) => catalogue.get(name)?.byId(view, id)?.document);
  return cursors.first(ns, changes.follow({ ns, options: isDocument(options) ? options : {}, stages, lookup }));
}
