import type { SystemCell } from './system.ts';

/**
 * Frequency rule: a number that fewer than `threshold` contribute to points at single ones of them. Nobody stands behind a
 * zero. Source: Hundepool et al., Statistical Disclosure Control (2012), §4.2 minimum frequency rule; τ-ARGUS manual §2.3.
 */
export function belowThreshold(cell: SystemCell): boolean {
  const contributors = contributorsOf(cell);
  return contributors > 0 && contributors < cell.threshold;
}

export function contributorsOf(cell: SystemCell): number {
  return cell.kind === 'COUNT' ? cell.value : (cell.contributors ?? 0);
}
