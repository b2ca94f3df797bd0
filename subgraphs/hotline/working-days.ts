import { addDays } from '../../lib/codes/calendar-date.ts';

/**
 * What the calendar of a year changes about Monday to Friday: days off on weekdays, and weekends that are worked (调休). From the
 * General Office of the State Council: 国办发明电〔2022〕16号, 〔2023〕7号, 〔2024〕12号, 〔2025〕7号. Written as month and day; a span has a hyphen.
 */
const CALENDAR: readonly (readonly [year: string, off: string, worked: string])[] = [
  ['2023', '0101-0102 0121-0127 0405 0429-0503 0622-0624 0929-1006', '0128 0129 0423 0506 0625 1007 1008'],
  ['2024', '0101 0210-0217 0404-0406 0501-0505 0610 0915-0917 1001-1007', '0204 0218 0407 0428 0511 0914 0929 1012'],
  ['2025', '0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008', '0126 0208 0427 0928 1011'],
  ['2026', '0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007', '0104 0214 0228 0509 0920 1010'],
];

const OFF = new Set(CALENDAR.flatMap(([year, off]) => daysOf(year, off)));
const WORKED = new Set(CALENDAR.flatMap(([year, , worked]) => daysOf(year, worked)));

/** Monday to Friday but for public holidays, and weekends that are worked; of years not listed, Monday to Friday. */
export function isWorkingDay(day: string): boolean {
  if (WORKED.has(day)) return true;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !OFF.has(day);
}

/** The last day of a term of working days; the day it begins on is not counted (Civil Code article 201). */
export function addWorkingDays(day: string, count: number): string {
  let reached = day;
  for (let left = count; left > 0;) {
    reached = addDays(reached, 1);
    if (isWorkingDay(reached)) left--;
  }
  return reached;
}

function daysOf(year: string, spans: string): string[] {
  return spans.split(' ').flatMap((span) => {
    const [first = '', last = first] = span.split('-').map((day) => `${year}-${day.slice(0, 2)}-${day.slice(2)}`);
    const days = [first];
    while ((days.at(-1) ?? last) < last) days.push(addDays(days.at(-1) ?? last, 1));
    return days;
  });
}
