import { afterEach, describe, expect, it } from 'vitest';
import { cubeModels } from '../../lib/cubes/models.ts';
import { assemble } from '../../scripts/cubes/assemble.ts';
import { buildCubes } from '../../scripts/cubes/build.ts';
import { mergers } from '../../scripts/cubes/changed-divisions.ts';
import { asKnown, pastReleases, withZeros } from '../../scripts/cubes/history.ts';
import { mergeCells } from '../../scripts/cubes/merge-cells.ts';
import { type Farm, FARMS, farms, type FarmStore, farmStore } from './rows.ts';

/*
 * A release is checked against those before it, whatever the divisions were called then: 532331 became 532302 in 2021 and is the same
 * number; 230705 and 230709 became 230751 in 2019, which is their sum.
 */
let store: FarmStore | undefined;
afterEach(() => store?.close());

const rowsOf = (county: string, count: number, fields: Partial<Farm> = {}): Farm[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ county, division: county, crop: 'rice', size: 'small', yield: 10 + index, owner: `${county}-${index}` },
    ...fields,
  }));

async function releasesOf(rows: readonly Farm[], days: readonly [string, string], between: readonly Farm[] = []) {
  store = await farmStore(rows);
  const [first, second] = days;
  const released = [await buildCubes([store], { period: first.slice(0, 7), asOf: first })];
  if (between.length > 0) await farms(store.connection).insertMany(between);
  released.push(await buildCubes([store], { period: second.slice(0, 7), asOf: second }));
  expect(released.map(({ kind, carriedOver }) => [kind, carriedOver])).toEqual(released.map(() => ['PUBLISHED', []]));
  const models = cubeModels(store.connection);
  const [past] = await pastReleases(models, FARMS, { number: 2, asOf: second });
  const records = await models.counts.find({ release: 2 }).lean();
  const counted = assemble(FARMS, FARMS.tables, records, mergeCells);
  if (!past) throw new Error('the first release is not known to the second');
  return { past, counted, models };
}

describe('a release after a change of divisions', { timeout: 60_000 }, () => {
  it('takes the numbers of a renamed county for those of the new code', async () => {
    const rows = [...rowsOf('532301', 40), ...rowsOf('532331', 20), ...rowsOf('532322', 3)];
    const { past, models } = await releasesOf(rows, ['2020-12-31', '2021-06-30']);
    const ids = asKnown(past, 'GENERAL').cells.map(({ id }) => id);
    expect(ids).toContain('COUNT:|532302|[]');
    expect(ids.filter((id) => id.includes('532331'))).toEqual([]);
    // Three farms were hidden before and after, with the others that would tell them.
    for (const release of [1, 2]) {
      const hidden = await models.tables.find({ _id: { $regex: `^${release}/GENERAL/farms//` } }).lean();
      const shown = hidden.filter(({ cells }) => cells[0]?.count !== null);
      expect(shown.length).toBeLessThan(hidden.length - 1);
    }
  });

  it('ties a merged county to the sum of what it was made of, where that has not changed', async () => {
    const rows = [...rowsOf('230705', 12), ...rowsOf('230709', 15), ...rowsOf('230722', 30)];
    const { past, counted } = await releasesOf(rows, ['2018-12-31', '2019-06-30']);
    expect(mergers(counted, past, '2019-06-30')).toContainEqual({
      total: 'COUNT:|230751|[]',
      parts: ['COUNT:|230705|[]@1', 'COUNT:|230709|[]@1'],
    });
    expect(asKnown(past, 'LEADER').cells.find(({ id }) => id === 'COUNT:|230705|[]')).toMatchObject({ value: 12 });
  });

  it('says nothing of a merger whose number has changed', async () => {
    const rows = [...rowsOf('230705', 12), ...rowsOf('230709', 15), ...rowsOf('230722', 30)];
    const more = rowsOf('230751', 6, { owner: 'later' });
    const { past, counted } = await releasesOf(rows, ['2018-12-31', '2019-06-30'], more);
    const totals = mergers(counted, past, '2019-06-30').map(({ total }) => total);
    expect(totals).not.toContain('COUNT:|230751|[]');
  });

  it('keeps the cells that fell to nothing, for the rules to see the change', async () => {
    const rows = [...rowsOf('532301', 40), ...rowsOf('532322', 6, { crop: 'maize' })];
    const { past, counted } = await releasesOf(rows, ['2026-10-31', '2026-11-30']);
    const without = { ...counted, cells: new Map([['', new Map([['532300', new Map()]])]]) };
    const seen = withZeros(without, [past]).cells.get('');
    expect(seen?.get('532300')?.get('[]')).toMatchObject({ count: 0, sum: 0, contributors: 0 });
    expect(seen?.get('532322')?.get('[]')).toMatchObject({ count: 0 });
    expect(withZeros(counted, [])).toBe(counted);
  });
});
