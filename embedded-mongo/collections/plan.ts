/** How one index would serve a query: which of its keys to read, and whether they come in the order asked for. */
import { boundsOf, equalTo } from '../queries/bounds.ts';
import type { Conditions } from '../queries/conditions.ts';
import { cellRanges } from '../queries/geo-cells.ts';
import { geoTest } from '../queries/geometry.ts';
import type { SortField } from '../queries/sort.ts';
import type { Range, Transaction } from '../storage/transaction.ts';
import type { Document } from '../values/document.ts';
import { after, encodeValue } from '../values/key-encoder.ts';
import type { Index } from './collection.ts';
import { applies } from './index-applies.ts';
import { type Heads, orderOf } from './index-order.ts';
import type { IndexSpec } from './index-spec.ts';

export type Plan = {
  readonly index: Index;
  /** In the order of the keys; of the index by _id when the collection is scanned. */
  readonly ranges: readonly Range[];
  readonly reverse: boolean;
  /** Ranges are read one after the other, or merged by what follows these many bytes of each low key. */
  readonly merged: readonly number[] | undefined;
  /** The order asked for comes from the index. */
  readonly sorted: boolean;
  /** It is the order of a page: what lies behind the page need not be read. */
  readonly ordersPage: boolean;
  /** Each range is the key of at most one entry of a unique index. */
  readonly points: boolean;
  /** The paths whose conditions narrow what is read. */
  readonly used: readonly string[];
  /** What is read is exactly what matches: the documents need not be looked at. */
  readonly exact: boolean;
  readonly score: number;
};
export type Wanted = {
  readonly conditions: Conditions;
  /** The conditions are the whole filter. */
  readonly isPlain: boolean;
  readonly sort: readonly SortField[];
  readonly limit: number;
};

/** More ranges than this would cost more than they spare. */
const MOST_RANGES = 100_000;

export function planWith(index: Index, wanted: Wanted, view: Transaction): Plan | undefined {
  const { spec } = index;
  if (!applies(spec, wanted.conditions)) return undefined;
  if (spec.fields[0]?.direction === '2dsphere') return geoPlan(index, wanted.conditions);
  const heads = fixedHeads(index, wanted.conditions, view);
  const range = rangeAfter(index, heads, wanted.conditions);
  const used = spec.fields.slice(0, heads.equal + (range ? 1 : 0)).map(({ path }) => path);
  const order = orderOf(index, heads, wanted.sort);
  const ordersPage = order !== undefined && wanted.sort.length > 0 && wanted.limit > 0;
  if (used.length === 0 && !ordersPage) return undefined;
  const ranges = heads.keys.map((head): Range =>
    range ? [Buffer.concat([head, range.low]), Buffer.concat([head, range.high])] : [head, after(head)],
  );
  const points = heads.equal === spec.fields.length && spec.unique;
  return {
    index,
    ranges,
    reverse: order?.reverse ?? false,
    merged: order?.merged && ranges.length > 1 ? heads.keys.map((head) => head.length) : undefined,
    sorted: order !== undefined,
    ordersPage,
    points,
    used,
    exact:
      !index.multikey &&
      !index.cut &&
      wanted.isPlain &&
      range?.exact !== false &&
      isExact(wanted.conditions, used, heads.equal),
    score: (points ? 100 : 0) + heads.equal * 10 + (range ? 5 : 0) + (ordersPage ? 8 : 0),
  };
}

/** True when the bounds say all that the conditions say. Null is found in the index also where a path meets an empty array. */
function isExact(conditions: Conditions, used: readonly string[], equal: number): boolean {
  if (conditions.size !== used.length) return false;
  return used.every((path, i) => {
    const [condition = {}, ...more] = conditions.get(path) ?? [];
    if (more.length > 0 || i >= equal) return more.length === 0;
    const values = equalTo([condition]);
    return (
      Object.keys(condition).length === 1 &&
      values !== undefined &&
      !values.includes(null) &&
      !values.includes(undefined)
    );
  });
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
    ordersPage: false,
    points: false,
    used: [],
    exact: false,
    score: 0,
  };
}

function fixedHeads({ spec, prefix, multikey }: Index, conditions: Conditions, view: Transaction): Heads {
  let keys = [prefix];
  let equal = 0;
  let single = 0;
  for (const { path, direction } of spec.fields) {
    const found = multikey && sharesArray(spec, equal) ? undefined : conditions.get(path);
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

/**
 * True when a field may come from the same array as one before it. Two conditions then may hold for two different items, while
 * the index has only the values of one item side by side.
 */
function sharesArray({ fields }: IndexSpec, at: number): boolean {
  const root = fields[at]?.parts[0];
  return fields.slice(0, at).some(({ parts }) => parts[0] === root);
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
  const usable = field && field.direction !== '2dsphere' && !(index.multikey && sharesArray(index.spec, heads.equal));
  const found = usable ? conditions.get(field.path) : undefined;
  return found && boundsOf(found, { descending: field?.direction === -1, multikey: index.multikey });
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
  return {
    index,
    ranges,
    reverse: false,
    merged: undefined,
    sorted: false,
    ordersPage: false,
    points: false,
    used: [path],
    exact: false,
    score: 7,
  };
}

const distinct = (keys: readonly Buffer[]): Buffer[] =>
  [...new Map(keys.map((key) => [key.toString('latin1'), key])).values()].sort((a, b) => Buffer.compare(a, b));
