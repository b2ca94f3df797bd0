import { HubError } from '../../lib/errors.ts';
import { periodBefore } from '../../lib/cubes/period-before.ts';

/**
 * The month a release is for, and the day its numbers are of. Registers hold the present only: they can be counted for the month it
 * is, and for the one that has just ended.
 * @param today 'YYYY-MM-DD'.
 * @throws HubError BAD_USER_INPUT for what is no month, and for any other month.
 */
export function periodToBuild(asked: string | undefined, today: string): { period: string; asOf: string } {
  const now = today.slice(0, 7);
  const period = asked ?? now;
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(period))
    throw new HubError('BAD_USER_INPUT', `--period: not a month. Give one such as ${now}.`);
  if (period !== now && period !== periodBefore(now))
    throw new HubError(
      'BAD_USER_INPUT',
      `--period: the registers hold the present and cannot be counted for ${period}. Give ${periodBefore(now)} or ${now}.`,
    );
  return { period, asOf: today };
}
