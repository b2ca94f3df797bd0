import type { Model } from 'mongoose';
import { type Page, type PageArguments, pageSize } from './connection.ts';
import type { CursorCodec } from './cursor.ts';
import { HubError } from './errors.ts';
import { both } from './row-scope.ts';

type Direction = 1 | -1;

export interface SearchQuery<Row> {
  readonly filter: Record<string, unknown>;
  /** Fields to fetch; those of the order are added. */
  readonly projection: Record<string, 1>;
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
 * One page of a list whose rows are found by an index and then tested by the program, in an order of several fields. Like
 * `page` it goes by key set, and reads no further than the page needs.
 */
export async function searchPage<Row extends object>(model: Model<Row>, query: SearchQuery<Row>): Promise<Page<Row>> {
  const size = pageSize(query.arguments.first);
  const place = query.place ?? Object.keys(query.sort);
  const { after } = query.arguments;
  const start = after ? beyond(query, place, query.cursors.decode(after)) : {};
  const rows = await accepted(model, query, { filter: both(query.filter, start), most: size + 1 });
  const placeOf = (row: Row): unknown[] => place.map((field) => (row as Record<string, unknown>)[field]);
  const edges = rows.slice(0, size).map((node) => ({ cursor: query.cursors.encode(placeOf(node)), node }));
  return {
    edges,
    pageInfo: { hasNextPage: rows.length > size, endCursor: edges.at(-1)?.cursor ?? null },
    totalCount: async () =>
      query.accept
        ? (await accepted(model, query, { filter: query.filter, most: Number.POSITIVE_INFINITY })).length
        : model.countDocuments(query.filter),
  };
}

async function accepted<Row extends object>(
  model: Model<Row>,
  query: SearchQuery<Row>,
  { filter, most }: { filter: Record<string, unknown>; most: number },
): Promise<Row[]> {
  const fields = Object.keys(query.sort).map((field) => [field, 1 as const]);
  const found = model.find(filter, { ...query.projection, ...Object.fromEntries(fields) }).sort({ ...query.sort });
  const { accept } = query;
  if (!accept) return (await found.limit(most).lean()) as Row[];
  const rows: Row[] = [];
  const cursor = found.lean().cursor({ batchSize: Math.min(2 * most, 1_000) });
  try {
    for await (const row of cursor) {
      if (accept(row as Row)) rows.push(row as Row);
      if (rows.length >= most) break;
    }
  } finally {
    await cursor.close();
  }
  return rows;
}

/**
 * The rows after a place. A field that the filter fixes is left out, so that the bound lies on the next one and an index
 * is entered at the place itself, not at the beginning of the list.
 */
function beyond(query: SearchQuery<never>, place: readonly string[], at: unknown): Record<string, unknown> {
  if (!Array.isArray(at) || at.length !== place.length)
    throw new HubError(
      'BAD_CURSOR',
      'after: not a cursor of this list. Pass an endCursor that the same field returned.',
    );
  const values = new Map(place.map((field, index) => [field, (at as unknown[])[index]]));
  const free = place.filter((field) => typeof query.filter[field] !== 'string');
  const past = (field: string): string => (query.sort[field] === -1 ? '$lt' : '$gt');
  const branches = free.map((field, index) => ({
    ...Object.fromEntries(free.slice(0, index).map((earlier) => [earlier, values.get(earlier)])),
    [field]: { [past(field)]: values.get(field) },
  }));
  const [first] = free;
  if (first === undefined || branches.length < 2) return branches[0] ?? {};
  return { [first]: { [`${past(first)}e`]: values.get(first) }, $or: branches };
}
