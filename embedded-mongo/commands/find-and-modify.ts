/** The command findAndModify: one document found, changed or removed, and shown. */
import { find } from '../collections/find.ts';
import { badValue } from '../errors.ts';
import { compileFilter } from '../queries/filter.ts';
import { compileProjection } from '../queries/projection.ts';
import { parseSort } from '../queries/sort.ts';
import type { Update } from '../queries/update.ts';
import { type Document } from '../values/document.ts';
import { readTyped } from '../values/row.ts';
import { objectField } from './arguments.ts';
import { type Handler, nsOf, ok, write } from './call.ts';
import { changeOf, deleteRow, updateRow, upsert } from './write.ts';

export const findAndModify: Handler = (command, call) => {
  const filter = objectField(command, 'query');
  const variables = objectField(command, 'let');
  const removes = command['remove'] === true;
  if (removes === (command['update'] !== undefined)) throw badValue("findAndModify needs either 'remove' or 'update'");
  const fields = objectField(command, 'fields');
  const projected =
    Object.keys(fields).length > 0
      ? compileProjection(fields, { filter, variables })
      : (document: Document) => document;
  const options = { limit: 1, sort: parseSort(command['sort'] ?? {}), hint: command['hint'], variables };
  const ns = nsOf(call, command['findAndModify'] ?? command['findandmodify']);

  if (command['upsert'] !== true && !call.catalogue.get(ns)) {
    compileFilter(filter, variables);
    return ok({ lastErrorObject: { n: 0, ...(!removes && { updatedExisting: false }) }, value: null });
  }
  return write(call, ns, (view, collection) => {
    const target = { call, view, collection };
    const [row] = [...find(collection, view, filter, options)];
    if (removes) {
      if (!row) return ok({ lastErrorObject: { n: 0 }, value: null });
      deleteRow(target, row);
      return ok({ lastErrorObject: { n: 1 }, value: projected(row.document) });
    }
    const arrayFilters = Array.isArray(command['arrayFilters']) ? (command['arrayFilters'] as unknown[]) : undefined;
    const change = changeOf(command['update'], () => readTyped(call.request.body)['update']);
    const update: Update = { change, filter, arrayFilters, variables };
    if (row) {
      const { now } = updateRow(target, row, update);
      const value = projected(command['new'] === true ? now : row.document);
      return ok({ lastErrorObject: { n: 1, updatedExisting: true }, value });
    }
    if (command['upsert'] !== true) return ok({ lastErrorObject: { n: 0, updatedExisting: false }, value: null });
    const made = upsert(target, update);
    const value = command['new'] === true ? projected(made) : null;
    return ok({ lastErrorObject: { n: 1, updatedExisting: false, upserted: made['_id'] }, value });
  });
};
