/**
 * Calendar arithmetic. A "local" date is one whose UTC fields show what the clocks of a zone show, so that the same arithmetic
 * serves every zone.
 */
import { badValue } from '../errors.ts';

export type Fields = Readonly<Record<string, unknown>>;

const DAY = 86_400_000;
const FIXED = { week: 7 * DAY, day: DAY, hour: 3_600_000, minute: 60_000, second: 1_000, millisecond: 1 } as const;
const MONTHS = { year: 12, quarter: 3, month: 1 } as const;
type Unit = keyof typeof FIXED | keyof typeof MONTHS;
const UNITS: readonly string[] = [...Object.keys(FIXED), ...Object.keys(MONTHS)];

export function unitOf(value: unknown): Unit {
  if (typeof value !== 'string' || !UNITS.includes(value)) throw badValue(`unknown time unit value: ${String(value)}`);
  return value as Unit;
}
const isMonths = (unit: Unit): unit is keyof typeof MONTHS => unit in MONTHS;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
function offsetAt(date: Date, zone: string): number {
  if (zone === 'UTC' || zone === 'GMT' || zone === 'Z') return 0;
  const fixed = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0)) * 60_000;
  const parts = Object.fromEntries(
    formatterOf(zone)
      .formatToParts(date)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(date.getTime() / 1000) * 1000;
}
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  try {
    const numeric = {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    } as const;
    const made = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...numeric });
    formatters.set(timeZone, made);
    return made;
  } catch {
    throw badValue(`unrecognized time zone identifier: "${timeZone}"`);
  }
}

export const toLocal = (date: Date, zone: string | undefined): Date =>
  zone === undefined ? date : new Date(date.getTime() + offsetAt(date, zone));
/** The moment at which the clocks of the zone show this; asked twice, since the offset may change in between. */
export function toUtc(local: Date, zone: string | undefined): Date {
  if (zone === undefined) return local;
  const guess = new Date(local.getTime() - offsetAt(local, zone));
  return new Date(local.getTime() - offsetAt(guess, zone));
}

/** Adds an amount of a unit. A day the month does not have becomes its last one: 31 January plus a month is 29 February. */
export function shift(local: Date, unit: Unit, amount: number): Date {
  if (!isMonths(unit)) return new Date(local.getTime() + amount * FIXED[unit]);
  const shifted = new Date(local);
  shifted.setUTCDate(1);
  shifted.setUTCMonth(shifted.getUTCMonth() + amount * MONTHS[unit]);
  const lastDay = new Date(Date.UTC(shifted.getUTCFullYear(), shifted.getUTCMonth() + 1, 0)).getUTCDate();
  shifted.setUTCDate(Math.min(local.getUTCDate(), lastDay));
  return shifted;
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
function weekdayOf(startOfWeek: unknown): number {
  const day = typeof startOfWeek === 'string' ? WEEKDAYS.indexOf(startOfWeek.slice(0, 3).toLowerCase()) : 0;
  if (day < 0) throw badValue('startOfWeek is not a day of the week');
  return day;
}

/** The start of the unit that a date lies in. */
export function truncate(local: Date, unit: Unit, startOfWeek?: unknown): Date {
  if (isMonths(unit)) {
    const month = local.getUTCMonth();
    return new Date(Date.UTC(local.getUTCFullYear(), month - (month % MONTHS[unit]), 1));
  }
  if (unit !== 'week') return new Date(Math.floor(local.getTime() / FIXED[unit]) * FIXED[unit]);
  const day = truncate(local, 'day');
  return new Date(day.getTime() - ((day.getUTCDay() - weekdayOf(startOfWeek) + 7) % 7) * DAY);
}

/** How many borders of a unit lie between two dates. */
export function differenceIn(unit: Unit, from: Date, to: Date, startOfWeek?: unknown): number {
  if (isMonths(unit)) {
    const months = (date: Date): number => Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / MONTHS[unit]);
    return months(to) - months(from);
  }
  return (truncate(to, unit, startOfWeek).getTime() - truncate(from, unit, startOfWeek).getTime()) / FIXED[unit];
}

const startOfYear = (local: Date): number => Date.UTC(local.getUTCFullYear(), 0, 1);
export const dayOfYear = (local: Date): number => Math.floor((local.getTime() - startOfYear(local)) / DAY) + 1;
/** Weeks begin on Sundays; the days before the first Sunday are week 0. */
export const weekOfYear = (local: Date): number => Math.floor((dayOfYear(local) + 6 - local.getUTCDay()) / 7);
/** ISO 8601: a week belongs to the year that has its Thursday. */
const thursday = (local: Date): Date => new Date(local.getTime() + (4 - (local.getUTCDay() || 7)) * DAY);
export const isoWeekYear = (local: Date): number => thursday(local).getUTCFullYear();
export const isoWeek = (local: Date): number => Math.ceil(dayOfYear(thursday(local)) / 7);
