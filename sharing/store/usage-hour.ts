const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/**
 * An hour is made once it has been over for longer than any request may take (`HUB_REQUEST_TIMEOUT_MS`, five minutes at most).
 * An entry that comes later all the same is seen by its number, whatever its time, and its hour is made again.
 */
const MARGIN_MS = 900_000;

/** Beginning of the hour of a moment, in milliseconds since 1970. */
export function hourOf(at: Date): number {
  return Math.floor(at.getTime() / HOUR_MS) * HOUR_MS;
}

/** Beginning of the first whole hour from a moment on. */
export function firstWholeHour(since: Date): number {
  return Math.ceil(since.getTime() / HOUR_MS) * HOUR_MS;
}

/** Beginning of the day of an hour, in UTC. */
export function dayOf(hour: number): number {
  return Math.floor(hour / DAY_MS) * DAY_MS;
}

/** An hour ahead of now comes from a clock that is wrong; nobody can wait for it to be over. */
export function canBeMade(hour: number, now: Date): boolean {
  return hour + HOUR_MS + MARGIN_MS <= now.getTime() || hour > now.getTime() + HOUR_MS;
}

/** The filter for the moments of an hour. */
export function within(hour: number, length = HOUR_MS): { readonly $gte: Date; readonly $lt: Date } {
  return { $gte: new Date(hour), $lt: new Date(hour + length) };
}

export function nextHour(hour: number): number {
  return hour + HOUR_MS;
}

/** The ids of the records of the hours, or days, from one up to another. */
export function idsBetween(from: number, to: number): { readonly $gte: string; readonly $lt: string } {
  return { $gte: prefixOf(from), $lt: prefixOf(to) };
}

/** What the ids of an hour's records begin with. */
export function prefixOf(hour: number): string {
  return `${new Date(hour).toISOString()}/`;
}

/** The hour of a record, from its id. */
export function hourOfRecord(id: string): number {
  return Date.parse(id.slice(0, id.indexOf('/')));
}
