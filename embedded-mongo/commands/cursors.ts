/** Results handed out in batches. */
import { Long } from 'bson';

import { CommandError } from '../errors.ts';
import { toNumber } from '../values/numbers.ts';
import { Batch } from '../wire/message.ts';

/** Something that can be asked for more: documents already found, or changes yet to come. */
export type Source = {
  /** At most so many documents; `done` when there will be none after them. Waits for changes up to `wait` milliseconds. */
  next(most: number, wait: number): Taken | Promise<Taken>;
  close(): void;
};
export type Taken = {
  readonly documents: readonly Buffer[];
  readonly done: boolean;
  readonly extra?: Record<string, unknown>;
};
type Cursor = { readonly ns: string; readonly source: Source; usedAt: number };

/** Documents of a first batch when the client does not say. */
const FIRST_BATCH = 101;
const LARGEST_BATCH = 16 * 1024 * 1024;
/** A cursor that nobody has asked for this long is closed, in milliseconds. */
const LONGEST_IDLE = 600_000;

export class Cursors {
  private readonly open = new Map<string, Cursor>();
  private next = 1;

  /** Answers with the first batch, and keeps what is left. */
  first(ns: string, source: Source, options: { batchSize?: unknown; single?: boolean } = {}): Batch {
    const size = options.batchSize === undefined ? FIRST_BATCH : toNumber(options.batchSize);
    const taken = source.next(size, 0);
    if (taken instanceof Promise) throw new Error('a first batch cannot wait');
    const { documents, done, extra } = taken;
    if (done || options.single === true) {
      source.close();
      return new Batch('firstBatch', documents, { ...extra, id: Long.ZERO, ns });
    }
    const id = String(this.next++);
    this.open.set(id, { ns, source, usedAt: Date.now() });
    return new Batch('firstBatch', documents, { ...extra, id: Long.fromString(id), ns });
  }

  async more(id: string, batchSize: unknown, wait: number): Promise<Batch> {
    const cursor = this.open.get(id);
    if (!cursor) throw new CommandError(43, 'CursorNotFound', `cursor id ${id} not found`);
    cursor.usedAt = Date.now();
    const size = batchSize === undefined ? 0 : toNumber(batchSize);
    let taken: Taken;
    try {
      taken = await cursor.source.next(size > 0 ? size : Infinity, wait);
    } catch (error) {
      this.close(id);
      throw error;
    }
    if (taken.done) this.close(id);
    return new Batch('nextBatch', taken.documents, {
      ...taken.extra,
      id: taken.done ? Long.ZERO : Long.fromString(id),
      ns: cursor.ns,
    });
  }

  close(id: string): boolean {
    const cursor = this.open.get(id);
    this.open.delete(id);
    cursor?.source.close();
    return cursor !== undefined;
  }
  closeForgotten(): void {
    for (const [id, { usedAt }] of this.open) if (Date.now() - usedAt > LONGEST_IDLE) this.close(id);
  }
  closeAll(): void {
    for (const id of [...this.open.keys()]) this.close(id);
  }
}

/** Hands out what a generator yields; looks one ahead, so that the last batch says it is the last. */
export function sourceOf(documents: Iterator<Buffer>, close: () => void = () => undefined): Source {
  let ahead: Buffer | undefined;
  let ended = false;
  const advance = (): void => {
    const step = documents.next();
    ended = step.done === true;
    ahead = step.done === true ? undefined : step.value;
  };
  let begun = false;
  return {
    next: (most) => {
      if (!begun) advance();
      begun = true;
      const taken: Buffer[] = [];
      let bytes = 0;
      while (ahead && taken.length < most && (taken.length === 0 || bytes + ahead.length < LARGEST_BATCH)) {
        taken.push(ahead);
        bytes += ahead.length;
        advance();
      }
      return { documents: taken, done: ended };
    },
    close: () => {
      documents.return?.();
      close();
    },
  };
}
