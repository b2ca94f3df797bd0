import { invalid, valid } from './verdict.ts';
import type { Verdict } from './verdict.ts';

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** True for a day of the Gregorian calendar, 29 February only in leap years. */
export function isCalendarDay(year: number, month: number, day: number): boolean {
  const length = month === 2 && isLeapYear(year) ? 29 : monthLengths[month - 1];
  return length !== undefined && day >= 1 && day <= length;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/**
 * Reads a calendar date written 2024-02-29, 20240229, 2024/2/29, 2024.2.29 or 2024年2月29日 and gives it as
 * 'YYYY-MM-DD'. No time of day and no time zone, so no date moves by a day on its way through the hub.
 */
export function parseCalendarDate(text: string): Verdict<string, 'FORMAT' | 'NOT_A_DAY'> {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text) ?? /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text);
  if (match === null) return invalid('FORMAT', 'The date is not readable; write it as YYYY-MM-DD.');
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (!isCalendarDay(year, month, day)) {
    return invalid('NOT_A_DAY', 'There is no such day in the calendar; correct the month or the day.');
  }
  return valid(formatDate(year, month, day));
}

export function formatDate(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/**
 * The day on which a period of whole years that began on `date` is complete: the same day of the year, or the last day
 * of February where that year has no 29th (Civil Code article 202).
 */
export function addYears(date: string, years: number): string {
  const [year, month, day] = splitDate(date);
  const target = year + years;
  return formatDate(target, month, isCalendarDay(target, month, day) ? day : 28);
}

/** Moves a date by a number of days, which may be negative. */
export function addDays(date: string, days: number): string {
  const [year, month, day] = splitDate(date);
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10);
}

function splitDate(date: string): [number, number, number] {
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
}
