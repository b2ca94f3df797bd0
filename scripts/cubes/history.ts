import { predecessorsOf } from '../../lib/codes/division-changes.ts';
import type { Audience } from '../../lib/cubes/audience.ts';
import { holdsTable } from '../../lib/cubes/choose-release.ts';
import { type CubeDefinition, type CubeLevel, type CubeTable, tableName } from '../../lib/cubes/cube-definition.ts';
import { type CubeModels, type CubeReleaseRecord, type RawCell } from '../../lib/cubes/models.ts';
import { isRest, placeOfCounty, restOf } from '../../lib/cubes/place.ts';
import type { CellStatus, EarlierRelease } from '../../sharing/disclosure/system.ts';
import { assemble, type CountedCube } from './assemble.ts';
import { limitedTo } from './carry-over.ts';
import { allEquations, cellId } from './equations.ts';
import { mergeCells } from './merge-cells.ts';
import { changesOpenly, placedCells, type Raised, valueOf } from './system.ts';

/** Releases against which a new one is checked: those of a year, and the last that has each table. */
const LOOKED_BACK = 12;

/** What an earlier release counted, under the codes of today where one code became another, and what it showed. */
export interface PastRelease {
  readonly number: number;
  readonly counted: CountedCube;
  readonly shown: Readonly<Record<Audience, ReadonlyMap<string, CellStatus>>>;
  /** Rests of divisions that could be computed. */
  readonly computable: Readonly<Record<Audience, ReadonlySet<string>>>;
  readonly raised: Raised;
}

/** The published releases of a cube before this one, the oldest first. */
export async function pastReleases(
  models: CubeModels,
  cube: CubeDefinition,
  { number, asOf }: { readonly number: number; readonly asOf: string },
): Promise<readonly PastRelease[]> {
  const releases = await models.releases
    .find({ state: 'PUBLISHED', _id: { $lt: number } })
    .sort({ _id: -1 })
    .lean();
  const recent = new Set(releases.slice(0, LOOKED_BACK));
  for (const { table, level } of levelsOf(cube)) {
    const last = releases.find((release) => holdsTable(release, { table, level }));
    if (last) recent.add(last);
  }
  const known = [...recent].sort((one, other) => one._id - other._id);
  return Promise.all(known.map((release) => readPast(models, { cube, release, asOf })));
}

/** The release that answers for a level of a table that is carried over; null where none has it. */
export function lastWith(past: readonly PastRelease[], { by, level }: { by: readonly string[]; level: CubeLevel }) {
  const last = past.findLast(({ counted }) =>
    counted.tables.some((each) => tableName(each.by) === tableName(by) && each.levels.includes(level)),
  );
  return last?.number ?? null;
}

function levelsOf({ name, tables }: CubeDefinition): { table: string; level: CubeLevel }[] {
  return tables.flatMap(({ by, levels }) => levels.map((level) => ({ table: `${name}/${tableName(by)}`, level })));
}

/** The tables of a release at the levels that it has. */
function heldTables({ name, tables }: CubeDefinition, release: CubeReleaseRecord): readonly CubeTable[] {
  return tables
    .map((each) => {
      const table = `${name}/${tableName(each.by)}`;
      return { ...each, levels: each.levels.filter((level) => holdsTable(release, { table, level })) };
    })
    .filter(({ levels }) => levels.length > 0);
}

async function readPast(
  models: CubeModels,
  {
    cube,
    release,
    asOf,
  }: { readonly cube: CubeDefinition; readonly release: CubeReleaseRecord; readonly asOf: string },
): Promise<PastRelease> {
  const held = heldTables(cube, release);
  const counts = await models.counts.find(within(`${release._id}/${cube.name}/`)).lean();
  const renamed = renaming(
    counts.flatMap(({ parts }) => parts.map(({ place }) => place)),
    asOf,
  );
  const records = counts.map((record) => ({
    ...record,
    parts: record.parts.map((part) => ({ ...part, place: renamed.get(part.place) ?? part.place })),
  }));
  const protectionFor = (audience: Audience) =>
    models.protections.findById(`${release._id}/${audience}/${cube.name}`).lean();
  const [general, leader] = [await protectionFor('GENERAL'), await protectionFor('LEADER')];
  const told = (ids: readonly string[] = []): ReadonlySet<string> => new Set(ids.map((id) => renamedId(id, renamed)));
  return {
    number: release._id,
    raised: new Set(leader?.raised),
    counted: limitedTo(assemble(cube, held, records, mergeCells), held),
    shown: {
      GENERAL: await statuses(models, `${release._id}/GENERAL/${cube.name}/`, renamed),
      LEADER: await statuses(models, `${release._id}/LEADER/${cube.name}/`, renamed),
    },
    computable: { GENERAL: told(general?.computable), LEADER: told(leader?.computable) },
  };
}

