/** Sessions and their transactions. */
import { Binary } from 'bson';

import { CommandError } from '../errors.ts';
import type { Store } from '../storage/store.ts';
import type { Transaction } from '../storage/transaction.ts';
import { type Document, getField } from '../values/document.ts';
import { toBigInt } from '../values/numbers.ts';

type Open = { readonly view: Transaction; readonly number: bigint; readonly began: number };

/** A transaction open longer than this is aborted, in milliseconds, as by MongoDB: it keeps pages of the file from being used again. */
const LONGEST = 60_000;

/** Sessions whose last commit is remembered. */
const REMEMBERED = 10_000;

const noSuchTransaction = (number: bigint): CommandError =>
  new CommandError(
    251,
    'NoSuchTransaction',
    `Given transaction number ${String(number)} does not match any in-progress transactions.`,
  );

export class Sessions {
  private readonly store: Store;
  private readonly open = new Map<string, Open>();
  /** The transaction each session has committed last: a commit may be repeated when its answer was lost. */
  private readonly committed = new Map<string, bigint>();

  constructor(store: Store) {
    this.store = store;
  }

  /** The transaction a command belongs to, begun if the command says so. */
  transactionOf(name: string, command: Document): Transaction | undefined {
    if (command['autocommit'] !== false || name === 'commitTransaction' || name === 'abortTransaction')
      return undefined;
    const key = keyOfSession(command['lsid']);
    const number = numberOf(command);
    if (command['startTransaction'] === true) {
      this.end(key);
      this.open.set(key, { view: this.store.begin(), number, began: Date.now() });
    }
    const session = this.open.get(key);
    if (session?.number !== number || !this.store.isOpen(session.view)) throw noSuchTransaction(number);
    return session.view;
  }

  async commit(command: Document): Promise<void> {
    const key = keyOfSession(command['lsid']);
    const number = numberOf(command);
    if (this.committed.get(key) === number) return;
    const session = this.open.get(key);
    if (session?.number !== number) throw noSuchTransaction(number);
    this.open.delete(key);
    await this.store.commit(session.view);
    this.committed.set(key, number);
    const [oldest] = this.committed.keys();
    if (oldest !== undefined && this.committed.size > REMEMBERED) this.committed.delete(oldest);
  }

  abort(command: Document): void {
    this.end(keyOfSession(command['lsid']));
  }

  /** Forgets sessions that the client has ended. */
  forget(ids: unknown): void {
    for (const id of Array.isArray(ids) ? (ids as unknown[]) : []) {
      const key = keyOfSession(id);
      this.end(key);
      this.committed.delete(key);
    }
  }

  abortForgotten(): void {
    for (const [key, { began }] of this.open) if (Date.now() - began > LONGEST) this.end(key);
  }

  private end(key: string): void {
    const session = this.open.get(key);
    if (!session) return;
    this.open.delete(key);
    this.store.abort(session.view);
  }
}

function keyOfSession(lsid: unknown): string {
  const id = getField(lsid, 'id');
  if (!(id instanceof Binary))
    throw new CommandError(72, 'InvalidOptions', "a transaction needs a session: 'lsid' is missing");
  return id.toString('hex');
}
const numberOf = (command: Document): bigint => toBigInt(command['txnNumber'] ?? -1);
