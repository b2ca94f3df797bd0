import { type Audience, thresholdOf } from '../../lib/cubes/audience.ts';
import { type CubeTable, tableName } from '../../lib/cubes/cube-definition.ts';
import type { RawCell } from '../../lib/cubes/models.ts';
import { isRest } from '../../lib/cubes/place.ts';
import type { EarlierRelease, SumEquation, SystemCell, TableSystem } from '../../sharing/disclosure/system.ts';
import type { CountedCube } from './assemble.ts';
import { allEquations, cellId, hasSum, type Measure } from './equations.ts';

/** A cell of the system and where it stands in the tables. */
export interface PlacedCell {
  readonly measure: Measure;
  readonly table: string;
  readonly place: string;
  readonly key: string;
  readonly cell: RawCell;
  readonly threshold: number;
}

/**
 * Where the narrower audience has the threshold of the wider one: blocks of cells (see `blockOf`), or ALL, but for single cells
 * (see `exceptOf`) that it was shown before. A low threshold shows cells that the wider audience is told to be small; both
 * statements together can leave a neighbour no room.
 */
export type Raised = ReadonlySet<string>;

export function exceptOf(id: string): string {
  return `=${id}`;
}

export const ALL = '*';

/** The cells of one table in the parts of one division. */
export function blockOf({ places }: CountedCube, { table, place }: Pick<PlacedCell, 'table' | 'place'>): string {
  return `${table}|${places.get(place)?.parent ?? place}`;
}

/** Every count and, of a cube with one, every sum, by the name of its cell. */
export function placedCells(counted: CountedCube, audience: Audience, raised: Raised): Map<string, PlacedCell> {
  const placed = new Map<string, PlacedCell>();
  for (const definition of counted.tables) {
    const measures: readonly Measure[] = hasSum(counted, definition) ? ['COUNT', 'SUM'] : ['COUNT'];
    const table = tableName(definition.by);
    for (const [place, ofPlace] of counted.cells.get(table) ?? [])
      for (const [key, cell] of ofPlace) {
        const sensitive = isSensitive(counted, definition, cell);
        const inBlock = raised.has(ALL) || raised.has(blockOf(counted, { table, place }));
        for (const measure of measures) {
          const id = cellId(measure, { table, place, key });
          const isRaised = inBlock && !raised.has(exceptOf(id));
          const threshold = thresholdOf(isRaised ? 'GENERAL' : audience, { sensitive });
          placed.set(id, { measure, table, place, key, cell, threshold });
        }
      }
  }
  return placed;
}

export function valueOf({ measure, cell }: Pick<PlacedCell, 'measure' | 'cell'>): number {
  return measure === 'COUNT' ? cell.count : (cell.sum ?? 0);
}

/**
 * The system of one cube for one audience: what is to be protected, and all that is known besides.
 * @param further equations to earlier releases, for divisions that were merged since.
 */
export function systemOf(
  counted: CountedCube,
  audience: Audience,
  known: {
    readonly earlier: readonly EarlierRelease[];
    readonly further: readonly SumEquation[];
    readonly wider: TableSystem['wider'];
    readonly raised: Raised;
    /** The cells of before whose sum one is. */
    readonly replaces?: (placed: PlacedCell) => readonly string[] | undefined;
    /** Sums that are in no table. */
    readonly sums?: readonly SystemCell[];
    /** Ids of cells that a narrower audience must not see. */
    readonly withheld?: ReadonlySet<string>;
  },
): TableSystem {
  const cells = [...placedCells(counted, audience, known.raised)].map(([id, placed]): SystemCell => {
    const replaces = known.replaces?.(placed);
    const cell = {
      ...systemCell(id, placed),
      ...(changesOpenly(counted, placed) && { changesOpenly: true }),
      ...(replaces && { replaces }),
    };
    return isRest(placed.place) || known.withheld?.has(id) === true ? { ...cell, hidden: true } : cell;
  });
  const equations = [...allEquations(counted), ...known.further];
  const all = [...cells, ...(known.sums ?? [])];
  return { cells: all, equations, earlier: known.earlier, ...(known.wider && { wider: known.wider }) };
}

/**
 * That a county of many thousands grew by one says of nobody who or what he is. In a township, where a neighbour may know who
 * moved, and where a sensitive table has no dimension, what the count is of says something already.
 */
export function changesOpenly({ tables, places }: CountedCube, { measure, table, place }: PlacedCell): boolean {
  if (measure !== 'COUNT' || table !== '' || isRest(place)) return false;
  const total = tables.find(({ by }) => by.length === 0);
  const level = places.get(place)?.level;
  return total?.sensitive !== true && (level === 'COUNTY' || level === 'PREFECTURE');
}

function systemCell(id: string, placed: PlacedCell): SystemCell {
  const { measure, cell, threshold } = placed;
  const common = { id, value: valueOf(placed), kind: measure, threshold };
  if (measure === 'COUNT') return common;
  return {
    ...common,
    contributors: cell.contributors ?? 0,
    rows: cell.count,
    largest: (cell.top ?? []).map(([, amount]) => amount),
  };
}

function isSensitive({ cube }: CountedCube, { by, sensitive }: CubeTable, { values }: RawCell): boolean {
  if (sensitive) return true;
  return by.some((name, index) => {
    const dimension = cube.dimensions.find((each) => each.name === name);
    const value = values[index];
    return typeof value === 'string' && dimension?.sensitive?.includes(value) === true;
  });
}
