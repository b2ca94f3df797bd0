import type { RawCell } from '../../lib/cubes/models.ts';

/** Contributors that are kept by name: more than any rule looks at, few enough to store. */
const NAMED = 16;

/** The largest contributions, the largest first. */
export function mostNamed(amounts: ReadonlyMap<string, number>): [name: string, amount: number][] {
  return [...amounts].sort(([, one], [, other]) => other - one).slice(0, NAMED);
}

/**
 * One cell of the rows of several. Counts and sums are exact. Contributors of parts that name all of theirs are exact as well;
 * of others a contribution is taken for as large as it can be and their number for as small, so that the rules hide rather too
 * much: who stands in no list of a part contributes there at most what the last of the list does.
 */
export function mergeCells(cells: readonly RawCell[]): RawCell {
  const [first] = cells;
  if (!first) throw new RangeError('there is no cell to merge');
  const count = cells.reduce((total, cell) => total + cell.count, 0);
  if (cells.length === 1 || first.sum === undefined) return { ...first, count };
  const sum = cells.reduce((total, cell) => total + (cell.sum ?? 0), 0);
  const amounts = new Map<string, number>();
  for (const { top = [] } of cells)
    for (const [name, amount] of top) amounts.set(name, (amounts.get(name) ?? 0) + amount);
  const cut = cells.filter(({ contributors = 0, top = [] }) => contributors > top.length);
  for (const { top = [] } of cut) {
    const names = new Set(top.map(([name]) => name));
    const most = top.at(-1)?.[1] ?? 0;
    for (const [name, amount] of amounts) if (!names.has(name)) amounts.set(name, Math.min(sum, amount + most));
  }
  const contributors =
    cut.length === 0 ? amounts.size : Math.max(amounts.size, ...cells.map((cell) => cell.contributors ?? 0));
  return { values: first.values, count, sum, contributors, top: mostNamed(amounts) };
}
