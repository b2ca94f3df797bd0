import type { Model } from 'mongoose';
import { z } from 'zod';
import { type Page, type PageArguments, pageSize } from './connection.ts';
import type { CursorCodec } from './cursor.ts';
import { keyedOrder } from './keyed-order.ts';
import { both } from './row-scope.ts';
import { notOfThisList } from './search-page.ts';
import { type Place, placesAfter, type PlacedRow, type ShuffledList, type ShuffledRow } from './shuffled-places.ts';

export interface ShuffledQuery {
  /** Names the list: a cursor of one list is refused by another, and each has an order of its own. */
  readonly list: string;
  readonly filter: Record<string, unknown>;
  /** A further filter, such as the caller's row scope. */
  readonly within?: Record<string, unknown> | undefined;
  /** Fields to fetch. */
  readonly projection: Record<string, 1>;
  readonly arguments: PageArguments;
  /** Those of the consumer and purpose: the order follows from their key. */
  readonly cursors: CursorCodec;
}

/**
 * One page of a list that comes county by county, in each in an order of the consumer's and the purpose's own
 * (`placesAfter`): by the order of rows two departments cannot put their extracts together. The same consumer gets the same order
 * again, on pages of whatever size.
 *
 * A chain of pages shows each row once. A row that stays in the list and in its county is shown once also while others come and go. One
 * that comes is shown if it stands far enough behind the page last read, one that goes is not shown any more.
 * @throws HubError BAD_CURSOR for the cursor of another list, or of one that has grown many times over since.
 */
export async function shuffledPage<Row extends ShuffledRow>(
  model: Model<Row>,
  { list, filter, within = {}, projection, arguments: { first, after }, cursors }: ShuffledQuery,
): Promise<Page<Row>> {
  const size = pageSize(first);
  const found = both(filter, within);
  const start = after ? placeOf(cursors.decode(after), list) : undefined;
  const shuffled: ShuffledList = {
    model: model as unknown as Model<ShuffledRow>,
    filter: found,
    order: keyedOrder(cursors, list),
  };
  const places = await firstOf(placesAfter(shuffled, start), size + 1);
  const shown = places.slice(0, size);
  const cursorOf = ({ county, bits, bundle, mark }: Place): string =>
    cursors.encode([list, county, bits, bundle, mark]);
  const rows = await rowsOf(model, { ids: shown.map(({ id }) => id), found, projection });
  const last = shown.at(-1);
  return {
    edges: shown.flatMap((place) => {
      const node = rows.get(place.id);
      return node ? [{ cursor: () => cursorOf(place), node }] : [];
    }),
    pageInfo: { hasNextPage: places.length > size, endCursor: () => (last ? cursorOf(last) : null) },
    totalCount: async () => model.countDocuments(found),
  };
}

async function firstOf(places: AsyncIterable<PlacedRow>, most: number): Promise<PlacedRow[]> {
  const first: PlacedRow[] = [];
  for await (const place of places) if (first.push(place) === most) break;
  return first;
}

/** The filter holds here, too: a row may have changed since its id was read. */
async function rowsOf<Row extends ShuffledRow>(
  model: Model<Row>,
  { ids, found, projection }: { ids: readonly string[]; found: Record<string, unknown>; projection: Record<string, 1> },
): Promise<ReadonlyMap<string, Row>> {
  if (ids.length === 0) return new Map();
  const rows = (await model.find(both({ _id: { $in: ids } }, found), projection).lean()) as Row[];
  return new Map(rows.map((row) => [row._id, row]));
}

const storedPlace = z.tuple([z.string(), z.string(), z.int().min(0).max(16), z.int().min(0), z.string()]);

function placeOf(decoded: unknown, ofList: string): Place {
  const { data } = storedPlace.safeParse(decoded);
  if (data?.[0] !== ofList) throw notOfThisList();
  const [, county, bits, bundle, mark] = data;
  return { county, bits, bundle, mark };
}
