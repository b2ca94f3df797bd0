import { requireWhole } from '../row-scope.ts';
import type { SignedContext } from '../signed-context.ts';
import { type CubeDefinition, type CubeValue, listedTable } from './cube-definition.ts';
import type { Suppression } from './models.ts';
import type { ReleasedTables, StatisticalSource } from './released-tables.ts';

/** Arguments of a field that shows a table. */
export interface TableArguments {
  readonly by: readonly string[];
  readonly period?: string | null;
}

/** One line of a table as a count type of the schema shows it. */
export interface CountRow {
  readonly count: number | null;
  readonly suppressed: Suppression | null;
  readonly sum: number | null;
  readonly sumSuppressed: Suppression | null;
  readonly about: StatisticalSource;
  /** The value in a dimension; null where it is not counted by, or is not known. */
  readonly of: (dimension: string) => CubeValue;
}

interface Asking {
  readonly tables: ReleasedTables;
  readonly signed: SignedContext;
}

/**
 * The lines of a released table of a division; the total alone has one line, whatever it is.
 * @throws HubError PARTIAL_SCOPE where the caller may not read the whole division, and those of `ReleasedTables.table`.
 */
export async function countRows(
  cube: CubeDefinition,
  { code, by, period }: TableArguments & { readonly code: string },
  { tables, signed }: Asking,
): Promise<readonly CountRow[]> {
  requireWhole(signed.divisions, code);
  const { about, cells } = await tables.table(cube, { code, by, period });
  const { by: order, countsOnly } = listedTable(cube, by);
  const none = order.length === 0 && cells.length === 0;
  const zero = cube.sum && !countsOnly ? 0 : undefined;
  const shown = none ? [{ values: [], count: 0, suppressed: null, sum: zero, sumSuppressed: null }] : cells;
  return shown.map(({ values, count, suppressed, sum = null, sumSuppressed = null }) => ({
    ...{ count, suppressed, sum, sumSuppressed, about },
    of: (dimension) => values[order.indexOf(dimension)] ?? null,
  }));
}

interface At {
  readonly code: string;
  readonly period: string;
}

/**
 * The total of a division as released for a period, for numbers that are derived from it: null where it is suppressed, and where
 * no release of the period holds it.
 */
export async function totalAt(cube: CubeDefinition, at: At, asking: Asking): Promise<number | null> {
  const rows = await rowsAt(cube, { ...at, by: [] }, asking);
  // No cell is no row, so zero; a cell without a count is one that is suppressed.
  return rows === null ? null : rows[0] ? rows[0].count : 0;
}

/** The sum of a division as released for a period; null as `totalAt`. */
export async function sumAt(cube: CubeDefinition, at: At, asking: Asking): Promise<number | null> {
  const rows = await rowsAt(cube, { ...at, by: [] }, asking);
  if (rows === null || rows.length === 0) return rows && 0;
  return rows[0]?.sum ?? null;
}

/** What some cells of a table are together; null where one of them is suppressed, as it could be told from the sum. */
export async function partAt(
  cube: CubeDefinition,
  at: At & { readonly by: readonly string[]; readonly where: (values: readonly CubeValue[]) => boolean },
  asking: Asking,
): Promise<number | null> {
  const rows = (await rowsAt(cube, at, asking))?.filter(({ values }) => at.where(values));
  if (!rows || rows.some(({ count }) => count === null)) return null;
  return rows.reduce((sum, { count }) => sum + (count ?? 0), 0);
}

async function rowsAt(cube: CubeDefinition, at: At & { readonly by: readonly string[] }, { tables, signed }: Asking) {
  requireWhole(signed.divisions, at.code);
  return tables.cells(cube, at);
}
