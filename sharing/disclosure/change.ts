import type { SystemCell } from './system.ts';

/**
 * Rule over time: two shown counts that differ by fewer than the threshold show who came or went as surely as a small count
 * does. `before` is what the latest release that showed the number said, undefined where none did.
 * Counts only: a sum changes with every contribution, so the difference of two sums is not that of a few.
 */
export function changedByFew(cell: SystemCell, before: number | undefined): before is number {
  if (cell.kind === 'SUM' || cell.changesOpenly === true || before === undefined || cell.value === 0) return false;
  const change = Math.abs(cell.value - before);
  return change > 0 && change < cell.threshold;
}
