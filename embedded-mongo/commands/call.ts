/** What a command is given: the store's parts, and the particulars of this call. */
import type { Catalogue } from '../collections/catalogue.ts';
import type { Collection } from '../collections/collection.ts';
import type { Transaction } from '../storage/transaction.ts';
import type { Document } from '../values/document.ts';
import type { Reply, Request } from '../wire/message.ts';
import type { ChangeLog } from './change-log.ts';
import type { Cursors } from './cursors.ts';
import type { Sessions } from './sessions.ts';

export type Engine = {
  readonly catalogue: Catalogue;
  readonly cursors: Cursors;
  readonly sessions: Sessions;
  readonly changes: ChangeLog;
  /** The name by which the server calls itself. */
  readonly host: string;
};

export type Call = Engine & {
  readonly db: string;
  readonly request: Request;
  /** The transaction the call belongs to. */
  readonly transaction: Transaction | undefined;
};

export type Handler = (command: Document, call: Call) => Reply | Promise<Reply>;
export type Handlers = Readonly<Record<string, Handler>>;

export const nsOf = (call: Call, collection: unknown): string => `${call.db}.${String(collection)}`;

/** Reads now, in the call's transaction if it has one. */
export function read<T>(call: Call, action: (view: Transaction) => T): T {
  return call.transaction ? action(call.transaction) : call.catalogue.store.read(action);
}

/** Writes to a collection, made if need be; resolves when it is on disk, or at once within a transaction. */
export async function write<T>(
  call: Call,
  ns: string,
  action: (view: Transaction, collection: Collection) => T,
): Promise<T> {
  const { catalogue, transaction } = call;
  if (!transaction) return catalogue.store.write((view) => action(view, catalogue.ensure(view, ns)));
  if (!catalogue.get(ns)) await catalogue.store.write((view) => catalogue.ensure(view, ns));
  return action(transaction, catalogue.need(ns));
}

export const ok = (fields: Document = {}): Document => ({ ...fields, ok: 1 });
