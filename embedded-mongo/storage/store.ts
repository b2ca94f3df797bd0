/**
 * An ordered key-value store in one LMDB file. Writes that wait at the same moment are committed together, so that they share
 * one fsync; each is answered only after it.
 */
import { open, type RootDatabase, type Transaction as Snapshot } from 'lmdb';

import { CommandError, WriteConflict } from '../errors.ts';
import { Transaction } from './transaction.ts';

type Waiting = { readonly run: () => void; readonly settle: (failure: Error | undefined) => void };

/** How many cursors and transactions may be open at once, each reading a snapshot of its own. */
const MOST_SNAPSHOTS = 2_000;

export class Store {
  /** Told of the events of everything that has landed, in order. */
  onLanded: (events: readonly object[]) => void = () => undefined;
  /** Told when a commit has failed: what was computed in it is not in the file, so memory must be read again from there. */
  onFailure: () => void = () => undefined;
  private readonly db: RootDatabase<Buffer, Buffer>;
  private readonly queue: Waiting[] = [];
  private scheduled = false;
  private sequence = 0;
  /** The transactions that sessions have open, and how many writes had landed when each began. */
  private readonly openTransactions = new Map<Transaction, number>();
  /** When each key was last written; kept only while a transaction is open. */
  private readonly lastWritten = new Map<string, number>();

  constructor(path: string) {
    // Without overlappingSync a commit is on disk when it returns, and its failure is known before anything else runs.
    this.db = open<Buffer, Buffer>({
      path,
      keyEncoding: 'binary',
      encoding: 'binary',
      cache: false,
      overlappingSync: false,
      maxReaders: MOST_SNAPSHOTS,
    });
  }

  read<T>(action: (view: Transaction) => T): T {
    return action(new Transaction(this.db));
  }

  /** A view of the store as it is now, however long it is read from. It must be closed. */
  snapshot(): Transaction {
    return new Transaction(this.db, { snapshot: this.takeSnapshot() });
  }

  /** Runs one write and resolves to its result once that is on disk. */
  write<T>(action: (view: Transaction) => T): Promise<T> {
    return this.enqueue(() => {
      const view = new Transaction(this.db, { land: (written) => this.apply(written) });
      try {
        return { view, result: action(view) };
      } catch (error) {
        view.abandon();
        throw error;
      }
    });
  }

  begin(): Transaction {
    const began = this.sequence;
    const view = new Transaction(this.db, {
      snapshot: this.takeSnapshot(),
      guard: (key) => {
        if ((this.lastWritten.get(key.toString('latin1')) ?? 0) > began) throw new WriteConflict();
      },
    });
    this.openTransactions.set(view, began);
    return view;
  }

  abort(view: Transaction): void {
    if (this.openTransactions.delete(view)) view.close();
    if (this.openTransactions.size === 0) this.lastWritten.clear();
  }

  /** Needed when the collections or their indexes change: what open transactions have computed no longer fits them. */
  abortAll(): void {
    for (const view of [...this.openTransactions.keys()]) this.abort(view);
  }
  isOpen(view: Transaction): boolean {
    return this.openTransactions.has(view);
  }

  async commit(view: Transaction): Promise<void> {
    const began = this.openTransactions.get(view);
    if (began === undefined) throw aborted();
    try {
      await this.enqueue(() => {
        if (!this.isOpen(view)) throw aborted();
        for (const { key } of view.written()) {
          if ((this.lastWritten.get(key.toString('latin1')) ?? 0) > began) throw new WriteConflict();
        }
        return { view, result: undefined };
      });
    } finally {
      this.abort(view);
    }
  }

  /** Runs an action while no other process that has opened the same file can run one: LMDB's writer lock is the operating system's. */
  exclusively<T>(action: () => T): T {
    return this.db.transactionSync(action);
  }

  async close(): Promise<void> {
    this.commitQueue();
    this.abortAll();
    await this.db.close();
  }

  private takeSnapshot(): Snapshot {
    try {
      return this.db.useReadTransaction();
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('READERS_FULL')) throw error;
      const message = `${MOST_SNAPSHOTS} cursors and transactions are open, no more can be: close those not needed`;
      throw new CommandError(146, 'ExceededMemoryLimit', message);
    }
  }

  /** Puts the work behind what waits already; all of it runs in one LMDB transaction at the end of this turn. */
  private enqueue<T>(prepare: () => { view: Transaction; result: T }): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let landed: { view: Transaction; result: T } | undefined;
      let refusal: unknown;
      const run = (): void => {
        try {
          landed = prepare();
        } catch (error) {
          refusal = error;
          return;
        }
        this.apply(landed.view);
      };
      const settle = (failure: Error | undefined): void => {
        if (failure ?? refusal) {
          reject(failure ?? (refusal instanceof Error ? refusal : new Error(String(refusal))));
        } else if (landed) {
          if (landed.view.events.length > 0) this.onLanded(landed.view.events);
          resolve(landed.result);
        }
      };
      this.queue.push({ run, settle });
      if (this.scheduled) return;
      this.scheduled = true;
      setImmediate(() => this.commitQueue());
    });
  }

  private apply(view: Transaction): void {
    this.sequence++;
    for (const { key, value } of view.written()) {
      if (value) this.db.putSync(key, value);
      else this.db.removeSync(key);
      if (this.openTransactions.size > 0) this.lastWritten.set(key.toString('latin1'), this.sequence);
    }
  }

  private commitQueue(): void {
    this.scheduled = false;
    const group = this.queue.splice(0);
    if (group.length === 0) return;
    let failure: CommandError | undefined;
    try {
      this.db.transactionSync(() => {
        for (const { run } of group) run();
      });
    } catch (error) {
      failure = storageFailure(error);
      this.abortAll();
      this.onFailure();
    }
    for (const { settle } of group) settle(failure);
  }
}

const aborted = (): CommandError => new CommandError(251, 'NoSuchTransaction', 'The transaction has been aborted');

/** LMDB calls it an input/output error when a write was cut short, as it is at the end of a disk. */
const DISK_FULL = /space|file size|too large|quota|input\/output/i;

function storageFailure(error: unknown): CommandError {
  const reason = error instanceof Error ? error.message : String(error);
  return DISK_FULL.test(reason)
    ? new CommandError(
        14031,
        'OutOfDiskSpace',
        `The write was not stored, the disk is full or failing (${reason}): free space and try again; reading still works`,
      )
    : new CommandError(8, 'UnknownError', `The write was not stored: ${reason}`);
}
