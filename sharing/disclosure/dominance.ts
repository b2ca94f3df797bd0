import type { SystemCell } from './system.ts';

export interface DominanceLimit {
  /** How many of the largest contributors are taken together. */
  readonly n: number;
  /** Their share of the total, in percent, above which the total may not be shown. */
  readonly k: number;
}

export const DOMINANCE: DominanceLimit = { n: 1, k: 75 };

/**
 * (n,k) rule: where the n largest make up more than k % of a sum, the sum is close to an estimate of them.
 * Source: Hundepool et al. (2012), §4.2.1; the upper protection level is that of its table 4.2.
 */
export function dominates(cell: SystemCell, limit = DOMINANCE): boolean {
  return cell.kind === 'SUM' && 100n * largestOf(cell, limit.n) > BigInt(limit.k) * BigInt(cell.value);
}

/** How far above the value the interval must reach, so that its end would satisfy the rule: (100/k)·Σ largest − value. */
export function dominanceProtection(cell: SystemCell, limit = DOMINANCE): number {
  const reach = ceilingDivide(100n * largestOf(cell, limit.n), BigInt(limit.k)) - BigInt(cell.value);
  return Math.max(1, Number(reach));
}

/** Whole numbers throughout: fen of a province pass what a percentage in floating point keeps apart. */
export function largestOf(cell: SystemCell, count: number): bigint {
  return (cell.largest ?? []).slice(0, count).reduce((sum, value) => sum + BigInt(value), 0n);
}

export function ceilingDivide(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
