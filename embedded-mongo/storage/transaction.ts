/**
 * A view of the store with writes of its own that nobody else sees yet. A command computes in one and lands whole or not at
 * all, so that an error needs nothing undone; a session's transaction is one that outlives its commands.
 */
import type { RootDatabase, Transaction as Snapshot } from 'lmdb';

import { CommandError } from '../errors.ts';
import { lengthOf } from '../values/length-of.ts';

export type Entry = { readonly key: Buffer; readonly value: Buffer };
/** No value: the key is removed. */
export type Write = { readonly key: Buffer; readonly value: Buffer | undefined };
export type Range = readonly [low: Buffer, high: Buffer];

const LONGEST_KEY = 1978;

type Origin = {
  readonly snapshot?: Snapshot;
  /** Called before each write, to refuse what another transaction has written since this one began. */
  readonly guard?: (key: Buffer) => void;
  readonly direct?: true;
  /** Writes to the store what has been computed so far. */
  readonly land?: (view: Transaction) => void;
};

export class Transaction {
  /** What change streams are told once this has landed. */
  readonly events: object[] = [];
  private readonly db: RootDatabase<Buffer, Buffer>;
  private readonly origin: Origin;
  private readonly writes = new Map<string, Write>();
  private ordered: readonly Write[] | undefined;
  private closed = false;
  private undo: (() => void)[] = [];

  constructor(db: RootDatabase<Buffer, Buffer>, origin: Origin = {}) {
    this.db = db;
    this.origin = origin;
  }

  get(key: Buffer): Buffer | undefined {
    this.checkOpen();
    const own = this.writes.size > 0 ? this.writes.get(key.toString('latin1')) : undefined;
    return own ? own.value : this.db.get(key, this.options);
  }

  put(key: Buffer, value: Buffer): void {
    if (key.length > LONGEST_KEY) {
      throw new CommandError(
        17280,
        'KeyTooLong',
        `an index key of ${key.length} bytes is too long: at most ${LONGEST_KEY} are stored`,
      );
    }
    this.write({ key, value });
  }
  remove(key: Buffer): void {
    this.write({ key, value: undefined });
  }

  /** Entries with low <= key < high in order, this transaction's own writes among them. */
  *range([low, high]: Range, reverse = false): Generator<Entry, void, undefined> {
    const bounds = reverse
      ? { start: high, exclusiveStart: true, end: low, inclusiveEnd: true, reverse }
      : { start: low, end: high };
    const stored: Iterable<Entry> = this.db.getRange({ ...bounds, ...this.options });
    const own = this.ownWrites(low, high, reverse);
    const all = own.length === 0 ? stored : merge(stored, own, reverse ? -1 : 1);
    const entries = all[Symbol.iterator]();
    try {
      for (;;) {
        // Between two entries a cursor may have waited, and its transaction may have ended.
        this.checkOpen();
        const step = entries.next();
        if (step.done) return;
        yield step.value;
      }
    } finally {
      entries.return?.();
    }
  }

  count(range: Range): number {
    if (this.writes.size === 0) return this.db.getKeysCount({ start: range[0], end: range[1], ...this.options });
    return lengthOf(this.range(range));
  }

  /** How many stored entries a range has, counted no further than `most`. This transaction's own writes are left out. */
  countUpTo(most: number, [low, high]: Range): number {
    return lengthOf(this.db.getKeys({ start: low, end: high, limit: most, ...this.options }));
  }

  /**
   * A view whose writes go straight into the LMDB transaction that is being written, for those too many to be held in memory.
   * Whoever uses it must undo them on an error.
   */
  direct(): Transaction {
    return new Transaction(this.db, { direct: true });
  }

  /** Removes every entry of a range. Only in a direct view. */
  clear([low, high]: Range): void {
    for (;;) {
      const keys = [...this.db.getKeys({ start: low, end: high, limit: 1000 })];
      if (keys.length === 0) return;
      for (const key of keys) this.db.removeSync(key);
    }
  }

  /** Ends a statement: what it has written will stay, whatever becomes of those after it. Not so in a session's transaction. */
  settle(): void {
    if (!this.origin.land) return;
    this.origin.land(this);
    this.writes.clear();
    this.ordered = undefined;
    this.undo = [];
  }

  /** Says how to take back what was changed in memory, should this never land. */
  onAbandoned(action: () => void): void {
    this.undo.push(action);
  }
  abandon(): void {
    for (const action of this.undo.reverse()) action();
    this.undo = [];
  }

  written(): Iterable<Write> {
    return this.writes.values();
  }

  /** Lets go of the snapshot; nothing can be read any more. */
  close(): void {
    if (!this.closed) this.origin.snapshot?.done();
    this.closed = true;
  }

  private checkOpen(): void {
    if (this.closed) throw new CommandError(251, 'NoSuchTransaction', 'The transaction this belongs to has ended');
  }

  private write(write: Write): void {
    if (this.origin.direct) {
      if (write.value) this.db.putSync(write.key, write.value);
      else this.db.removeSync(write.key);
      return;
    }
    this.origin.guard?.(write.key);
    this.writes.set(write.key.toString('latin1'), write);
    this.ordered = undefined;
  }

  private get options(): { transaction: Snapshot } | undefined {
    return this.origin.snapshot && { transaction: this.origin.snapshot };
  }

  private ownWrites(low: Buffer, high: Buffer, reverse: boolean): Write[] {
    if (this.writes.size === 0) return [];
    this.ordered ??= [...this.writes.values()].sort((a, b) => Buffer.compare(a.key, b.key));
    const own = this.ordered.filter(({ key }) => Buffer.compare(key, low) >= 0 && Buffer.compare(key, high) < 0);
    return reverse ? own.reverse() : own;
  }
}

function* merge(stored: Iterable<Entry>, own: readonly Write[], direction: 1 | -1): Generator<Entry, void, undefined> {
  let next = 0;
  for (const entry of stored) {
    let order = 1;
    for (let write = own[next]; write; write = own[++next]) {
      order = Buffer.compare(write.key, entry.key) * direction;
      if (order >= 0) break;
      if (write.value) yield { key: write.key, value: write.value };
    }
    if (next < own.length && order === 0) {
      const write = own[next++];
      if (write?.value) yield { key: write.key, value: write.value };
    } else {
      yield entry;
    }
  }
  for (const write of own.slice(next)) if (write.value) yield { key: write.key, value: write.value };
}
