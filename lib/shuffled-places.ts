import { LRUCache } from 'lru-cache';
import type { Model } from 'mongoose';
import { inCounty } from './in-county.ts';
import type { KeyedOrder, Marked } from './keyed-order.ts';
import { both } from './row-scope.ts';
import { notOfThisList } from './search-page.ts';

/** Rows of shuffled lists: their references are random, they lie in counties, and an index of (county, _id) exists. */
export type ShuffledRow = { readonly _id: string; readonly county: string };

export interface ShuffledList {
  readonly model: Model<ShuffledRow>;
  readonly filter: Record<string, unknown>;
  readonly order: KeyedOrder;
}

/** Where a row stands in a list. It follows from the key, the row's id and `bits` alone, whatever rows come and go beside it. */
export interface Place {
  readonly county: string;
  /** The county's ids are cut into 2^bits slots by what they begin with; 0 where its rows are few. */
  readonly bits: number;
  readonly bundle: number;
  readonly mark: string;
}

export type PlacedRow = Place & Marked;

/** Rows that are read at once, to be put in order as a whole. */
const FEW = 2_048;
/** Rows that a slot holds in the mean. */
const SLOT = 64;
/** Slots that are read together. */
const BUNDLE = 32;
/** How often all slots are visited; the first digit of a row's mark says in which round it is shown. */
const ROUNDS = 8;
/** Above it (4 million rows in a county) slots grow. */
const MOST_BITS = 16;
/** Rows that one read yields at most: more come only of a cursor for a list that was far shorter. */
const MOST = 8_192;

/**
 * The rows of a list, county by county, behind a place or from the beginning; it reads as far as it is iterated.
 *
 * Where the rows of a county are few they come in the order of their marks. Of many, a page must not read all: an index finds only
 * rows whose ids are alike. Rows of one slot, one after the other, would stand together in everybody's list, and two
 * departments that see the villages of their rows would find the slots again by them, and in them the rows. Hence rounds: each visits all slots in
 * another order, by bundles, and of a bundle takes the rows whose marks name the round, in the order of their marks. Of the
 * 256 rows or so that stand together, one more than in two random orders stands together with them in another consumer's list, too.
 * SLOT / ROUNDS² is that one; what it tells drowns in the others, the more as ROUNDS × BUNDLE is greater.
 *
 * @throws HubError BAD_CURSOR where rows were many times fewer when the place was made.
 */
export async function* placesAfter(list: ShuffledList, after: Place | undefined): AsyncGenerator<PlacedRow> {
  if (after) yield* after.bits === 0 ? restOfFew(list, after) : restOfMany(list, after);
  for (let county = after?.county; ;) {
    const counties = await firstIds(list, county);
    const isAll = counties.reduce((sum, { ids }) => sum + ids.length, 0) <= FEW;
    // What was cut off is of the last one.
    const whole = isAll ? counties : counties.slice(0, -1);
    for (const one of whole) yield* placed(list, { county: one._id, bits: 0, bundle: 0 }, one.ids);
    if (isAll) return;
    const [first] = counties;
    if (first && whole.length === 0) yield* many(list, { county: first._id, bits: bitsFor(first.ids) });
    county = (whole.at(-1) ?? first)?._id;
  }
}

async function* restOfFew(list: ShuffledList, { mark, ...place }: Place): AsyncGenerator<PlacedRow> {
  const rows = remembered.get(nameOf(list, place)) ?? placed(list, place, await idsOf(list, place.county));
  yield* rows.filter((row) => row.mark > mark);
}

async function* restOfMany(list: ShuffledList, { mark, ...place }: Place): AsyncGenerator<PlacedRow> {
  const round = roundOf(mark);
  const begun = remembered.get(nameOf(list, place, round)) ?? (await bundleOf(list, { ...place, round }));
  yield* begun.filter((row) => row.mark > mark);
  yield* many(list, place, { round, bundle: place.bundle + 1 });
}

async function* many(
  list: ShuffledList,
  { county, bits }: Pick<Place, 'county' | 'bits'>,
  from = { round: 0, bundle: 0 },
): AsyncGenerator<PlacedRow> {
  for (let { round, bundle } = from; round < ROUNDS; round++, bundle = 0)
    for (; bundle * BUNDLE < 2 ** bits; bundle++) yield* await bundleOf(list, { county, bits, bundle, round });
}

