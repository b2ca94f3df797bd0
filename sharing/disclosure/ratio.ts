import type { CellStatus } from './system.ts';

/**
 * Whether a share, a number per head, a growth rate or any other number computed from cells may be shown: only where all of
 * them are, as anyone can then compute it alone. With one of them hidden it is an equation more: ratio × denominator is the
 * hidden numerator. Source: Hundepool et al. (2012), §4.1, tables of ratios.
 */
export function mayShowRatio(inputs: readonly CellStatus[]): boolean {
  return inputs.length > 0 && inputs.every((status) => status === 'SHOWN');
}

/**
 * The cells that may be ranked, coloured on a map, or have an extreme or a median taken, in descending order: the shown ones
 * only. The rank of a hidden cell says between which two shown numbers it lies.
 */
export function rankShown<Cell extends { readonly status: CellStatus; readonly value: number }>(
  cells: readonly Cell[],
): Cell[] {
  return cells.filter(({ status }) => status === 'SHOWN').sort((left, right) => right.value - left.value);
}
