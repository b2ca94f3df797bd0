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

/** True where the day ('YYYY-MM-DD') lies in the period. A register that holds the present only answers for such a period. */
export function periodHolds(period: string, day: string): boolean {
  const { from, to } = parsePeriod(period);
  const month = day.slice(0, 7);
  return from <= month && month <= to;
}
