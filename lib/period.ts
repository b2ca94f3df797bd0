import { HubError } from './errors.ts';

/** A statistical period: a year, a quarter or a month. */
export interface Period {
  readonly frequency: 'YEAR' | 'QUARTER' | 'MONTH';
  /** First and last month, 'YYYY-MM'. */
  readonly from: string;
  readonly to: string;
}

/**
 * Reads '2024', '2024-Q3' or '2024-09'.
 * @throws HubError BAD_USER_INPUT naming the argument.
 */
export function parsePeriod(text: string, argument = 'period'): Period {
  const [, year = '', quarter, month] = /^(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?$/.exec(text) ?? [];
  if (year === '')
    throw new HubError(
      'BAD_USER_INPUT',
      `${argument}: not a period. Write a year 2024, a quarter 2024-Q3 or a month 2024-09.`,
    );
  if (month !== undefined) return { frequency: 'MONTH', from: text, to: text };
  if (quarter === undefined) return { frequency: 'YEAR', from: `${year}-01`, to: `${year}-12` };
  const last = Number(quarter) * 3;
  const of = (number: number): string => `${year}-${String(number).padStart(2, '0')}`;
  return { frequency: 'QUARTER', from: of(last - 2), to: of(last) };
}

/** Periods between two a list may name. */
const MOST_PERIODS = 480;

const MONTHS = { YEAR: 12, QUARTER: 3, MONTH: 1 } as const;

/**
 * Every period from one to another of the same frequency, the oldest first. As a list rather than as a range of text, in
 * which months would stand between quarters.
 * @param last the last period, or the day ('YYYY-MM-DD') whose period is the last.
 * @param within where the arguments `from` and `to` stand.
 * @throws HubError BAD_USER_INPUT naming `filter.from` or `filter.to`.
 */
export function periodsBetween(
  first: string,
  last: { readonly to: string } | { readonly day: string },
  within = 'filter.',
): string[] {
  const start = parsePeriod(first, `${within}from`);
  const end = 'to' in last ? parsePeriod(last.to, `${within}to`) : { ...start, to: last.day.slice(0, 7) };
  if (end.frequency !== start.frequency)
    throw new HubError(
      'BAD_USER_INPUT',
      `${within}to: not of the form of ${within}from. Give two years, quarters or months.`,
    );
  const length = MONTHS[start.frequency];
  const from = Math.floor(monthNumber(start.from) / length);
  const count = Math.floor(monthNumber(end.to) / length) - from + 1;
  if (count < 1 || count > MOST_PERIODS)
    throw new HubError(
      'BAD_USER_INPUT',
      `${within}to: ${count} periods from ${within}from cannot be listed. Give 1 to ${MOST_PERIODS}, the earlier period first.`,
    );
  return Array.from({ length: count }, (_, index) => labelOf(start.frequency, (from + index) * length));
}

function monthNumber(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
}

function labelOf(frequency: Period['frequency'], month: number): string {
  const year = String(Math.floor(month / 12)).padStart(4, '0');
  if (frequency === 'YEAR') return year;
  return frequency === 'QUARTER'
    ? `${year}-Q${Math.floor((month % 12) / 3) + 1}`
    : `${year}-${String((month % 12) + 1).padStart(2, '0')}`;
}
