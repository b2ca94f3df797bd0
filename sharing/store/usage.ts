import type { AuditRecord, SharingModels } from './models.ts';
import { type HourRecord, SETTLED, type UsageCollections, usageCollections } from './usage-collections.ts';
import { hoursByDay, madeOfNow } from './usage-days.ts';
import { dayOf, firstWholeHour, hourOf, hourOfRecord, idsBetween, nextHour, prefixOf, within } from './usage-hour.ts';
import { COUNTED, countEntry, countRecord, emptyTally, type Tally } from './usage-tally.ts';
import { changedHours, writersBehind } from './usage-writers.ts';

/**
 * What was used since a moment: from the records of the hours that were made, and from the entries of the others. It writes
 * nothing, and says what a count of all the entries would say, however far the records are behind.
 */
export async function readUsage(models: Pick<SharingModels, 'audit'>, since: Date): Promise<Tally> {
  const collections = usageCollections(models);
  // Positions before hours: an hour that is made meanwhile is one of which entries are found here, and is read from these.
  const { byHour, doubtful } = await behindPositions(collections, since);
  const from = firstWholeHour(since);
  const hours = await collections.hours.find({ _id: { $gte: new Date(from) } }, SETTLED).toArray();
  const made = new Set(hours.map(({ _id }) => _id.getTime()));
  for (const hour of byHour.keys()) if (made.has(hour)) doubtful.add(hour);

  const whole = emptyTally();
  const days = await wholeDays(collections, { from, hours, doubtful });
  const [firstDay = Number.POSITIVE_INFINITY] = days;
  if (days.size > 0)
    await countRecords(collections.dayRecords, whole, { from: firstDay, isCounted: (day) => days.has(day) });
  const isCounted = (hour: number): boolean => made.has(hour) && !doubtful.has(hour) && !days.has(dayOf(hour));
  for (const range of rangesOf([...made].filter(isCounted), days))
    await countRecords(collections.records, whole, { ...range, isCounted });
  await nameAll(collections, whole);
  for (const [hour, entries] of byHour) if (!doubtful.has(hour)) merge(whole, entries);
  for (const hour of doubtful) if (hour >= from) await countEntries(collections, whole, within(hour));
  const partial = { $gte: since, $lt: new Date(from) };
  if (partial.$gte < partial.$lt) await countEntries(collections, whole, partial);
  return whole;
}

/** Entries that no position covers, from the first whole hour on, and the hours whose records may be older than their entries. */
async function behindPositions(collections: UsageCollections, since: Date) {
  const byHour = new Map<number, Tally>();
  const doubtful = new Set<number>();
  for (const behind of await writersBehind(collections)) {
    for (const hour of await changedHours(collections, behind)) doubtful.add(hour);
    const { writer, position } = behind;
    const entries = collections.entries.find(
      { writer, sequence: { $gt: position }, at: { $gte: new Date(firstWholeHour(since)) } },
      { ...SETTLED, projection: COUNTED, batchSize: 1_000 },
    );
    for await (const entry of entries as AsyncIterable<AuditRecord>) {
      const hour = hourOf(entry.at);
      const tally = byHour.get(hour) ?? emptyTally();
      byHour.set(hour, tally);
      countEntry(tally, entry);
    }
  }
  return { byHour, doubtful };
}

/** Days from a moment on, earliest first, whose records are of the hours there are, all of them whole and beyond doubt. */
async function wholeDays(
  { days }: UsageCollections,
  given: { readonly from: number; readonly hours: readonly HourRecord[]; readonly doubtful: ReadonlySet<number> },
): Promise<ReadonlySet<number>> {
  const doubted = new Set([...given.doubtful].map(dayOf));
  const now = hoursByDay(given.hours);
  const found = await days.find({ _id: { $gte: new Date(given.from) } }, { ...SETTLED, sort: { _id: 1 } }).toArray();
  return new Set(
    found
      .map(({ _id, madeOf }) => ({ day: _id.getTime(), madeOf }))
      .filter(({ day, madeOf }) => !doubted.has(day) && madeOf === madeOfNow(now.get(day) ?? []))
      .map(({ day }) => day),
  );
}

/** The hours to be read, from the first to the last between two days that are not. */
function rangesOf(
  hours: readonly number[],
  days: ReadonlySet<number>,
): readonly { readonly from: number; readonly to: number }[] {
  const whole = [...days];
  const between = new Map<number, number[]>();
  for (const hour of hours) {
    const place = whole.filter((day) => day < hour).length;
    between.set(place, [...(between.get(place) ?? []), hour]);
  }
  return [...between.values()].map((some) => ({ from: Math.min(...some), to: nextHour(Math.max(...some)) }));
}

async function countRecords(
  collection: UsageCollections['records'],
  tally: Tally,
  { from, to, isCounted }: { readonly from: number; readonly to?: number; isCounted: (start: number) => boolean },
): Promise<void> {
  const _id = to === undefined ? { $gte: prefixOf(from) } : idsBetween(from, to);
  for await (const record of collection.find({ _id }, { ...SETTLED, batchSize: 2_000 }))
    if (isCounted(hourOfRecord(record._id))) countRecord(tally, record);
}

async function countEntries(
  { entries }: UsageCollections,
  tally: Tally,
  at: { readonly $gte: Date; readonly $lt: Date },
): Promise<void> {
  const found = entries.find({ at }, { ...SETTLED, projection: COUNTED, batchSize: 1_000 });
  for await (const entry of found as AsyncIterable<AuditRecord>) countEntry(tally, entry);
}

/** Fetches the texts and sets of items that records name. @throws Error where one is missing: they are stored before them. */
async function nameAll({ operations, itemSets }: UsageCollections, tally: Tally): Promise<void> {
  const uses = [...tally.uses.values()];
  const texts = new Set(uses.map(({ operation }) => operation));
  const sets = new Set(uses.flatMap(({ answers }) => [...answers.keys()]));
  for (const some of chunks([...texts]))
    for (const found of await operations.find({ _id: { $in: some } }, SETTLED).toArray())
      tally.operations.set(found._id, found);
  for (const some of chunks([...sets]))
    for (const { _id, ...set } of await itemSets.find({ _id: { $in: some } }, SETTLED).toArray())
      tally.itemSets.set(_id, set);
  if (tally.operations.size < texts.size || tally.itemSets.size < sets.size)
    throw new Error('usage names texts or items that its store does not hold');
}

function* chunks(ids: readonly string[]): Generator<string[]> {
  for (let start = 0; start < ids.length; start += 1_000) yield ids.slice(start, start + 1_000);
}

function merge(whole: Tally, part: Tally): void {
  for (const [id, operation] of part.operations) whole.operations.set(id, operation);
  for (const [id, set] of part.itemSets) whole.itemSets.set(id, set);
  for (const use of part.uses.values()) {
    const rows = [...use.rows].map(([resource, count]) => ({ resource, rows: count }));
    const answers = [...use.answers].map(([set, calls]) => ({ set, calls }));
    countRecord(whole, { _id: '', ...use, rows, answers });
  }
}
