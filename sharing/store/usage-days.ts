import type { ClientSession } from 'mongoose';
import type { SharingModels } from './models.ts';
import { type HourRecord, SETTLED, type UsageCollections, usageCollections } from './usage-collections.ts';
import { canBeMade, DAY_MS, dayOf, idsBetween, within } from './usage-hour.ts';
import { countRecord, emptyTally, recordsOf } from './usage-tally.ts';

/** Days that are put together: a year, which is as far back as is asked, and a month. */
const DAYS = 400;

/**
 * Puts the records of each day together that is over: one operation is asked by the same application in most hours, so that a
 * month of days is read many times sooner than its hours. A day is of the hours it names; where one was made again since, its
 * records are passed over until it is put together again.
 * @returns whether all is done that could be.
 */
export async function makeDays(
  models: Pick<SharingModels, 'audit'>,
  { now, until }: { readonly now: Date; readonly until: number },
): Promise<boolean> {
  const collections = usageCollections(models);
  const from = { $gte: new Date(dayOf(now.getTime()) - DAYS * DAY_MS) };
  const made = await collections.days.find({ _id: from }, SETTLED).toArray();
  const known = new Map(made.map(({ _id, madeOf }) => [_id.getTime(), madeOf]));
  const hours = await collections.hours.find({ _id: from }, SETTLED).toArray();
  for (const [day, ofDay] of hoursByDay(hours)) {
    if (known.get(day) === madeOfNow(ofDay) || !canBeMade(lastHour(day), now)) continue;
    if (performance.now() > until) return false;
    // What it is made of and what it says it is made of are of one moment.
    await models.audit.db.transaction((session) => makeDay(collections, day, session), {
      readConcern: { level: 'snapshot' },
    });
  }
  return true;
}

async function makeDay(
  { hours, records, days, dayRecords }: UsageCollections,
  day: number,
  session: ClientSession,
): Promise<void> {
  const _id = idsBetween(day, day + DAY_MS);
  const madeOf = madeOfNow(await hours.find({ _id: within(day, DAY_MS) }, { session }).toArray());
  const tally = emptyTally();
  for await (const record of records.find({ _id }, { session, batchSize: 2_000 })) countRecord(tally, record);
  await days.replaceOne({ _id: new Date(day) }, { madeOf }, { upsert: true, session });
  await dayRecords.deleteMany({ _id }, { session });
  const made = recordsOf(tally, day);
  if (made.length > 0) await dayRecords.insertMany(made, { session, ordered: false });
}

export function hoursByDay(hours: readonly HourRecord[]): ReadonlyMap<number, readonly HourRecord[]> {
  const byDay = new Map<number, HourRecord[]>();
  for (const hour of hours) {
    const day = dayOf(hour._id.getTime());
    byDay.set(day, [...(byDay.get(day) ?? []), hour]);
  }
  return byDay;
}

export function madeOfNow(hours: readonly HourRecord[]): string {
  return hours
    .map(({ _id, version }) => `${_id.getUTCHours()}:${version}`)
    .sort()
    .join(' ');
}

const lastHour = (day: number): number => day + DAY_MS - 3_600_000;
