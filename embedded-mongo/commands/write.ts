/** Commands that write: insert, update, delete. */
import { BSONRegExp, ObjectId, serialize } from 'bson';

import type { Collection } from '../collections/collection.ts';
import { find } from '../collections/find.ts';
import { badValue, CommandError, WriteConflict } from '../errors.ts';
import { compileFilter } from '../queries/filter.ts';
import { parseSort } from '../queries/sort.ts';
import { idFirst, isReplacement, type Update, updated, upserted } from '../queries/update.ts';
import type { Transaction } from '../storage/transaction.ts';
import { type Document, isDocument } from '../values/document.ts';
import { toNumber } from '../values/numbers.ts';
import { isNumeric } from '../values/order.ts';
import { readDocument, readTyped, type Row } from '../values/row.ts';
import { checkFields } from './accepted-fields.ts';
import { objectField } from './arguments.ts';
import { type Call, type Handlers, nsOf, ok, write } from './call.ts';
import { changeEvent } from './change-log.ts';

/** What a statement is applied with. */
export type Target = { readonly call: Call; readonly view: Transaction; readonly collection: Collection };
type Statement = { readonly fields: Document; readonly raw: Buffer; readonly index: number };
type Apply = (target: Target, statement: Statement, reply: Document) => void;

export const WRITE: Handlers = {
  insert: (command, call) =>
    bulk(command, call, 'documents', (target, { raw }, reply) => {
      insertRaw(target, withId(raw));
      count(reply, 'n', 1);
    }),

  update: (command, call) => {
    const variables = objectField(command, 'let');
    return bulk(command, call, 'updates', (target, { fields, raw, index }, reply) => {
      checkFields('statement of update', fields);
      const update = updateOf(fields, raw, variables);
      if (fields['multi'] === true && isReplacement(update.change)) {
        throw new CommandError(9, 'FailedToParse', 'multi update is not supported for replacement-style update');
      }
      const options = {
        limit: fields['multi'] === true ? 0 : 1,
        sort: parseSort(fields['sort'] ?? {}),
        hint: fields['hint'],
        variables,
      };
      const rows = [...find(target.collection, target.view, update.filter, options)];
      for (const row of rows) count(reply, 'nModified', updateRow(target, row, update).changed ? 1 : 0);
      count(reply, 'n', rows.length);
      if (rows.length > 0 || fields['upsert'] !== true) return;
      count(reply, 'n', 1);
      const made: unknown[] = (reply['upserted'] ??= []) as unknown[];
      made.push({ index, _id: upsert(target, update)['_id'] });
    });
  },

  delete: (command, call) => {
    const variables = objectField(command, 'let');
    return bulk(command, call, 'deletes', (target, { fields }, reply) => {
      checkFields('statement of delete', fields);
      const limit = isNumeric(fields['limit']) ? toNumber(fields['limit']) : NaN;
      if (limit !== 0 && limit !== 1)
        throw new CommandError(9, 'FailedToParse', "the 'limit' of a delete must be 0 or 1");
      const rows = [
        ...find(target.collection, target.view, objectField(fields, 'q'), { limit, hint: fields['hint'], variables }),
      ];
      for (const row of rows) deleteRow(target, row);
      count(reply, 'n', rows.length);
    });
  },
};

