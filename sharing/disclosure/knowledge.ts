import type { CellNode } from './nodes.ts';
import type { Bounds, CellStatus } from './system.ts';

/**
 * What a status alone says of a hidden cell to a reader who knows the rules, as strictly as it could be read:
 * - PRIMARY on a count: 1 to threshold − 1, or, where the count was shown before, within threshold − 1 of what it was;
 * - SECONDARY on a count that passes the rules: at least the threshold. On one that does not, only that it is no zero;
 * - a hidden sum is not negative.
 * That it is none of the values with which it was shown before (`shownAs`), as it would be shown again, is no interval: every
 * witness is checked for it.
 * Protection is proven against this reading, so it holds against every weaker one.
 */
export function saidOf(node: CellNode, status: Exclude<CellStatus, 'SHOWN'>, threshold: number): Bounds {
  const { kind, value, before } = node;
  if (kind === 'SUM') return { lower: 0, upper: null };
  const change = before === undefined ? 0 : Math.abs(value - before);
  const isOpen = (node.cell ?? node.earlier)?.changesOpenly === true;
  const passes = value >= threshold && (isOpen || change === 0 || change >= threshold);
  if (status === 'SECONDARY') return { lower: passes ? threshold : 1, upper: null };
  if (value < threshold) return { lower: 1, upper: threshold - 1 };
  return before === undefined ? { lower: 1, upper: null } : within(before, threshold);
}

/** The counts a reader of PRIMARY must hold possible where `before` was shown. */
function within(before: number, threshold: number): Bounds {
  return { lower: Math.max(1, before - threshold + 1), upper: before + threshold - 1 };
}

export function narrower(left: Bounds, right: Bounds): Bounds {
  return {
    lower: Math.max(left.lower, right.lower),
    upper: left.upper === null ? right.upper : right.upper === null ? left.upper : Math.min(left.upper, right.upper),
  };
}
