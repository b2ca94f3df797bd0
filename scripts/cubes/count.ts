import { createHash } from 'node:crypto';
import {
  type CubeDefinition,
  type CubeRows,
  type CubeTable,
  type CubeValue,
  tableName,
} from '../../lib/cubes/cube-definition.ts';
import type { CubeCountRecord, RawCell } from '../../lib/cubes/models.ts';
import { type PlaceOfCounty, placeOfCounty, restOf } from '../../lib/cubes/place.ts';
import { mostNamed } from './merge-cells.ts';

type Counted = Pick<CubeCountRecord, 'rows' | 'prefecture' | 'parts'>;

/** Rows with the same values in all dimensions, in one township. */
interface Tally {
  readonly township: string;
  readonly values: readonly CubeValue[];
  count: number;
  /** By contributor. */
  readonly amounts: Map<string, number>;
}

interface Counting {
  readonly county: string;
  readonly asOf: string;
  readonly tables: readonly CubeTable[];
  readonly onRows: (rows: number) => void;
  readonly signal: AbortSignal;
}

/** Rows between two looks at the signal. */
const STRIDE = 5_000;

/**
 * One pass over the rows of a stored county code. Rows are tallied by all dimensions at once and the tables made from the
 * tallies, so that a row costs one look-up however many tables there are.
 * @returns undefined where the signal came first.
 */
export async function countCounty(
  cube: CubeDefinition,
  source: CubeRows,
  { county, asOf, tables, onRows, signal }: Counting,
): Promise<Counted | undefined> {
  const place = placeOfCounty(county, asOf);
  // Below a county that has another code now, the codes of its townships are others too.
  const keepsTownships = place?.county === county;
  const known = cube.dimensions.map(({ values }) => (values ? new Set(values) : undefined));
  const tallies = new Map<string, Tally>();
  let rows = 0;
  for await (const row of source.read(county, asOf)) {
    const values = row.values.map((value, index) =>
      value !== null && known[index]?.has(value) === false ? null : value,
    );
    const township = keepsTownships ? townshipOf(row.division, county) : '';
    const key = `${township} ${values.join('\u0001')}`;
    let tally = tallies.get(key);
    if (!tally) tallies.set(key, (tally = { township, values, count: 0, amounts: new Map() }));
    tally.count += 1;
    rows += 1;
    if (row.amount !== undefined) {
      const contributor = row.contributor ?? `#${rows}`;
      tally.amounts.set(contributor, (tally.amounts.get(contributor) ?? 0) + row.amount);
    }
    if (rows % STRIDE === 0) {
      onRows(STRIDE);
      if (signal.aborted) return undefined;
    }
  }
  onRows(rows % STRIDE);
  return { rows, prefecture: place?.prefecture ?? null, parts: place ? partsOf(cube, tallies, { place, tables }) : [] };
}

function townshipOf(division: string | undefined, county: string): string {
  return division !== undefined && division.length >= 9 && division.startsWith(county) ? division.slice(0, 9) : '';
}

function partsOf(
  cube: CubeDefinition,
  tallies: ReadonlyMap<string, Tally>,
  { place, tables }: { readonly place: PlaceOfCounty; readonly tables: readonly CubeTable[] },
): Counted['parts'] {
  const county = place.county ?? restOf(place.prefecture);
  const parts = new Map<string, { table: string; place: string; hasSum: boolean; cells: Map<string, Tally> }>();
  for (const { by, levels, countsOnly } of tables) {
    const hasSum = cube.sum !== undefined && !countsOnly;
    const indexes = by.map((name) => cube.dimensions.findIndex((each) => each.name === name));
    for (const tally of tallies.values()) {
      const values = indexes.map((index) => tally.values[index] ?? null);
      const places = [county];
      if (levels.includes('TOWNSHIP') && place.county !== null)
        places.push(tally.township === '' ? restOf(place.county) : tally.township);
      for (const at of places) {
        const key = `${tableName(by)} ${at}`;
        const part = parts.get(key) ?? { table: tableName(by), place: at, hasSum, cells: new Map<string, Tally>() };
        parts.set(key, part);
        add(part.cells, hasSum ? { ...tally, values } : { ...tally, values, amounts: NONE });
      }
    }
  }
  return [...parts.values()].map(({ cells, table, place: at, hasSum }) => ({
    table,
    place: at,
    cells: [...cells.values()].map((tally) => rawCell(tally, hasSum)),
  }));
}

const NONE: ReadonlyMap<string, number> = new Map();

type Adding = Pick<Tally, 'values' | 'count'> & { readonly amounts: ReadonlyMap<string, number> };

function add(cells: Map<string, Tally>, { values, count, amounts }: Adding): void {
  const key = values.join('\u0001');
  let cell = cells.get(key);
  if (!cell) cells.set(key, (cell = { township: '', values, count: 0, amounts: new Map() }));
  cell.count += count;
  for (const [contributor, amount] of amounts)
    cell.amounts.set(contributor, (cell.amounts.get(contributor) ?? 0) + amount);
}

function rawCell({ values, count, amounts }: Tally, hasSum: boolean): RawCell {
  if (!hasSum) return { values: [...values], count };
  let sum = 0;
  for (const amount of amounts.values()) sum += amount;
  const top = mostNamed(amounts).map(([name, amount]): [string, number] => [mark(name), amount]);
  return { values: [...values], count, sum, contributors: amounts.size, top };
}

/** Tells two contributors apart and nobody who they are. Two of one mark are taken for one, which hides more, never less. */
function mark(contributor: string): string {
  return createHash('sha256').update(contributor).digest('base64url').slice(0, 11);
}
