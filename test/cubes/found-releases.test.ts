import { afterEach, describe, expect, it } from 'vitest';
import type { CubeDefinition } from '../../lib/cubes/cube-definition.ts';
import { cubeModels } from '../../lib/cubes/models.ts';
import { assemble } from '../../scripts/cubes/assemble.ts';
import { buildCubes } from '../../scripts/cubes/build.ts';
import { regroupings } from '../../scripts/cubes/changed-divisions.ts';
import { pastReleases } from '../../scripts/cubes/history.ts';
import { mergeCells } from '../../scripts/cubes/merge-cells.ts';
import { type Farm, FARMS, farms, type FarmStore, farmStore } from './rows.ts';

/* What only several releases of a register show: whether each is checked against all that readers still have. */
let store: FarmStore;
afterEach(() => store.close());

let owners = 0;
const rowsOf = (county: string, count: number, fields: Partial<Farm> = {}): Farm[] =>
  Array.from({ length: count }, () => {
    const owner = `owner-${owners++}`;
    return { ...{ county, division: county, crop: 'rice', size: 'small', yield: 10, owner }, ...fields };
  });
const monthly = (...tables: CubeDefinition['tables']): CubeDefinition => ({ ...FARMS, tables });
const TOTAL = { by: [], levels: ['PREFECTURE', 'COUNTY', 'TOWNSHIP'], every: 'MONTH' } as const;
const BY_CROP = { by: ['CROP'], levels: ['PREFECTURE'], every: 'MONTH', countsOnly: true } as const;

const build = (cube: CubeDefinition, asOf: string) =>
  buildCubes([{ ...store, cubes: [cube] }], { period: asOf.slice(0, 7), asOf });
const add = (...rows: Farm[]) => farms(store.connection).insertMany(rows);

/** The cells of a table that a release shows everybody, by their values. */
async function shownIn(release: number, table: string, place: string): Promise<Record<string, number>> {
  const { tables } = cubeModels(store.connection);
  const record = await tables.findById(`${release}/GENERAL/farms/${table}/${place}`).lean();
  const counts = (record?.cells ?? []).flatMap(({ values, count }) => (count === null ? [] : [[values.join(), count]]));
  return Object.fromEntries(counts) as Record<string, number>;
}

describe('a release', { timeout: 120_000 }, () => {
  it('is compared with what was shown long ago and has been hidden since', async () => {
    const cube = monthly({ ...TOTAL, levels: ['PREFECTURE'], countsOnly: true }, BY_CROP);
    store = await farmStore([...rowsOf('532301', 30), ...rowsOf('532301', 40, { crop: 'maize' })]);
    await build(cube, '2025-01-31');
    expect(await shownIn(1, 'CROP', '532300')).toEqual({ rice: 30, maize: 40 });
    await add(...rowsOf('532301', 1), ...rowsOf('532301', 2, { crop: 'maize' }));
    for (let month = 2; month <= 13; month++)
      await build(cube, `${2025 + Number(month > 12)}-${String(((month - 1) % 12) + 1).padStart(2, '0')}-28`);
    expect(await shownIn(13, 'CROP', '532300')).toEqual({});
    // Thirteen releases after they were shown, 30 and 40 are two and four fewer than they are now.
    await add(...rowsOf('532301', 1), ...rowsOf('532301', 2, { crop: 'maize' }));
    await build(cube, '2026-02-28');
    expect(await shownIn(14, 'CROP', '532300')).toEqual({});
  });

  it('compares the cells of a merged county with what its predecessors had', async () => {
    const cube = monthly(TOTAL, { ...BY_CROP, levels: ['PREFECTURE', 'COUNTY'] });
    const grown = (county: string, rice: number, maize: number) => [
      ...rowsOf(county, rice),
      ...rowsOf(county, maize, { crop: 'maize' }),
    ];
    store = await farmStore([...grown('230705', 12, 20), ...grown('230709', 15, 20), ...grown('230722', 50, 60)]);
    await build(cube, '2018-12-31');
    await add(...grown('230751', 1, 2), ...grown('230722', 9, 9));
    const { kind } = await build(cube, '2019-06-30');
    expect(kind).toBe('PUBLISHED');
    // 28 rice where there were 12 and 15 says who came; 42 maize is two more than 40.
    expect(await shownIn(2, 'CROP', '230751')).toEqual({});
  });

  it('ties the parts of split counties together to what they were before', async () => {
    const cube = monthly(TOTAL);
    // 230711 was divided between the two, to which three others went as a whole.
    const [before, now] = [
      ['230702', '230706', '230708', '230711'],
      ['230717', '230718'],
    ];
    store = await farmStore([...before.flatMap((county) => rowsOf(county, 14)), ...rowsOf('230722', 50)]);
    await build(cube, '2018-12-31');
    await farms(store.connection).deleteMany({ county: { $in: before } });
    await add(...now.flatMap((county) => rowsOf(county, 28)));
    const models = cubeModels(store.connection);
    await build(cube, '2019-12-31');
    const [past] = await pastReleases(models, cube, { number: 2, asOf: '2019-12-31' });
    const records = await models.counts.find({ release: 2 }).lean();
    const counted = assemble(cube, cube.tables, records, mergeCells);
    if (!past) throw new Error('the first release is not known to the second');
    const { cells, equations } = regroupings(counted, past, '2019-12-31');
    const [sum] = cells.filter(({ kind }) => kind === 'COUNT');
    expect(sum).toMatchObject({ value: 56, hidden: true });
    const parts = equations.filter(({ total }) => total === sum?.id).map((each) => each.parts);
    expect(parts).toContainEqual(now.map((county) => `COUNT:|${county}|[]`));
    expect(parts).toContainEqual(before.map((county) => `COUNT:|${county}|[]@1`));
  });

  it('is built though a county with townships was renamed', async () => {
    const cube = monthly(TOTAL);
    const inTownships = (county: string) =>
      ['101', '102'].flatMap((end) => rowsOf(county, 20, { division: `${county}${end}` }));
    store = await farmStore([...inTownships('532331'), ...inTownships('532301')]);
    await build(cube, '2020-12-31');
    await farms(store.connection).deleteMany({ county: '532331' });
    await add(...inTownships('532302'), ...rowsOf('532302', 2, { division: '532302101' }));
    expect(await build(cube, '2021-06-30')).toMatchObject({ kind: 'PUBLISHED' });
    // 22 where the township of the same name had 20 under the county's old code.
    expect(await shownIn(2, '', '532302101')).toEqual({});
  });

  it('is not written by a builder that slept while another took over', async () => {
    store = await farmStore(rowsOf('532301', 40));
    const { connection } = store;
    const taken: CubeDefinition = {
      ...FARMS,
      rows: (of) => ({
        ...FARMS.rows(of),
        async counties(asOf) {
          await connection.collection('cubeLocks').updateOne({}, { $set: { holder: 'another' } });
          return FARMS.rows(of).counties(asOf);
        },
      }),
    };
    await expect(build(taken, '2026-11-22')).rejects.toMatchObject({ code: 'CUBES_BUSY' });
    expect(await cubeModels(connection).tables.countDocuments()).toBe(0);
  });
});
