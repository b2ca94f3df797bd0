/** How one index would serve a query: which of its keys to read, and whether they come in the order asked for. */
import { boundsOf, equalTo } from '../queries/bounds.ts';
import type { Conditions } from '../queries/conditions.ts';
import { cellRanges } from '../queries/geo-cells.ts';
import { geoTest } from '../queries/geometry.ts';
import type { SortField } from '../queries/sort.ts';
import type { Range, Transaction } from '../storage/transaction.ts';
import { type Document, isOperators } from '../values/document.ts';
import { after, encodeValue, keyOf } from '../values/key-encoder.ts';
import type { Index } from './collection.ts';

export type Plan = {
  readonly index: Index;
  /** In the order of the keys; of the index by _id when the collection is scanned. */
  readonly ranges: readonly Range[];
  readonly reverse: boolean;
  /** Ranges are read one after the other, or merged by what follows these many bytes of each low key. */
  readonly merged: readonly number[] | undefined;
  /** The order asked for comes from the index. */
  readonly sorted: boolean;
  /** Each range is the key of at most one entry of a unique index. */
  readonly points: boolean;
  /** The conditions narrow what is read. */
  readonly narrow: boolean;
  readonly score: number;
};
export type Wanted = { readonly conditions: Conditions; readonly sort: readonly SortField[]; readonly limit: number };

/** More ranges than this would cost more than they spare. */
const MOST_RANGES = 5000;
/** Merging compares the heads of all ranges for every entry. */
const MOST_MERGED = 512;

export function planWith(index: Index, wanted: Wanted, view: Transaction): Plan | undefined {
  const { spec } = index;
  if (
    spec.partial &&
    !Object.entries(spec.partial).every(([path, need]) => isImplied(need, wanted.conditions.get(path)))
  )
    return undefined;
  if (spec.fields[0]?.direction === '2dsphere') return geoPlan(index, wanted.conditions);
  const heads = fixedHeads(index, wanted.conditions, view);
  const range = rangeAfter(index, heads, wanted.conditions);
  const narrow = heads.equal > 0 || range !== undefined;
  if (spec.sparse && !excludesMissing(index, wanted.conditions)) return undefined;
  const order = orderOf(index, heads, wanted.sort);
  if (!narrow && !(order && wanted.sort.length > 0 && wanted.limit > 0)) return undefined;
  const ranges = heads.keys.map((head): Range =>
    range ? [Buffer.concat([head, range[0]]), Buffer.concat([head, range[1]])] : [head, after(head)],
  );
  const whole = heads.equal === spec.fields.length && spec.unique;
  const sorted = order !== undefined;
  return {
    index,
    ranges,
    reverse: order?.reverse ?? false,
    merged: order?.merged && ranges.length > 1 ? heads.keys.map((head) => head.length) : undefined,
    sorted,
    points: whole,
    narrow,
    score:
      (whole ? 100 : 0) +
      heads.equal * 10 +
      (range ? 5 : 0) +
      (sorted && wanted.sort.length > 0 ? (wanted.limit > 0 ? 8 : 2) : 0),
  };
}

/** Reads a whole index, as a hint may demand. */
export function fullPlan(index: Index, sort: readonly SortField[]): Plan {
  const order = orderOf(index, { keys: [index.prefix], equal: 0, single: 0 }, sort);
  const ranges: Range[] = [[index.prefix, after(index.prefix)]];
  return {
    index,
    ranges,
    reverse: order?.reverse ?? false,
    merged: undefined,
    sorted: order !== undefined,
    points: false,
    narrow: false,
    score: 0,
  };
}

type Heads = {
  readonly keys: readonly Buffer[];
  /** How many leading fields are held to certain values, and how many of those to a single one. */
  readonly equal: number;
  readonly single: number;
};

function fixedHeads({ spec, prefix }: Index, conditions: Conditions, view: Transaction): Heads {
  let keys = [prefix];
  let equal = 0;
  let single = 0;
  for (const { path, direction } of spec.fields) {
    const found = conditions.get(path);
    const values =
      found && (keys.length === 1 ? rarest(found, keys[0] ?? prefix, direction === -1, view) : equalTo(found));
    if (!values || values.length * keys.length > MOST_RANGES) break;
    const parts = distinct(values.map((value) => encodeValue(value, direction === -1)));
    keys = keys.flatMap((head) => parts.map((part) => Buffer.concat([head, part])));
    equal++;
    if (keys.length === 1) single = equal;
  }
  return { keys, equal, single };
}

/** How far alternatives are counted to find the one with the fewest entries. */
const PROBE = 256;

