import { today } from '../../lib/today.ts';
import type { ComplaintKind, ComplaintRecord } from './models.ts';
import { addWorkingDays } from './working-days.ts';

/** Working days within which each kind is answered; prefectures set them, these are common ones. */
export const TERM: Readonly<Record<ComplaintKind, number>> = {
  CONSULTATION: 1,
  HELP: 5,
  GRIEVANCE: 5,
  REPORT: 10,
  SUGGESTION: 10,
};

/** The last day for the answer to what was received at a time. */
export function dueOn(kind: ComplaintKind, receivedAt: Date): string {
  return addWorkingDays(today(receivedAt.getTime()), TERM[kind]);
}

/** Whether it was answered after its last day, or is still open after it. What was taken back is never late. */
export function isOverdue({ state, dueOn: last, closedAt }: ComplaintRecord, now: string): boolean {
  if (state === 'WITHDRAWN') return false;
  return (closedAt ? today(closedAt.getTime()) : now) > last;
}
