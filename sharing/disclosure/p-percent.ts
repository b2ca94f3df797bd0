import { ceilingDivide, largestOf } from './dominance.ts';
import type { SystemCell } from './system.ts';

export const P_PERCENT = 10;

/**
 * p % rule: the second largest contributor subtracts its own part from the sum and knows the largest to within all the others
 * together; these must be at least p % of the largest. Source: Hundepool et al. (2012), §4.2.2 and table 4.2.
 */
export function tooClose(cell: SystemCell, percent = P_PERCENT): boolean {
  return cell.kind === 'SUM' && 100n * othersOf(cell) < BigInt(percent) * largestOf(cell, 1);
}

/** How far from the value the interval must reach on either side: p % of the largest less the others. */
export function pPercentProtection(cell: SystemCell, percent = P_PERCENT): number {
  const reach = ceilingDivide(BigInt(percent) * largestOf(cell, 1), 100n) - othersOf(cell);
  return Math.max(1, Number(reach));
}

function othersOf(cell: SystemCell): bigint {
  return BigInt(cell.value) - largestOf(cell, 2);
}