/** Applies statements one after the other; a failed one is reported, and ends the rest when they are ordered. */
async function bulk(
  command: Document,
  call: Call,
  list: 'documents' | 'updates' | 'deletes',
  apply: Apply,
): Promise<Document> {
  const [name = ''] = Object.keys(command);
  const raws = call.request.raw.get(list);
  const statements: unknown[] = Array.isArray(command[list]) ? command[list] : [];
  if (!raws || raws.length === 0) throw badValue(`'${list}' of ${name} must be a nonempty array`);
  const reply: Document = { n: 0, ...(list === 'updates' && { nModified: 0 }) };
  const makesCollection = list === 'documents' || statements.some((one) => isDocument(one) && one['upsert'] === true);
  if (!makesCollection && !call.catalogue.get(nsOf(call, command[name]))) {
    for (const one of statements) compileFilter(isDocument(one) ? objectField(one, 'q') : {});
    return ok(reply);
  }
  return write(call, nsOf(call, command[name]), (view, collection) => {
    const errors: Document[] = [];
    for (const [index, raw] of raws.entries()) {
      const fields = statements[index];
      try {
        apply({ call, view, collection }, { fields: isDocument(fields) ? fields : {}, raw, index }, reply);
      } catch (error) {
        if (!(error instanceof CommandError) || error instanceof WriteConflict) throw error;
        errors.push({ index, code: error.code, errmsg: error.message, ...error.extra });
        if (command['ordered'] !== false || call.transaction) break;
      } finally {
        view.settle();
      }
    }
    // A statement that fails in a transaction ends the whole of it, as in MongoDB.
    if (errors.length > 0 && call.transaction) call.sessions.abort(command);
    return ok({ ...reply, ...(errors.length > 0 && { writeErrors: errors }) });
  });
}

function count(reply: Document, name: string, by: number): void {
  reply[name] = Number(reply[name] ?? 0) + by;
}

/** A statement's update, its numbers as BSON types; a pipeline is read plain. */
function updateOf(fields: Document, raw: Buffer, variables: Document): Update {
  const arrayFilters = Array.isArray(fields['arrayFilters']) ? (fields['arrayFilters'] as unknown[]) : undefined;
  return {
    change: changeOf(fields['u'], () => readTyped(raw)['u']),
    filter: objectField(fields, 'q'),
    arrayFilters,
    variables,
  };
}
export function changeOf(plain: unknown, typed: () => unknown): Update['change'] {
  if (Array.isArray(plain)) return plain as unknown[];
  const change = typed();
  if (!isDocument(change))
    throw new CommandError(9, 'FailedToParse', 'an update must be an object or an array of stages');
  return change;
}

/** The document as it is stored, its _id in front and made if there is none. */
function withId(raw: Buffer): Buffer {
  // The name of the first field begins behind the length and its type.
  if (raw.toString('latin1', 5, 9) === '_id\0') return raw;
  const typed = readTyped(raw);
  return encode(idFirst(typed, '_id' in typed ? typed['_id'] : new ObjectId()));
}
const encode = (document: Document): Buffer => Buffer.from(serialize(document, { ignoreUndefined: true }));

function insertRaw({ call, view, collection }: Target, raw: Buffer): Document {
  const document = readDocument(raw);
  const id = document['_id'];
  if (Array.isArray(id) || id instanceof BSONRegExp)
    throw badValue(`can't use ${Array.isArray(id) ? 'an array' : 'a regex'} for _id`);
  collection.insert(view, raw, document);
  if (call.changes.watched) view.events.push(changeEvent(collection.ns, { after: document }));
  return document;
}

export function updateRow(
  { call, view, collection }: Target,
  row: Row,
  update: Update,
): { changed: boolean; now: Document } {
  const raw = encode(updated(row, update));
  if (row.raw.equals(raw)) return { changed: false, now: row.document };
  collection.replace(view, row, raw);
  const now = readDocument(raw);
  if (call.changes.watched) {
    view.events.push(
      changeEvent(collection.ns, { before: row.document, after: now, replaced: isReplacement(update.change) }),
    );
  }
  return { changed: true, now };
}

export function upsert(target: Target, update: Update): Document {
  const made = upserted(update);
  return insertRaw(target, encode(idFirst(made, '_id' in made ? made['_id'] : new ObjectId())));
}

export function deleteRow({ call, view, collection }: Target, row: Row): void {
  collection.remove(view, row);
  if (call.changes.watched) view.events.push(changeEvent(collection.ns, { before: row.document }));
}