/** Of several values that an array must all hold, the one that the fewest documents have. */
function rarest(
  found: readonly Document[],
  head: Buffer,
  descending: boolean,
  view: Transaction,
): readonly unknown[] | undefined {
  const each = found.map((condition) => equalTo([condition])).filter((values) => values !== undefined);
  if (each.length < 2) return each[0];
  let best = each[0];
  let fewest = Infinity;
  for (const values of each) {
    let count = 0;
    for (const value of values) {
      const low = Buffer.concat([head, encodeValue(value, descending)]);
      count += view.countUpTo(PROBE, [low, after(low)]);
      if (count >= fewest) break;
    }
    if (count < fewest) [best, fewest] = [values, count];
  }
  return best;
}

function rangeAfter(index: Index, heads: Heads, conditions: Conditions): ReturnType<typeof boundsOf> {
  const field = index.spec.fields[heads.equal];
  const found = field && field.direction !== '2dsphere' ? conditions.get(field.path) : undefined;
  return found && boundsOf(found, { descending: field?.direction === -1, multikey: index.multikey });
}

type Order = { readonly reverse: boolean; readonly merged: boolean };

/** How the index gives the order, if it does. Behind the fields of an index that is not unique comes the _id, always upwards. */
function orderOf(index: Index, heads: Heads, sort: readonly SortField[]): Order | undefined {
  const { spec } = index;
  const fields = spec.unique ? spec.fields : [...spec.fields, { path: '_id', direction: 1 as const }];
  const isFixed = (path: string, count: number): boolean => fields.slice(0, count).some((field) => field.path === path);
  const oneAfterTheOther = follow(
    fields.slice(heads.single),
    sort.filter(({ path }) => !isFixed(path, heads.single)),
    spec.unique,
  );
  const merged =
    heads.keys.length <= MOST_MERGED
      ? follow(
          fields.slice(heads.equal),
          sort.filter(({ path }) => !isFixed(path, heads.single)),
          spec.unique,
        )
      : undefined;
  const onlyById =
    heads.equal === spec.fields.length && sort.every(({ path }) => path === '_id' || isFixed(path, heads.single));
  if ((index.multikey || index.cut) && !onlyById) return undefined;
  if (oneAfterTheOther !== undefined) return { reverse: oneAfterTheOther < 0, merged: false };
  return merged === undefined ? undefined : { reverse: merged < 0, merged: true };
}

/** 1 or -1 when the sort names these fields in their order, all one way round. */
function follow(
  fields: readonly { path: string; direction: unknown }[],
  sort: readonly SortField[],
  unique: boolean,
): 1 | -1 | undefined {
  let way: number | undefined;
  for (const [i, { path, sign }] of sort.entries()) {
    const field = fields[i];
    // Behind all fields of a unique index nothing is left to order.
    if (!field) return unique ? (way === -1 ? -1 : 1) : undefined;
    if (field.path !== path || typeof field.direction !== 'number') return undefined;
    const turn = sign * field.direction;
    if (way !== undefined && way !== turn) return undefined;
    way = turn;
  }
  return way === -1 ? -1 : 1;
}

function geoPlan(index: Index, conditions: Conditions): Plan | undefined {
  const path = index.spec.fields[0]?.path ?? '';
  const asked = (conditions.get(path) ?? []).find(
    (condition) => '$geoWithin' in condition || '$geoIntersects' in condition,
  );
  if (!asked) return undefined;
  const { box } =
    '$geoWithin' in asked
      ? geoTest('$geoWithin', asked['$geoWithin'])
      : geoTest('$geoIntersects', asked['$geoIntersects']);
  const ranges = cellRanges(box).map(([low, high]): Range => [
    Buffer.concat([index.prefix, low]),
    Buffer.concat([index.prefix, high]),
  ]);
  return { index, ranges, reverse: false, merged: undefined, sorted: false, points: false, narrow: true, score: 7 };
}

const distinct = (keys: readonly Buffer[]): Buffer[] =>
  [...new Map(keys.map((key) => [key.toString('latin1'), key])).values()].sort((a, b) => Buffer.compare(a, b));

/** True when a document without any field of a sparse index cannot match. */
function excludesMissing({ spec }: Index, conditions: Conditions): boolean {
  return spec.fields.some(({ path }) => (conditions.get(path) ?? []).some(needsValue));
}
function needsValue(condition: Document): boolean {
  const list = condition['$in'];
  return (
    ('$eq' in condition && condition['$eq'] !== null && condition['$eq'] !== undefined) ||
    (Array.isArray(list) && !list.includes(null)) ||
    condition['$exists'] === true ||
    ['$gt', '$gte', '$lt', '$lte'].some((name) => name in condition && condition[name] !== null) ||
    '$regex' in condition ||
    '$elemMatch' in condition
  );
}

/** True when the conditions of a query say at least what the filter of a partial index says at this path. */
function isImplied(need: unknown, conditions: readonly Document[] | undefined): boolean {
  if (!conditions) return false;
  const needed: Document = isOperators(need) ? need : { $eq: need };
  return Object.entries(needed).every(([name, value]) =>
    conditions.some((condition) =>
      name === '$exists' && value === true
        ? needsValue(condition)
        : name in condition && keyOf(condition[name]) === keyOf(value),
    ),
  );
}
