import type { Protection, TableSystem } from './system.ts';

export interface Utility {
  /** What the cells were grouped by, e.g. table and level. */
  readonly group: string;
  /** Cells that are not zero: zeros are never hidden. */
  readonly cells: number;
  /** Hidden by the rules alone, and hidden in all. */
  readonly primary: number;
  readonly hidden: number;
  /** Σ of what is shown in Σ of all, 0 to 1. */
  readonly shownShare: number;
}

/** What protection costs: for each group of cells the number hidden, against what the rules alone hide. Groups by name. */
export function utilityOf(system: TableSystem, protection: Protection, groupOf: (id: string) => string): Utility[] {
  const groups = new Map<string, { cells: number; primary: number; hidden: number; total: number; shown: number }>();
  for (const { id, value } of system.cells) {
    if (value === 0) continue;
    const name = groupOf(id);
    const group = groups.get(name) ?? { cells: 0, primary: 0, hidden: 0, total: 0, shown: 0 };
    groups.set(name, group);
    const cell = protection.cells.get(id);
    const hidden = cell?.status !== 'SHOWN';
    group.cells += 1;
    group.total += value;
    if (cell !== undefined && cell.rules.length > 0) group.primary += 1;
    if (hidden) group.hidden += 1;
    else group.shown += value;
  }
  return [...groups]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([group, { cells, primary, hidden, total, shown }]) => ({
      group,
      cells,
      primary,
      hidden,
      shownShare: shown / total,
    }));
}