async function bundleOf(
  list: ShuffledList,
  { round, ...place }: Omit<Place, 'mark'> & { readonly round: number },
): Promise<readonly PlacedRow[]> {
  const { county, bits, bundle } = place;
  const slots = list.order.slots(round, bits).slice(bundle * BUNDLE, (bundle + 1) * BUNDLE);
  const ids = await Promise.all(slots.map((slot) => idsOf(list, county, idsOfSlot(slot, bits))));
  return placed(list, place, ids.flat(), round);
}

/** The rows of a county, or those of a bundle that are shown in a round, in their order. */
function placed(
  list: ShuffledList,
  place: Omit<Place, 'mark'>,
  ids: readonly string[],
  round?: number,
): readonly PlacedRow[] {
  const rows = list.order
    .mark(ids)
    .filter(({ mark }) => round === undefined || roundOf(mark) === round)
    .sort((one, other) => (one.mark < other.mark ? -1 : 1))
    .map((marked) => ({ ...place, ...marked }));
  remembered.set(nameOf(list, place, round), rows);
  return rows;
}

/**
 * What a page began to show, for the next pages of a chain: a first page always reads for itself. Only ids are kept, in the name of the
 * consumer, the filter and the scope; the rows are read under these again.
 */
const remembered = new LRUCache<string, readonly PlacedRow[]>({
  ttl: 30_000,
  maxSize: 100_000,
  sizeCalculation: (rows) => rows.length + 1,
});

function nameOf(
  { order, filter }: ShuffledList,
  { county, bits, bundle }: Omit<Place, 'mark'>,
  round?: number,
): string {
  return JSON.stringify([order.number, filter, county, bits, bundle, round]);
}

function roundOf(mark: string): number {
  return parseInt(mark.charAt(0), 16) % ROUNDS;
}

interface County {
  readonly _id: string;
  readonly ids: readonly string[];
}

/** The first ids behind a county, one more than are few, by county. */
async function firstIds({ model, filter }: ShuffledList, county: string | undefined): Promise<readonly County[]> {
  const counties = await model.aggregate<County>([
    { $match: both(county === undefined ? {} : { county: { $gt: county } }, filter) },
    { $sort: { county: 1, _id: 1 } },
    { $limit: FEW + 1 },
    { $group: { _id: '$county', ids: { $push: '$_id' } } },
  ]);
  return counties.sort((one, other) => (one._id < other._id ? -1 : 1));
}

/** All ids of the list in a county, or a slot of it, in one document, which is read in a fifth of the time of so many. */
async function idsOf({ model, filter }: ShuffledList, county: string, slot = {}): Promise<readonly string[]> {
  const within = inCounty(filter, county);
  if (!within) return [];
  const [found] = await model.aggregate<{ ids: readonly string[] }>([
    { $match: both(slot, within) },
    { $limit: MOST + 1 },
    { $group: { _id: null, ids: { $push: '$_id' } } },
  ]);
  if (found && found.ids.length > MOST) throw notOfThisList();
  return found?.ids ?? [];
}

/** Bounds of the ids of a slot; the first and the last one are open, so that each id that may be lies in one of them. */
function idsOfSlot(slot: number, bits: number): Record<string, unknown> {
  const digits = (number: number): string => (number << (MOST_BITS - bits)).toString(16).padStart(4, '0');
  return { _id: { ...(slot > 0 && { $gte: digits(slot) }), ...(slot + 1 < 2 ** bits && { $lt: digits(slot + 1) }) } };
}

/** Ids are random: how far the first thousand reach tells how many there are. */
function bitsFor(first: readonly string[]): number {
  const reached = parseInt((first.at(-1) ?? '').slice(0, 12), 16) / 16 ** 12;
  const bits = Math.round(Math.log2(first.length / reached / SLOT));
  return Number.isNaN(bits) ? MOST_BITS : Math.min(Math.max(bits, Math.log2(BUNDLE)), MOST_BITS);
}
