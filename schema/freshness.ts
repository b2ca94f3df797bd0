import type { UpdateCycle } from './policy-table.ts';

/** Months, days or minutes after which a resource is brought up to date again. */
const CYCLES: Record<UpdateCycle, { months: number } | { days: number } | { minutes: number } | undefined> = {
  REAL_TIME: { minutes: 60 },
  DAILY: { days: 1 },
  WEEKLY: { days: 7 },
  MONTHLY: { months: 1 },
  QUARTERLY: { months: 3 },
  YEARLY: { months: 12 },
  AS_NEEDED: undefined,
};

const CHINA_STANDARD_TIME = 8 * 3_600_000;

/**
 * The moment from which a resource is overdue (更新周期): the end of the day in China on which its next update falls, an hour
 * later where it is kept in real time; undefined where it is updated as needed.
 */
export function dueAt(updatedAt: Date, cycle: UpdateCycle): Date | undefined {
  const span = CYCLES[cycle];
  if (!span) return undefined;
  if ('minutes' in span) return new Date(updatedAt.getTime() + span.minutes * 60_000);
  const local = new Date(updatedAt.getTime() + CHINA_STANDARD_TIME);
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  const next = 'days' in span ? Date.UTC(year, month, day + span.days) : monthsLater(year, month + span.months, day);
  return new Date(next + 86_400_000 - CHINA_STANDARD_TIME);
}

export function isOverdue(updatedAt: Date, cycle: UpdateCycle, now: number): boolean {
  const due = dueAt(updatedAt, cycle);
  return due !== undefined && due.getTime() <= now;
}

/** The same day of another month, its last where it has no such day: after 31 January comes 28 February. */
function monthsLater(year: number, month: number, day: number): number {
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(day, lastDay));
}
