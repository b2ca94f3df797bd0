import { afterEach, describe, expect, it } from 'vitest';
import { checkCube, type CubeDefinition, listedTable } from '../../lib/cubes/cube-definition.ts';
import { audienceOf, thresholdOf } from '../../lib/cubes/audience.ts';
import { noRelease, type Release, releaseCarriedOver, releaseHolding } from '../../lib/cubes/choose-release.ts';
import { cubeModels } from '../../lib/cubes/models.ts';
import { periodBefore } from '../../lib/cubes/period-before.ts';
import { placeOfCounty } from '../../lib/cubes/place.ts';
import { forgetReleases } from '../../lib/cubes/published-releases.ts';
import { releasedTables } from '../../lib/cubes/released-tables.ts';
import type { SignedContext } from '../../lib/signed-context.ts';
import { buildCubes } from '../../scripts/cubes/build.ts';
import { listReleases } from '../../scripts/cubes/list.ts';
import { periodToBuild } from '../../scripts/cubes/period.ts';
import { type Farm, FARMS, farms, type FarmStore, farmStore } from './rows.ts';

const farm = (number: number, fields: Partial<Farm> = {}): Farm => ({
  ...{ county: '532301', division: '532301101', crop: 'rice', size: 'small', yield: 100, owner: `o${number}` },
  ...fields,
});
const many = (count: number, fields: Partial<Farm> = {}): Farm[] =>
  Array.from({ length: count }, (_, index) => farm(index, { ...fields, owner: `${fields.county ?? ''}${index}` }));

const signedFor = (roles: readonly string[]): SignedContext => ({
  caller: { department: 'government-office', application: 'dashboard', roles },
  ...{ fetches: [], asked: [], internal: [], divisions: ['*'], grants: [], epoch: 1, release: 'test' },
});

let stores: FarmStore[] = [];
afterEach(async () => {
  for (const store of stores) await store.close();
  stores = [];
});

async function storeOf(rows: readonly Farm[], name = 'farms'): Promise<FarmStore> {
  const store = await farmStore(rows, name);
  stores.push(store);
  return store;
}

const build = (on: readonly FarmStore[], period: string) => buildCubes(on, { period, asOf: `${period}-22` });
const countsOf = async (store: FarmStore, roles: readonly string[], asked: { by?: string[]; period?: string } = {}) => {
  const reader = releasedTables(store.connection, signedFor(roles), 'agriculture');
  const { about, cells } = await reader.table(FARMS, { code: '532300', by: asked.by ?? [], period: asked.period });
  return { about, counts: cells.map(({ values, count, suppressed }) => [...values, count ?? suppressed]) };
};

