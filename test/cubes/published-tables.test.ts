import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableName } from '../../lib/cubes/cube-definition.ts';
import { cubeModels, tableKey } from '../../lib/cubes/models.ts';
import { publishedReleases } from '../../lib/cubes/published-releases.ts';
import { publishedTables, type TableOfRelease } from '../../lib/cubes/published-tables.ts';
import { buildCubes } from '../../scripts/cubes/build.ts';
import { type FarmStore, farmStore } from './rows.ts';

let store: FarmStore;
/** Keys of the tables that were asked of the store. */
const read: string[][] = [];

beforeAll(async () => {
  const farm = { county: '532301', division: '532301101', crop: 'rice', size: 'small', yield: 100 };
  store = await farmStore(Array.from({ length: 40 }, (_, index) => ({ ...farm, owner: `o${index}` })));
  await buildCubes([store], { period: '2026-11', asOf: '2026-11-22' });
  const { collection } = cubeModels(store.connection).tables;
  const find = collection.find.bind(collection);
  collection.find = ((filter: { _id: { $in: string[] } }) => {
    read.push(filter._id.$in);
    return find(filter as never);
  }) as never;
}, 60_000);
afterAll(() => store.close());

async function table(division: string, publishedAt?: Date): Promise<TableOfRelease> {
  const [release] = await publishedReleases(store.connection);
  if (!release) throw new Error('nothing was published');
  const key = tableKey(release._id, { audience: 'GENERAL', cube: 'farms', table: tableName([]), division });
  return { release: { ...release, ...(publishedAt && { publishedAt }) }, key };
}

describe('published tables', () => {
  it('are read once, those that are asked for together in one read', async () => {
    const [prefecture, county] = [await table('532300'), await table('532301')];
    const first = await publishedTables(store.connection, [prefecture]);
    expect(first).toMatchObject([[{ values: [], count: 40 }]]);
    expect(await publishedTables(store.connection, [prefecture, county])).toMatchObject([
      [{ count: 40 }],
      [{ count: 40 }],
    ]);
    expect(await publishedTables(store.connection, [county, prefecture])).toHaveLength(2);
    expect(read.splice(0)).toEqual([[prefecture.key], [county.key]]);
  });

  it('that are not there are looked for again', async () => {
    const nowhere = await table('532399');
    expect(await publishedTables(store.connection, [nowhere])).toEqual([undefined]);
    expect(await publishedTables(store.connection, [nowhere])).toEqual([undefined]);
    expect(read.splice(0)).toEqual([[nowhere.key], [nowhere.key]]);
  });

  it('of a release that was built anew under its number are read anew', async () => {
    const anew = await table('532300', new Date(0));
    await publishedTables(store.connection, [anew]);
    expect(read.splice(0)).toEqual([[anew.key]]);
  });

  it('come over models that are compiled once', () => {
    expect(cubeModels(store.connection)).toBe(cubeModels(store.connection));
  });
});
