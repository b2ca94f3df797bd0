import { ceilingDivide } from './dominance.ts';
import { P_PERCENT } from './p-percent.ts';
import type { SystemCell } from './system.ts';

/** What the latest release that showed a number said, as far as it bears on the one that is to be shown now. */
export interface Since {
  /** Undefined where no release showed it. */
  readonly before: number | undefined;
  /** Of a SUM: by how many its contributors, or its rows, are more or fewer, whichever is less; undefined where not known. */
  readonly turnover?: number | undefined;
}

/**
 * Rule over time: two shown numbers show by their difference who came or went, as surely as a small cell does. Of counts the
 * difference itself is how many; that of two sums is what these few contribute, to the last digit where the others stay as they
 * are (an area, an annual report). A sum that differs though as many contribute is one that few have restated.
 */
export function changedByFew(
  { kind, value, threshold, changesOpenly }: Pick<SystemCell, 'kind' | 'value' | 'threshold' | 'changesOpenly'>,
  { before, turnover = 0 }: Since,
): boolean {
  if (before === undefined || before === value) return false;
  if (kind === 'SUM') return turnover < threshold;
  return value > 0 && changesOpenly !== true && Math.abs(value - before) < threshold;
}

/** How far a sum's interval must reach on either side so that the difference is no closer than p % of itself. */
export function changeProtection(value: number, before: number): number {
  return Math.max(1, Number(ceilingDivide(BigInt(P_PERCENT) * BigInt(Math.abs(value - before)), 100n)));
}
