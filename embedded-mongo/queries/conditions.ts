/** What must hold at each path for a filter to match, as far as an index can use it. */
import { type Document, isDocument, isOperators } from '../values/document.ts';
import { compareValues, isNumeric, RANK, rankOf } from '../values/order.ts';
import { asOperators } from './filter-operators.ts';
import { isPattern } from './pattern.ts';

/** For each path the operators that must all hold there. */
export type Conditions = ReadonlyMap<string, readonly Document[]>;

export function conditionsOf(filter: Document): Conditions {
  const found = new Map<string, Document[]>();
  gather(filter, found, '');
  return found;
}

/** True when `conditionsOf` says all that the filter says. */
export function isPlain(filter: Document): boolean {
  return Object.entries(filter).every(([key, part]) =>
    key === '$and' ? Array.isArray(part) && part.every((one) => isDocument(one) && isPlain(one)) : !key.startsWith('$'),
  );
}

function gather(filter: Document, into: Map<string, Document[]>, base: string): void {
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and' && Array.isArray(condition)) {
      for (const part of condition) if (isDocument(part)) gather(part, into, base);
    } else if (key === '$or' && Array.isArray(condition)) {
      for (const [path, bounds] of common(condition)) add(into, base + path, bounds);
    } else if (!key.startsWith('$')) {
      const operators = asOperators(condition);
      add(into, base + key, operators);
      const every = operators['$all'];
      if (Array.isArray(every))
        for (const value of every) if (!isDocument(value)) add(into, base + key, { $eq: value });
      const inner = operators['$elemMatch'];
      if (isDocument(inner) && !isOperators(inner)) gather(inner, into, `${base}${key}.`);
    }
  }
}

function add(into: Map<string, Document[]>, path: string, operators: Document): void {
  into.set(path, [...(into.get(path) ?? []), operators]);
}

/** Values that have one place in an index: arrays and patterns do not. */
export const isIndexable = (value: unknown): boolean => !Array.isArray(value) && !isPattern(value);

/**
 * The bounds that hold in every branch of an `$or`. They make the usual filter for the next page, `a > x or (a = x and _id > y)`,
 * a range of the index on `a`.
 */
function common(branches: readonly unknown[]): Map<string, Document> {
  const all = branches.map((branch) => (isDocument(branch) ? conditionsOf(branch) : new Map<string, Document[]>()));
  const shared = new Map<string, Document>();
  for (const path of all[0]?.keys() ?? []) {
    const bounds: Document = {};
    const lows = all.map((conditions) => extreme(conditions.get(path), LOW));
    const highs = all.map((conditions) => extreme(conditions.get(path), HIGH));
    const low = outermost(lows, -1);
    const high = outermost(highs, 1);
    if (low !== undefined) bounds['$gte'] = low;
    if (high !== undefined) bounds['$lte'] = high;
    if (Object.keys(bounds).length > 0) shared.set(path, bounds);
  }
  return shared;
}

const LOW = ['$eq', '$gt', '$gte'];
const HIGH = ['$eq', '$lt', '$lte'];

function extreme(conditions: readonly Document[] | undefined, operators: readonly string[]): unknown {
  const values = (conditions ?? []).flatMap((condition) =>
    operators.filter((name) => name in condition).map((name) => condition[name]),
  );
  return values.find(isOrderable);
}
/** Only types whose comparisons never cross into another type's. */
const isOrderable = (value: unknown): boolean => {
  const rank = rankOf(value);
  return (
    rank === RANK.string ||
    rank === RANK.date ||
    rank === RANK.objectId ||
    (isNumeric(value) && !Number.isNaN(Number(value)))
  );
};
function outermost(values: readonly unknown[], sign: 1 | -1): unknown {
  const [first] = values;
  if (values.some((value) => value === undefined || rankOf(value) !== rankOf(first))) return undefined;
  return values.reduce((best, value) => (compareValues(value, best) * sign > 0 ? value : best));
}
