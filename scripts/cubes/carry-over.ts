import { type CubeLevel, type CubeTable, tableName } from '../../lib/cubes/cube-definition.ts';
import type { CarriedOver } from '../../lib/cubes/models.ts';
import type { CountedCube } from './assemble.ts';
import { placedCells } from './system.ts';

/** Why a cell's number could be told: `id` as in the system of the cube. */
export interface Opening {
  readonly id: string;
  /** Names the cell, never its value. */
  readonly sentence: string;
}

/** A table at its finest level. */
export interface Leaf {
  readonly table: CubeTable;
  readonly level: CubeLevel;
}

const FINEST_FIRST: readonly CubeLevel[] = ['TOWNSHIP', 'COUNTY', 'PREFECTURE'];

/** The levels that a cube holds after some were carried over: the finest always goes first, so that no gap is left. */
export function withoutLeaf(tables: readonly CubeTable[], { table, level }: Leaf): readonly CubeTable[] {
  return tables
    .map((each) => (each === table ? { ...each, levels: each.levels.filter((one) => one !== level) } : each))
    .filter(({ levels }) => levels.length > 0);
}

/** The cells of these tables at these levels only. */
export function limitedTo(counted: CountedCube, tables: readonly CubeTable[]): CountedCube {
  const cells = new Map(
    tables.map(({ by, levels }) => {
      const places = [...(counted.cells.get(tableName(by)) ?? [])];
      const held = places.filter(([place]) => levels.some((level) => level === counted.places.get(place)?.level));
      return [tableName(by), new Map(held)] as const;
    }),
  );
  return { ...counted, tables, cells };
}

/**
 * Which level of which table to leave out next, so that what is left can be protected: of the tables that have to do with an open
 * cell, the finest level first, then the table of the most dimensions, then the one with the most open cells. Totals go last:
 * they are the sums of all others, and what readers ask for first.
 */
export function nextLeaf(counted: CountedCube, openings: readonly Opening[]): Leaf | undefined {
  const placed = placedCells(counted, 'GENERAL', new Set());
  // A cell of an earlier release has the table of the same cell now.
  const open = openings.map(({ id }) => placed.get(id.split('@')[0] ?? id)?.table ?? '');
  const count = (table: CubeTable): number => open.filter((name) => name === tableName(table.by)).length;
  const isTied = (table: CubeTable): boolean => open.some((name) => isWithin(name, table) || isWithin(table, name));
  const leaves = counted.tables.flatMap((table): Leaf[] => {
    const level = table.levels.at(-1);
    return level ? [{ table, level }] : [];
  });
  const rank = ({ table, level }: Leaf): readonly number[] => [
    table.by.length === 0 ? 1 : 0,
    isTied(table) ? 0 : 1,
    FINEST_FIRST.indexOf(level),
    -table.by.length,
    -count(table),
    -counted.tables.indexOf(table),
  ];
  return leaves.sort((one, other) => compare(rank(one), rank(other)))[0];
}

/** What is told of a level that was left out. */
export function carriedOver(
  cube: string,
  { table, level }: Leaf,
  { from, openings }: { readonly from: number | null; readonly openings: readonly Opening[] },
): CarriedOver {
  const more = openings.length > 1 ? ` (and ${openings.length - 1} others)` : '';
  return {
    table: `${cube}/${tableName(table.by)}`,
    level,
    from,
    reason: `With it, ${openings[0]?.sentence ?? 'a cell could be told'}${more}.`,
  };
}

/** Whether one table's dimensions are among those of the other; the total is of every table and ties none. */
function isWithin(one: CubeTable | string, other: CubeTable | string): boolean {
  const [inner, outer] = [dimensionsOf(one), dimensionsOf(other)];
  return inner.length > 0 && inner.every((name) => outer.includes(name));
}

function dimensionsOf(table: CubeTable | string): readonly string[] {
  return typeof table === 'string' ? table.split(',').filter((name) => name !== '') : table.by;
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [index, left] of one.entries()) {
    const right = other[index] ?? 0;
    if (left !== right) return left - right;
  }
  return 0;
}
