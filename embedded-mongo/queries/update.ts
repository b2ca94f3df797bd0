/** Changes a document as an update says. */
import type { Variables } from '../aggregation/expression.ts';
import { runPipeline } from '../aggregation/pipeline.ts';
import { badValue, CommandError } from '../errors.ts';
import { type Document, isDocument, setField } from '../values/document.ts';
import { equal } from '../values/order.ts';
import { leaves } from '../values/paths.ts';
import { readDocument, type Row } from '../values/row.ts';
import { asOperators } from './filter-operators.ts';
import { UPDATE_OPERATORS } from './update-operators.ts';
import { type PathOptions, UpdatePaths } from './update-paths.ts';

export type Update = {
  /** Operators, a replacement, or the stages of a pipeline; with its numbers as BSON types unless it is a pipeline. */
  readonly change: Document | readonly unknown[];
  readonly filter: Document;
  readonly arrayFilters?: readonly unknown[] | undefined;
  readonly variables?: Variables | undefined;
};

const isPipeline = (change: Update['change']): change is readonly unknown[] => Array.isArray(change);

/** True for a replacement; false for operators and pipelines. */
export function isReplacement(change: Update['change']): boolean {
  if (isPipeline(change)) return false;
  const names = Object.keys(change);
  const operators = names.filter((name) => name.startsWith('$'));
  if (operators.length > 0 && operators.length < names.length) {
    throw new CommandError(
      9,
      'FailedToParse',
      `an update has either operators or fields, not both: ${operators[0] ?? ''}`,
    );
  }
  return operators.length === 0;
}

/** The document as it becomes. */
export function updated(row: Row, update: Update): Document {
  const { change } = update;
  if (isPipeline(change))
    return withId(row, runPipeline([readDocument(row.raw)], change, { variables: update.variables })[0] ?? {});
  if (isReplacement(change)) return withId(row, change);
  const document = row.typed();
  const id = document['_id'];
  applyOperators(document, change, update, false);
  if (!equal(document['_id'], id))
    throw immutableId("Performing an update on the path '_id' would modify the immutable field '_id'");
  return document;
}

/** What an upsert inserts when its filter has found nothing. The _id, if any is given, comes first. */
export function upserted(update: Update): Document {
  const { change } = update;
  const found: Document = {};
  for (const [path, value] of equalities(update.filter))
    new UpdatePaths({ filter: {} }).visit(found, path, true, (place) => place.set(value));
  if (isPipeline(change)) return runPipeline([found], change, { variables: update.variables })[0] ?? {};
  if (isReplacement(change)) return '_id' in found ? { _id: found['_id'], ...change } : { ...change };
  applyOperators(found, change, update, true);
  return found;
}

function withId(row: Row, document: Document): Document {
  const id = row.typed()['_id'];
  if (document['_id'] !== undefined && !equal(document['_id'], id)) {
    throw immutableId("After applying the update, the (immutable) field '_id' was found to have been altered");
  }
  const { _id, ...rest } = document;
  return { _id: id, ...rest };
}
const immutableId = (message: string): CommandError => new CommandError(66, 'ImmutableField', message);

function applyOperators(document: Document, change: Document, options: PathOptions, inserting: boolean): void {
  const paths = new UpdatePaths(options);
  const claim = claims();
  for (const [name, fields] of Object.entries(change)) {
    if (!isDocument(fields))
      throw new CommandError(9, 'FailedToParse', `Modifiers operate on fields but ${name} was given something else`);
    if (name === '$rename') {
      for (const [from, to] of Object.entries(fields)) rename(document, from, String(to), paths, claim);
      continue;
    }
    const operator = UPDATE_OPERATORS[name === '$setOnInsert' ? '$set' : name];
    if (!operator) {
      throw new CommandError(
        9,
        'FailedToParse',
        `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    for (const [path, argument] of Object.entries(fields)) {
      claim(path);
      const makeChange = operator.change(argument);
      if (name !== '$setOnInsert' || inserting) paths.visit(document, path, operator.create, makeChange);
    }
  }
  paths.checkAllUsed();
}

/** Refuses a second change at, above or below a path already changed. */
function claims(): (path: string) => void {
  const claimed: string[] = [];
  return (path) => {
    const other = claimed.find((one) => one === path || one.startsWith(`${path}.`) || path.startsWith(`${one}.`));
    if (other !== undefined) {
      throw new CommandError(
        40,
        'ConflictingUpdateOperators',
        `Updating the path '${path}' would create a conflict at '${other.length < path.length ? other : path}'`,
      );
    }
    claimed.push(path);
  };
}

function rename(document: Document, from: string, to: string, paths: UpdatePaths, claim: (path: string) => void): void {
  claim(from);
  claim(to);
  if (/(^|\.)\$/.test(from + to)) throw badValue(`$rename cannot have positional paths: '${from}', '${to}'`);
  const [value] = leaves(document, from.split('.'));
  if (value === undefined) return;
  paths.visit(document, from, false, (place) => place.remove());
  paths.visit(document, to, true, (place) => place.set(value));
}

/** What a filter says a matching document has: the start of what an upsert inserts. */
function equalities(filter: Document): [path: string, value: unknown][] {
  return Object.entries(filter).flatMap(([path, condition]): [string, unknown][] => {
    if (path === '$and' || (path === '$or' && Array.isArray(condition) && condition.length === 1)) {
      return (condition as unknown[]).filter(isDocument).flatMap(equalities);
    }
    if (path.startsWith('$')) return [];
    const operators = asOperators(condition);
    const list = operators['$in'] ?? operators['$all'];
    if ('$eq' in operators) return [[path, operators['$eq']]];
    return Array.isArray(list) && list.length === 1 ? [[path, (list as unknown[])[0]]] : [];
  });
}

/** The document with its _id in front, as MongoDB keeps it. */
export function idFirst(document: Document, id: unknown): Document {
  const made: Document = { _id: id };
  for (const [name, value] of Object.entries(document)) if (name !== '_id') setField(made, name, value);
  return made;
}