/** The filter for keys that begin so, '/' last: '0' is the character after it. */
export function within(prefix: string): { _id: { $gte: string; $lt: string } } {
  return { _id: { $gte: prefix, $lt: `${prefix.slice(0, -1)}0` } };
}

/**
 * The code of today of each county that has another one now and became it alone, of its rest and of its townships, which keep
 * what follows the county's code. Of merged counties each keeps its old code: the new one is their sum, which is an equation and
 * not the same number.
 */
export function renaming(places: readonly string[], asOf: string): ReadonlyMap<string, string> {
  const counties = [...new Set(places)].filter((code) => /^\d{6}$/.test(code));
  const now = counties.map((code) => [code, placeOfCounty(code, asOf)?.county ?? code] as const);
  const renamed = new Map<string, string>();
  for (const [code, to] of now)
    if (code !== to && predecessorsOf(to).every((each) => each.code === code || !counties.includes(each.code))) {
      renamed.set(code, to);
      renamed.set(restOf(code), restOf(to));
      for (const place of places)
        if (place.length > 6 && !isRest(place) && place.startsWith(code)) renamed.set(place, to + place.slice(6));
    }
  return renamed;
}

export function renamedId(id: string, renamed: ReadonlyMap<string, string>): string {
  const [table = '', place = '', ...key] = id.split('|');
  return [table, renamed.get(place) ?? place, ...key].join('|');
}

async function statuses(
  models: CubeModels,
  prefix: string,
  renamed: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, CellStatus>> {
  const found = new Map<string, CellStatus>();
  for (const { _id, cells } of await models.tables.find(within(prefix)).lean()) {
    const [, , , table = '', division = ''] = _id.split('/');
    const place = renamed.get(division) ?? division;
    for (const { values, suppressed, sumSuppressed } of cells) {
      const key = JSON.stringify(values);
      found.set(cellId('COUNT', { table, place, key }), suppressed ?? 'SHOWN');
      found.set(cellId('SUM', { table, place, key }), sumSuppressed ?? 'SHOWN');
    }
  }
  return found;
}

/** An earlier release as an audience knows it. The rest of a division was never shown, but may be what is left of a sum. */
export function asKnown(
  { number, counted, shown, computable, raised }: PastRelease,
  audience: Audience,
): EarlierRelease {
  const toAll = placedCells(counted, 'GENERAL', raised);
  const cells = [...placedCells(counted, audience, raised)].map(([id, placed]) => {
    const statusFor = (to: Audience): CellStatus =>
      isRest(placed.place) ? (computable[to].has(id) ? 'SHOWN' : 'SECONDARY') : (shown[to].get(id) ?? 'SHOWN');
    const { measure, threshold, cell: raw } = placed;
    const cell = {
      ...{ id, value: valueOf(placed), status: statusFor(audience), kind: measure, threshold },
      ...(measure === 'SUM' && { contributors: raw.contributors ?? 0, rows: raw.count }),
      ...(changesOpenly(counted, placed) && { changesOpenly: true }),
    };
    const wider = { status: statusFor('GENERAL'), threshold: toAll.get(id)?.threshold ?? placed.threshold };
    return audience === 'GENERAL' ? cell : { ...cell, wider };
  });
  return { name: String(number), cells, equations: allEquations(counted) };
}

/**
 * Adds to a count the cells that the last release with the table had and that are zero now: that a number fell to nothing is a
 * change that the rules must see.
 */
export function withZeros(counted: CountedCube, past: readonly PastRelease[]): CountedCube {
  if (past.length === 0) return counted;
  const cells = new Map<string, ReadonlyMap<string, ReadonlyMap<string, RawCell>>>();
  for (const [table, ofTable] of counted.cells) {
    const places = new Map([...ofTable].map(([place, ofPlace]) => [place, new Map(ofPlace)]));
    for (const place of counted.places.keys()) {
      const before = past.findLast((each) => each.counted.cells.get(table)?.has(place))?.counted.cells.get(table);
      for (const [key, cell] of before?.get(place) ?? []) {
        const now = places.get(place) ?? new Map<string, RawCell>();
        places.set(place, now);
        if (!now.has(key)) now.set(key, zeroOf(cell));
      }
    }
    cells.set(table, places);
  }
  return { ...counted, cells };
}

function zeroOf({ values, sum }: RawCell): RawCell {
  return { values, count: 0, ...(sum !== undefined && { sum: 0, contributors: 0, top: [] }) };
}
