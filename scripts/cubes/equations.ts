import { type CubeTable, tableName } from '../../lib/cubes/cube-definition.ts';
import type { SumEquation } from '../../sharing/disclosure/system.ts';
import { type CountedCube, keyOf } from './assemble.ts';

export type Measure = 'COUNT' | 'SUM';

/** The name of a cell in the system, the same in every release. */
export function cellId(
  measure: Measure,
  at: { readonly table: string; readonly place: string; readonly key: string },
): string {
  return `${measure}:${at.table}|${at.place}|${at.key}`;
}

/**
 * All sums that anybody who reads the tables can form: over a dimension, within a place, between a table and the next coarser
 * ones; and over the parts of a division, of the same values. The rest of a division is one of its parts, or the parts
 * would not add up.
 */
export function allEquations(counted: CountedCube): SumEquation[] {
  const summed = { ...counted, tables: counted.tables.filter((table) => hasSum(counted, table)) };
  return [...equationsOf(counted, 'COUNT'), ...equationsOf(summed, 'SUM')];
}

/** Whether the cells of a table have a sum beside their count. */
export function hasSum({ cube }: Pick<CountedCube, 'cube'>, { countsOnly }: CubeTable): boolean {
  return cube.sum !== undefined && !countsOnly;
}

function equationsOf(counted: CountedCube, measure: Measure): SumEquation[] {
  return [...overDimensions(counted, measure), ...overDivisions(counted, measure)];
}

function* overDimensions({ cells, tables }: CountedCube, measure: Measure): Generator<SumEquation> {
  for (const fine of tables)
    for (const [place, ofPlace] of cells.get(tableName(fine.by)) ?? []) {
      const here = tables.filter(({ by }) => cells.get(tableName(by))?.has(place));
      for (const coarse of here) {
        if (
          !isNextCoarser(
            coarse.by,
            fine.by,
            here.map(({ by }) => by),
          )
        )
          continue;
        const indexes = coarse.by.map((name) => fine.by.indexOf(name));
        const parts = new Map<string, string[]>();
        for (const [key, { values }] of ofPlace) {
          const above = keyOf(indexes.map((index) => values[index] ?? null));
          const ids = parts.get(above) ?? [];
          parts.set(above, ids);
          ids.push(cellId(measure, { table: tableName(fine.by), place, key }));
        }
        for (const [key, ids] of parts)
          yield { total: cellId(measure, { table: tableName(coarse.by), place, key }), parts: ids };
      }
    }
}

/** Whether a table is a margin of another with no listed table between them: sums further up follow from those. */
function isNextCoarser(
  coarse: readonly string[],
  fine: readonly string[],
  all: readonly (readonly string[])[],
): boolean {
  const isWithin = (one: readonly string[], other: readonly string[]): boolean =>
    one.length < other.length && one.every((name) => other.includes(name));
  return isWithin(coarse, fine) && !all.some((between) => isWithin(coarse, between) && isWithin(between, fine));
}

function* overDivisions({ cells, tables, places }: CountedCube, measure: Measure): Generator<SumEquation> {
  for (const { by } of tables) {
    const table = tableName(by);
    const parts = new Map<string, string[]>();
    for (const [place, ofPlace] of cells.get(table) ?? []) {
      const parent = places.get(place)?.parent;
      if (parent === null || parent === undefined) continue;
      for (const key of ofPlace.keys()) {
        const total = cellId(measure, { table, place: parent, key });
        const ids = parts.get(total) ?? [];
        parts.set(total, ids);
        ids.push(cellId(measure, { table, place, key }));
      }
    }
    for (const [total, ids] of parts) yield { total, parts: ids };
  }
}
