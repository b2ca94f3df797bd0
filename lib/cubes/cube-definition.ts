import type { Connection } from 'mongoose';
import { HubError } from '../errors.ts';

/** Levels of division at which tables are published; villages and provinces have none. */
export type CubeLevel = 'PREFECTURE' | 'COUNTY' | 'TOWNSHIP';

/** Where a row lies in a dimension; null where the register does not say, or says what the standard does not know. */
export type CubeValue = string | null;

export interface CubeDimension {
  /** As in the GraphQL enum of dimensions, such as AGE_BAND. */
  readonly name: string;
  /** All its values, in the order in which answers list them. Any other value of a row counts as null. */
  readonly values?: readonly string[] | undefined;
  /** Values about health or low income: their cells have the threshold of sensitive tables. */
  readonly sensitive?: readonly string[] | undefined;
}

/** One listed combination of dimensions; no other exists, whatever is asked. */
export interface CubeTable {
  /** Names of dimensions in the cube's own order; none is the total. */
  readonly by: readonly string[];
  /** From the coarsest on, without a gap. */
  readonly levels: readonly CubeLevel[];
  /** YEAR: only the first period of a calendar year that is released has it, as fine tables over time give single persons away. */
  readonly every: 'MONTH' | 'YEAR';
  /** Ethnic group, health, low income: a higher threshold for every audience. */
  readonly sensitive?: true | undefined;
  /** Of a cube with a sum: the table has counts alone. */
  readonly countsOnly?: true | undefined;
}

/** One row as a cube counts it. */
export interface CubeRow {
  /** Finest known division, 6, 9 or 12 digits; absent where rows end at the county. */
  readonly division?: string | undefined;
  /** One for each dimension, in their order. */
  readonly values: readonly CubeValue[];
  /** Whole number to be added up; absent where the row has none. */
  readonly amount?: number | undefined;
  /** Whose amount it is: rows of one contributor are one respondent. The row itself when absent. */
  readonly contributor?: string | undefined;
}

/** How the rows of a department's store are read for a cube. */
export interface CubeRows {
  /** About how many rows there are, for telling how far a build is. */
  about(): Promise<number>;
  /** County codes that rows bear, old and wrong ones included. */
  counties(asOf: string): Promise<readonly string[]>;
  read(county: string, asOf: string): AsyncIterable<CubeRow>;
}

/** What one department counts, and which tables of it are published. */
export interface CubeDefinition {
  readonly name: string;
  readonly title: string;
  /** 计量单位 of the counts. */
  readonly unit: string;
  /** 口径: what is counted, and how. */
  readonly definition: string;
  readonly dimensions: readonly CubeDimension[];
  readonly tables: readonly CubeTable[];
  /** What is added up besides, in every table: a whole number of this unit. */
  readonly sum?: { readonly title: string; readonly unit: string } | undefined;
  rows(connection: Connection): CubeRows;
}

const LEVELS: readonly CubeLevel[] = ['PREFECTURE', 'COUNTY', 'TOWNSHIP'];

/** Name of a table: its dimensions joined by a comma, empty for the total. */
export function tableName(by: readonly string[]): string {
  return by.join(',');
}

/**
 * The listed table of these dimensions, in whatever order they are given.
 * @throws HubError BAD_USER_INPUT naming the tables that there are.
 */
export function listedTable(cube: CubeDefinition, by: readonly string[]): CubeTable {
  const wanted = tableName(inOrder(cube, by));
  const table = cube.tables.find((each) => tableName(each.by) === wanted);
  if (table && new Set(by).size === by.length) return table;
  const listed = cube.tables.map((each) => `[${each.by.join(', ')}]`).join(' ');
  throw new HubError('BAD_USER_INPUT', `by: no such table is published. Ask for one of these: ${listed}.`);
}

/**
 * Checks what a mistake in a definition would make unsafe or silently wrong.
 * @throws RangeError naming the cube and the table.
 */
export function checkCube(cube: CubeDefinition): void {
  const names = new Set<string>();
  for (const { by, levels } of cube.tables) {
    const name = tableName(by);
    const place = `cube ${cube.name}, table [${name}]`;
    if (names.has(name)) throw new RangeError(`${place}: listed twice`);
    names.add(name);
    if (tableName(inOrder(cube, by)) !== name || by.some((each) => !cube.dimensions.some((d) => d.name === each)))
      throw new RangeError(`${place}: not dimensions of the cube in its order`);
    if (levels.length === 0 || tableName(LEVELS.slice(0, levels.length)) !== tableName(levels))
      throw new RangeError(`${place}: levels must begin at PREFECTURE and leave none out`);
  }
  if (!names.has('')) throw new RangeError(`cube ${cube.name}: the total must be listed`);
}

function inOrder({ dimensions }: CubeDefinition, by: readonly string[]): readonly string[] {
  const known = dimensions.map(({ name }) => name).filter((name) => by.includes(name));
  return [...known, ...by.filter((name) => !known.includes(name))];
}
