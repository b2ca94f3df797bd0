/** Whether reading an index gives the order a query asks for. */
import type { SortField } from '../queries/sort.ts';
import type { Index } from './collection.ts';

/** The leading fields of an index that a query holds to certain values. */
export type Heads = {
  /** The keys that begin with each combination of those values. */
  readonly keys: readonly Buffer[];
  readonly equal: number;
  /** How many of them, from the first, are held to a single value. */
  readonly single: number;
};

/** The ranges of the heads are read one after the other, or merged by what follows the heads. */
export type Order = { readonly reverse: boolean; readonly merged: boolean };

type Field = { readonly path: string; readonly direction: unknown };

/** Merging keeps a place in every range open. */
const MOST_MERGED = 512;

/** Behind the fields of an index that is not unique comes the _id, always upwards. */
export function orderOf(index: Index, heads: Heads, sort: readonly SortField[]): Order | undefined {
  const { spec } = index;
  const fields: readonly Field[] = spec.unique ? spec.fields : [...spec.fields, { path: '_id', direction: 1 }];
  const fixed = new Set(fields.slice(0, heads.single).map(({ path }) => path));
  const open = sort.filter(({ path }) => !fixed.has(path));
  const onlyById = heads.equal === spec.fields.length && open.every(({ path }) => path === '_id');
  if ((index.multikey || index.cut) && !onlyById) return undefined;
  const inTurn = follow(fields.slice(heads.single), open, spec.unique);
  if (inTurn !== undefined) return { reverse: inTurn < 0, merged: false };
  const merged = heads.keys.length <= MOST_MERGED ? follow(fields.slice(heads.equal), open, spec.unique) : undefined;
  return merged === undefined ? undefined : { reverse: merged < 0, merged: true };
}

/** 1 or -1 when the sort names these fields in their order, all one way round. */
function follow(fields: readonly Field[], sort: readonly SortField[], unique: boolean): 1 | -1 | undefined {
  let way: number | undefined;
  for (const [i, { path, sign }] of sort.entries()) {
    const field = fields[i];
    // Behind all fields of a unique index nothing is left to order.
    if (!field && unique) break;
    if (field?.path !== path || typeof field.direction !== 'number') return undefined;
    const turn = sign * field.direction;
    if (way !== undefined && way !== turn) return undefined;
    way = turn;
  }
  return way === -1 ? -1 : 1;
}