describe('a statistical release', { timeout: 60_000 }, () => {
  it('is read by its period, the latest where none is named, and stays as it was', async () => {
    const store = await storeOf(many(40));
    await build([store], '2026-10');
    await farms(store.connection).insertMany(many(20, { county: '532302', division: '532302' }));
    await build([store], '2026-11');
    expect(await countsOf(store, [])).toMatchObject({ counts: [[60]], about: { release: 2, period: '2026-11' } });
    for (const period of ['2026-10', '2026-10', '2026'])
      expect((await countsOf(store, [], { period })).counts).toEqual([[period === '2026' ? 60 : 40]]);
    expect((await countsOf(store, [], { period: '2026-Q4' })).about).toMatchObject({ release: 2, asOf: '2026-11-22' });
  });

  it('that was begun too long ago to be counted is dropped, or said to be whole where a store had published it', async () => {
    const [one, other] = [await storeOf(many(40)), await storeOf(many(30), 'others')];
    const begin = (period: string) =>
      buildCubes([one, other], { period, asOf: `${period}-22`, signal: AbortSignal.abort() });
    expect(await begin('2026-06')).toMatchObject({ kind: 'INTERRUPTED', release: 1 });
    await expect(build([one, other], '2026-07')).rejects.toThrow('hub cubes build --period 2026-06');
    expect(await build([one, other], '2026-08')).toMatchObject({
      ...{ kind: 'PUBLISHED', release: 1, period: '2026-08' },
      ended: { release: 1, period: '2026-06', as: 'DROPPED' },
    });
    // As a process leaves them that is killed while it publishes.
    await cubeModels(other.connection).releases.updateOne(
      { _id: 1 },
      { $set: { state: 'BUILDING' }, $unset: { publishedAt: 1 } },
    );
    forgetReleases(other.connection);
    await expect(countsOf(other, [])).rejects.toThrow('No statistical release holds this table yet');
    const next = await build([one, other], '2026-11');
    expect(next).toMatchObject({
      kind: 'PUBLISHED',
      release: 2,
      ended: { release: 1, period: '2026-08', as: 'COMPLETED' },
    });
    expect((await countsOf(other, [], { period: '2026-08' })).counts).toEqual([[30]]);
  });

  it('of a period that was released before is a revision, and the first one is still there', async () => {
    const store = await storeOf(many(40));
    await build([store], '2026-11');
    const before = await cubeModels(store.connection).tables.find().sort({ _id: 1 }).lean();
    await farms(store.connection).insertMany(many(30, { county: '532302', division: '532302' }));
    await build([store], '2026-11');
    expect(await countsOf(store, [])).toMatchObject({ counts: [[70]], about: { release: 2, status: 'REVISED' } });
    expect(await cubeModels(store.connection).tables.find({ _id: /^1\// }).sort({ _id: 1 }).lean()).toEqual(before);
  });

  it('has the fine tables with the first period of a year only, and shows the last ones there are', async () => {
    const store = await storeOf(many(40));
    await build([store], '2026-10');
    await build([store], '2026-11');
    await build([store], '2027-01');
    const periodsOf = async (by: string[], period?: string) =>
      (await countsOf(store, [], { by, ...(period !== undefined && { period }) })).about.period;
    expect(await periodsOf(['CROP', 'SIZE'])).toBe('2027-01');
    expect(await periodsOf(['CROP', 'SIZE'], '2026')).toBe('2026-10');
    expect(await periodsOf(['CROP'], '2026')).toBe('2026-11');
    await expect(periodsOf(['CROP', 'SIZE'], '2026-11')).rejects.toThrow(/released for 2026-10, 2027-01/);
  });

  it('has one number in all stores, also where a process died between two of them', async () => {
    const [one, other] = [await storeOf(many(40), 'farms'), await storeOf(many(25), 'gardens')];
    await build([one, other], '2026-10');
    await buildCubes([one, other], { period: '2026-11', asOf: '2026-11-22', signal: AbortSignal.abort() });
    // As if it had been killed after the first store was published: the other is finished, the first not touched.
    await build([one], '2026-11');
    const dated = await cubeModels(one.connection).releases.findById(2).lean();
    expect(await listReleases([one, other])).toMatchObject([
      { release: 2, stores: ['farms', 'gardens'] },
      { release: 1 },
    ]);
    expect(await build([one, other], '2026-11')).toMatchObject({ kind: 'PUBLISHED', release: 2 });
    expect(await cubeModels(one.connection).releases.findById(2).lean()).toEqual(dated);
    for (const store of [one, other])
      expect(await cubeModels(store.connection).releases.distinct('_id', { state: 'PUBLISHED' })).toEqual([1, 2]);
  });

  it('hides from everybody what it hides, and tells leaders more only where their threshold is lower', async () => {
    const store = await storeOf([
      ...many(40),
      ...many(4, { crop: 'maize' }),
      ...many(30, { crop: 'sorghum' }),
      ...many(8, { crop: 'tobacco' }),
    ]);
    await build([store], '2026-11');
    const general = await countsOf(store, [], { by: ['CROP'] });
    const leader = await countsOf(store, ['leader'], { by: ['CROP'] });
    const of = (counts: unknown[][], crop: string | null) => counts.find(([each]) => each === crop)?.[1];
    expect(typeof of(general.counts, 'maize')).toBe('string');
    expect(of(leader.counts, 'maize')).toSatisfy((count) => count === 4 || typeof count === 'string');
    // Eight that are sensitive are too few for both.
    for (const { counts } of [general, leader]) expect(typeof of(counts, 'tobacco')).toBe('string');
    const stored = await cubeModels(store.connection).tables.find().lean();
    for (const { cells } of stored)
      for (const { count, suppressed } of cells) expect(count === null).toBe(suppressed !== null);
    expect(await countsOf(store, ['public', 'leader'], { by: ['CROP'] })).toEqual(general);
  });

  it('is of the divisions that its rows lie in: others are unknown, not empty', async () => {
    const store = await storeOf(many(40));
    await build([store], '2026-11');
    const reader = releasedTables(store.connection, signedFor([]), 'agriculture');
    const counts = (code: string) => reader.table(FARMS, { code, by: [] });
    expect((await counts('532322')).cells).toEqual([]);
    expect((await counts('532301101000')).cells).toMatchObject([{ count: 40 }]);
    for (const code of ['110101', '532331', '532300001'])
      await expect(counts(code)).rejects.toMatchObject({ code: 'NOT_PUBLISHED' });
    await expect(counts('53')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(counts('530000')).rejects.toThrow(/published for PREFECTURE, COUNTY, TOWNSHIP/);
    await expect(reader.cells(FARMS, { code: '532331', by: [] })).resolves.toBeNull();
  });
});

describe('the audience', () => {
  it('follows from the roles of the verified caller, the stricter one first', () => {
    expect(audienceOf({ roles: ['leader'] })).toBe('LEADER');
    for (const roles of [[], ['auditor'], ['public'], ['public', 'leader']])
      expect(audienceOf({ roles })).toBe('GENERAL');
    expect(thresholdOf('LEADER', { sensitive: false })).toBeLessThan(thresholdOf('GENERAL', { sensitive: false }));
    expect(thresholdOf('LEADER', { sensitive: true })).toBe(thresholdOf('GENERAL', { sensitive: true }));
  });
});

describe('rows of a county code', () => {
  const asOf = '2026-11-22';
  it.each([
    ['532301', { prefecture: '532300', county: '532301' }],
    ['532331', { prefecture: '532300', county: '532302' }],
    ['230705', { prefecture: '230700', county: '230751' }],
    ['230711', { prefecture: '230700', county: null }],
    ['532399', { prefecture: '532300', county: null }],
    ['532300', { prefecture: '532300', county: null }],
    ['999999', undefined],
    ['', undefined],
  ])('%s count for %j', (code, place) => {
    expect(placeOfCounty(code, asOf)).toEqual(place);
  });

  it('count for the code of the day', () => {
    expect(placeOfCounty('532331', '2020-06-30')).toEqual({ prefecture: '532300', county: '532331' });
  });
});

describe('a period to be built', () => {
  it('is this month or the last, and no other', () => {
    expect(periodToBuild(undefined, '2026-11-22')).toEqual({ period: '2026-11', asOf: '2026-11-22' });
    expect(periodToBuild('2025-12', '2026-01-03').period).toBe('2025-12');
    for (const period of ['2026-09', '2026-12', '2026', '2026-13'])
      expect(() => periodToBuild(period, '2026-11-22')).toThrow(/^--period: /);
    expect(['2026-01', '2026-11', '2026-Q1', '2026-Q3', '2026'].map(periodBefore)).toEqual([
      ...['2025-12', '2026-10', '2025-Q4', '2026-Q2', '2025'],
    ]);
  });
});

describe('the definition of a cube', () => {
  const cube = (tables: CubeDefinition['tables']): CubeDefinition => ({ ...FARMS, tables });
  const total = { by: [], levels: ['PREFECTURE'], every: 'MONTH' } as const;
  it.each([
    ['without a total', [{ ...total, by: ['CROP'] }], /the total must be listed/],
    ['with a table twice', [total, total], /listed twice/],
    ['with dimensions out of order', [total, { ...total, by: ['SIZE', 'CROP'] }], /in its order/],
    ['with a dimension it has not', [total, { ...total, by: ['AGE'] }], /in its order/],
    ['with a gap in its levels', [{ ...total, levels: ['PREFECTURE', 'TOWNSHIP'] }], /leave none out/],
  ] as const)('%s is refused', (_, tables, complaint) => {
    expect(() => checkCube(cube(tables))).toThrow(complaint);
  });

  it('lists its tables to who asks for another', () => {
    expect(listedTable(FARMS, ['SIZE', 'CROP']).by).toEqual(['CROP', 'SIZE']);
    expect(() => listedTable(FARMS, ['SIZE', 'SIZE'])).toThrow('one of these: [] [CROP] [SIZE] [CROP, SIZE].');
  });

  it('is of no release where there is none', () => {
    const releases: Release[] = [];
    expect(releaseHolding(releases, { table: 'farms/', level: 'COUNTY' })).toBeUndefined();
    expect(noRelease(releases, { table: 'farms/', level: 'COUNTY' }).message).toMatch(
      /No statistical release holds this table yet/,
    );
  });
});

describe('a table that the newest release had to leave out', () => {
  const all = ['farms/', 'farms/CROP'];
  const made = (_id: number, period: string, levels: readonly ('COUNTY' | 'TOWNSHIP')[] = []): Release => ({
    ...{ _id, period, asOf: `${period}-22`, revised: false, tables: all, prefectures: ['farms/532300'] },
    carriedOver: levels.map((level) => ({ table: 'farms/CROP', level, from: 1, reason: 'it could not be protected' })),
  });
  const releases = [made(1, '2026-10'), made(2, '2026-11', ['COUNTY']), made(3, '2026-12')];
  const county = { table: 'farms/CROP', level: 'COUNTY' } as const;

  it('is answered by the last one before that has it, at the level that was left out alone', () => {
    expect(releaseHolding(releases.slice(0, 2), county)?._id).toBe(1);
    expect(releaseHolding(releases, { ...county, period: '2026-11' })).toBeUndefined();
    expect(releaseCarriedOver(releases, { ...county, period: '2026-11' })).toMatchObject({ _id: 1, period: '2026-10' });
    expect(releaseHolding(releases, { ...county, level: 'PREFECTURE', period: '2026-11' })?._id).toBe(2);
    expect(releaseCarriedOver(releases, { ...county, period: '2026-09' })).toBeUndefined();
    const never = [made(1, '2026-11', ['COUNTY'])];
    expect(releaseCarriedOver(never, county)).toBeUndefined();
    expect(noRelease(never, county).message).toMatch(/it could not be protected so far/);
  });

  it('is served with the day it is of, and is no number of another period', async () => {
    const store = await storeOf(many(40));
    await build([store], '2026-10');
    await build([store], '2026-11');
    await cubeModels(store.connection).releases.updateOne(
      { _id: 2 },
      { $set: { carriedOver: [{ table: 'farms/CROP', level: 'PREFECTURE', from: 1, reason: 'not protected' }] } },
    );
    const reader = releasedTables(store.connection, signedFor([]), 'agriculture');
    const asked = { code: '532300', by: ['CROP'], period: '2026-11' };
    forgetReleases(store.connection);
    expect((await reader.table(FARMS, asked)).about).toMatchObject({
      period: '2026-10',
      release: 1,
      asOf: '2026-10-22',
    });
    expect(await reader.cells(FARMS, asked)).toBeNull();
    expect(await reader.cells(FARMS, { ...asked, by: [] })).toMatchObject([{ count: 40 }]);
  }, 60_000);
});
