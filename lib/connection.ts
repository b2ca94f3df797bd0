import type { Model } from 'mongoose';
import type { CursorCodec } from './cursor.ts';
import { HubError } from './errors.ts';

/** Rows a page may hold at most; no list of the hub is unbounded. */
export const MAX_PAGE = 200;

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

export interface Page<Row> {
  readonly edges: readonly { readonly cursor: string; readonly node: Row }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  /** Counts all rows of the filter; called only when the query asks for it. Null where they are too many to be counted. */
  totalCount(): Promise<number | null>;
}

export interface PageQuery<Row> {
  readonly filter: Record<string, unknown>;
  /** Fields to fetch besides `_id`; all of them when absent. */
  readonly projection?: Record<string, 1> | undefined;
  /** The field the list is ordered by, before `_id`; an index of (filter fields, order, _id) must exist. */
  readonly orderBy?: (keyof Row & string) | undefined;
  readonly arguments: PageArguments;
  readonly cursors: CursorCodec;
}

/** One page of a Relay connection, by key set: stable under inserts, and as fast at the end as at the beginning. */
export async function page<Row extends { _id: string | number }>(
  model: Model<Row>,
  query: PageQuery<Row>,
): Promise<Page<Row>> {
  const size = pageSize(query.arguments.first);
  const order = query.orderBy ?? '_id';
  const { after } = query.arguments;
  const filter = after ? { $and: [query.filter, beyond(order, query.cursors.decode(after))] } : query.filter;
  const projection = query.projection && { ...query.projection, [order]: 1 };
  const rows = (await model
    .find(filter, projection)
    .sort(order === '_id' ? { _id: 1 } : { [order]: 1, _id: 1 })
    .limit(size + 1)
    .lean()) as Row[];
  const edges = rows.slice(0, size).map((node) => ({ cursor: query.cursors.encode([node[order], node._id]), node }));
  return {
    edges,
    pageInfo: { hasNextPage: rows.length > size, endCursor: edges.at(-1)?.cursor ?? null },
    totalCount: () => model.countDocuments(query.filter),
  };
}

/** @throws HubError BAD_USER_INPUT where `first` is not 1 to MAX_PAGE. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? 20;
  if (size < 1 || size > MAX_PAGE)
    throw new HubError('BAD_USER_INPUT', `first: ${size} is out of range. Ask for 1 to ${MAX_PAGE} rows.`);
  return size;
}

function beyond(order: string, place: unknown): Record<string, unknown> {
  const [value, id] = place as [unknown, string | number];
  if (order === '_id') return { _id: { $gt: id } };
  return { $or: [{ [order]: { $gt: value } }, { [order]: value, _id: { $gt: id } }] };
}
