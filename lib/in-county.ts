import { both } from './row-scope.ts';

type Filter = Record<string, unknown>;

/**
 * A filter for its rows in one county; undefined where there can be none. What it says of counties is decided here (equality, `$in` and
 * the range of `withinDivision`), not row by row: an index that need not be checked against the rows is read in a third of the time.
 */
export function inCounty(filter: Filter, county: string): Filter | undefined {
  let rest: Filter = { county };
  for (const { county: asked, ...others } of partsOf(filter)) {
    const holds = asked === undefined || admits(asked, county);
    if (holds === false) return undefined;
    rest = both(rest, holds === undefined ? { ...others, county: asked } : others);
  }
  return rest;
}

function partsOf(filter: Filter): Filter[] {
  const { $and, ...own } = filter;
  return Array.isArray($and) ? [own, ...($and as Filter[]).flatMap(partsOf)] : [own];
}

/** Undefined where the store must be asked. */
function admits(asked: unknown, county: string): boolean | undefined {
  if (typeof asked === 'string') return asked === county;
  const { $gte, $lt, $in, ...others } = asked as Filter;
  if (Object.keys(others).length > 0) return undefined;
  if (Array.isArray($in) && $gte === undefined && $lt === undefined) return $in.includes(county);
  if (typeof $gte === 'string' && typeof $lt === 'string' && $in === undefined) return $gte <= county && county < $lt;
  return undefined;
}
