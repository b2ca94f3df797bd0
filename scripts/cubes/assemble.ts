import { type CubeDefinition, type CubeTable, tableName } from '../../lib/cubes/cube-definition.ts';
import type { CubeCountRecord, RawCell } from '../../lib/cubes/models.ts';
import { isRest, restOf } from '../../lib/cubes/place.ts';

/** A place of the system: a division, or the rest of one. */
export interface CountedPlace {
  readonly code: string;
  /** The place it is a part of; null for a prefecture. */
  readonly parent: string | null;
  readonly level: 'PREFECTURE' | 'COUNTY' | 'TOWNSHIP';
}

/** All raw cells of a cube: by table, by place, by values. */
export interface CountedCube {
  readonly cube: CubeDefinition;
  readonly tables: readonly CubeTable[];
  readonly places: ReadonlyMap<string, CountedPlace>;
  readonly cells: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, RawCell>>>;
}

type Cells = Map<string, Map<string, Map<string, RawCell[]>>>;

/** Puts the counts of the counties together, and adds them up to prefectures. */
export function assemble(
  cube: CubeDefinition,
  tables: readonly CubeTable[],
  records: readonly Pick<CubeCountRecord, 'prefecture' | 'parts'>[],
  merge: (cells: readonly RawCell[]) => RawCell,
): CountedCube {
  const places = new Map<string, CountedPlace>();
  const gathered: Cells = new Map();
  for (const { by } of tables) gathered.set(tableName(by), new Map());
  const levels = new Map(tables.map((table) => [tableName(table.by), table.levels]));
  for (const { prefecture, parts } of records) {
    if (prefecture === null) continue;
    places.set(prefecture, { code: prefecture, parent: null, level: 'PREFECTURE' });
    for (const { table, place: code, cells } of parts) {
      const place = placeOf(code, prefecture);
      places.set(code, place);
      for (const cell of cells) {
        if (levels.get(table)?.includes(place.level)) gather(gathered, { table, code, cell });
        if (place.level === 'COUNTY') gather(gathered, { table, code: prefecture, cell });
      }
    }
  }
  const merged = new Map<string, Map<string, Map<string, RawCell>>>();
  for (const [table, byPlace] of gathered) {
    const ofTable = new Map<string, Map<string, RawCell>>();
    for (const [code, byValues] of byPlace)
      ofTable.set(code, new Map([...byValues].map(([key, cells]) => [key, merge(cells)])));
    merged.set(table, ofTable);
  }
  return { cube, tables, places, cells: merged };
}

/** How cells of one combination of values are found. */
export function keyOf(values: RawCell['values']): string {
  return JSON.stringify(values);
}

function placeOf(code: string, prefecture: string): CountedPlace {
  if (code === restOf(prefecture) || (code.length === 6 && !isRest(code)))
    return { code, parent: prefecture, level: 'COUNTY' };
  return { code, parent: isRest(code) ? code.slice(0, -1) : code.slice(0, 6), level: 'TOWNSHIP' };
}

function gather(
  cells: Cells,
  { table, code, cell }: { readonly table: string; readonly code: string; readonly cell: RawCell },
): void {
  const ofTable = cells.get(table);
  if (!ofTable) return;
  const ofPlace = ofTable.get(code) ?? new Map<string, RawCell[]>();
  ofTable.set(code, ofPlace);
  const key = keyOf(cell.values);
  ofPlace.set(key, [...(ofPlace.get(key) ?? []), cell]);
}
