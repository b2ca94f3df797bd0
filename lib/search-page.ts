import type { Model } from 'mongoose';
import { type Page, type PageArguments, pageSize } from './connection.ts';
import type { CursorCodec } from './cursor.ts';
import { HubError } from './errors.ts';
import { both } from './row-scope.ts';

type Direction = 1 | -1;

/** Rows that are read and tested one by one to be counted. */
const MOST_TESTED = 10_000;

export interface SearchQuery<Row> {
  /** Names the list: a cursor of one list is refused by another. */
  readonly list: string;
  readonly filter: Record<string, unknown>;
  /** A further filter, such as the caller's row scope. */
  readonly within?: Record<string, unknown> | undefined;
  /** Fields to fetch, those of the order are added; all of them when absent. */
  readonly projection?: Record<string, 1> | undefined;
  /** The order of the rows, complete: its last field makes it unique. An index of (filter fields, these) must exist. */
  readonly sort: Readonly<Record<string, Direction>>;
  /** The fields of `sort` that tell one accepted row from another; all of them when absent. */
  readonly place?: readonly string[] | undefined;
  /** Tests a row that the filter found, in order; a row that fails it is passed over. */
  readonly accept?: ((row: Row) => boolean) | undefined;
  readonly arguments: PageArguments;
  readonly cursors: CursorCodec;
}

/**
 * One page of a list whose rows are found by an index and then tested by the program, in an order of several fields. It
 * goes by key set: stable under inserts, as fast at the end as at the beginning, and it reads no further than the page needs.
 */
export async function searchPage<Row extends object>(model: Model<Row>, query: SearchQuery<Row>): Promise<Page<Row>> {
  const most = pageSize(query.arguments.first) + 1;
  const found = both(query.filter, query.within ?? {});
  const rows = await accepted(model, query, { filter: both(found, afterCursor(query)), most });
  return {
    ...pageOf(rows, query),
    totalCount: async () => {
      if (!query.accept) return model.countDocuments(found);
      const tested = await accepted(model, query, { filter: found, most: MOST_TESTED + 1 });
      return tested.length > MOST_TESTED ? null : tested.length;
    },
  };
}

type Place = Pick<SearchQuery<never>, 'list' | 'sort' | 'place' | 'arguments' | 'cursors'>;

/** The page that rows read from a place on make; one row more than the page holds tells that there are further ones. */
export function pageOf<Row extends object>(
  rows: readonly Row[],
  { list, sort, place = Object.keys(sort), arguments: { first }, cursors }: Place,
): Omit<Page<Row>, 'totalCount'> {
  const size = pageSize(first);
  const placeOf = (row: Row) => [list, ...place.map((field) => (row as Record<string, unknown>)[field])];
  const edges = rows.slice(0, size).map((node) => ({ cursor: () => cursors.encode(placeOf(node)), node }));
  return { edges, pageInfo: { hasNextPage: rows.length > size, endCursor: () => edges.at(-1)?.cursor() ?? null } };
}

async function accepted<Row extends object>(
  model: Model<Row>,
  query: SearchQuery<Row>,
  { filter, most }: { filter: Record<string, unknown>; most: number },
): Promise<Row[]> {
  const fields = Object.keys(query.sort).map((field): [string, 1] => [field, 1]);
  const projection = query.projection && { ...query.projection, ...Object.fromEntries(fields) };
  const found = model.find(filter, projection).sort({ ...query.sort });
  const { accept } = query;
  if (!accept) return found.limit(most).lean();
  const rows: Row[] = [];
  const cursor = found.lean().cursor({ batchSize: Math.min(2 * most, 1_000) });
  try {
    for await (const row of cursor) {
      if (accept(row)) rows.push(row);
      if (rows.length >= most) break;
    }
  } finally {
    await cursor.close();
  }
  return rows;
}

/**
 * The filter for the rows after the cursor of a request; empty where there is none. A field that the list's filter fixes is
 * left out, so that the bound lies on the next one and an index is entered at the place itself, not at the beginning.
 * @throws HubError BAD_CURSOR for the cursor of another list.
 */
export function afterCursor({ filter, sort, ...query }: Place & { filter: Record<string, unknown> }) {
  const { after } = query.arguments;
  if (!after) return {};
  const place = query.place ?? Object.keys(sort);
  const at = query.cursors.decode(after);
  if (!Array.isArray(at) || at[0] !== query.list || at.length !== place.length + 1) throw notOfThisList();
  const values = new Map(place.map((field, index) => [field, (at as unknown[])[index + 1]]));
  const free = place.filter((field) => typeof filter[field] !== 'string');
  const past = (field: string): string => (sort[field] === -1 ? '$lt' : '$gt');
  const branches = free.map((field, index) => ({
    ...Object.fromEntries(free.slice(0, index).map((earlier) => [earlier, values.get(earlier)])),
    [field]: { [past(field)]: values.get(field) },
  }));
  const [first] = free;
  if (first === undefined || branches.length < 2) return branches[0] ?? {};
  return { [first]: { [`${past(first)}e`]: values.get(first) }, $or: branches };
}

export function notOfThisList(): HubError {
  return new HubError(
    'BAD_CURSOR',
    'after: not a cursor of this list. Pass an endCursor that the same field returned.',
  );
}
