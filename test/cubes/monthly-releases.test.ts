import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audience } from '../../lib/cubes/audience.ts';
import { cubeModels } from '../../lib/cubes/models.ts';
import { type BuildResult, buildCubes } from '../../scripts/cubes/build.ts';
import { asKnown, type PastRelease, pastReleases } from '../../scripts/cubes/history.ts';
import { earlierId, type EarlierCell, type EarlierRelease } from '../../sharing/disclosure/system.ts';
import { Attacker, loadHighs } from '../disclosure/attacker.ts';
import { CROPS, FARMS, farms, type FarmStore, farmStore, makeFarms } from './rows.ts';

/*
 * Half a year of monthly releases of a small register, in which a few farms open, close, move and change what they grow each
 * month. Every month has a release; whoever keeps all of them learns no small number.
 */
const MONTHS = ['2026-11', '2026-12', '2027-01', '2027-02', '2027-03', '2027-04'];
const AUDIENCES: readonly Audience[] = ['GENERAL', 'LEADER'];

let store: FarmStore;
let past: readonly PastRelease[];
const results: BuildResult[] = [];

beforeAll(async () => {
  store = await farmStore(makeFarms(300, 5));
  for (const [month, period] of MONTHS.entries()) {
    if (month > 0) await turnover(month);
    results.push(await buildCubes([store], { period, asOf: `${period}-22` }));
  }
  past = await pastReleases(cubeModels(store.connection), FARMS, { number: 99, asOf: '2027-04-22' });
}, 180_000);
afterAll(() => store.close());

async function turnover(month: number): Promise<void> {
  const all = await farms(store.connection).find().sort({ _id: 1 }).lean();
  const closed = all.filter((_, index) => index % 97 === month);
  await farms(store.connection).deleteMany({ _id: { $in: closed.map(({ _id }) => _id) } });
  await farms(store.connection).insertMany(makeFarms(4, 100 + month));
  const [moved, changed] = [all[month * 11], all[month * 13]];
  await farms(store.connection).updateOne({ _id: moved?._id }, { $set: { county: '532301', division: '532301102' } });
  await farms(store.connection).updateOne({ _id: changed?._id }, { $set: { crop: CROPS[month % 3] } });
}

/** The releases as an audience has them; `bare`: as if the rules alone had hidden cells. */
function known(audience: Audience, { bare = false } = {}): EarlierRelease[] {
  const said = (cell: EarlierCell): EarlierCell => {
    const { wider: _, ...own } = cell;
    return cell.value >= cell.threshold ? { ...own, status: 'SHOWN' } : own;
  };
  return past.map((each) => {
    const release = asKnown(each, audience);
    return bare ? { ...release, cells: release.cells.map(said) } : release;
  });
}

/** Small counts that an attacker with all these releases computes. */
async function told(releases: readonly EarlierRelease[]): Promise<string[]> {
  const attacker = new Attacker(
    await loadHighs(),
    { cells: [], equations: [], earlier: releases },
    { cells: new Map() },
  );
  // The same number with the same value in two releases is one unknown: asking for it once is enough.
  const asked = new Set<string>();
  return releases.flatMap(({ name, cells }) =>
    cells
      .filter(
        ({ kind, value, status, threshold }) =>
          kind === 'COUNT' && value > 0 && value < threshold && status !== 'SHOWN',
      )
      .filter(({ id, value }) => asked.size < asked.add(`${id} ${value}`).size)
      .map(({ id }) => earlierId(name, id))
      .filter((id) => {
        const { lower, upper } = attacker.learn(id);
        return upper - lower < 0.999;
      }),
  );
}

describe('half a year of monthly releases', { timeout: 180_000 }, () => {
  it('comes out every month, with the totals of the prefectures and their counties', () => {
    expect(results.map(({ kind }) => kind)).toEqual(MONTHS.map(() => 'PUBLISHED'));
    const left = results.flatMap(({ carriedOver }) => carriedOver);
    expect(left.filter(({ table, level }) => table === 'farms/' && level !== 'TOWNSHIP')).toEqual([]);
    // What was left out names the release that answers, which is one that has it.
    for (const [index, { carriedOver }] of results.entries())
      for (const { table, level, from } of carriedOver) {
        const answering = results.slice(0, index).findLast((each) => {
          return !each.carriedOver.some((other) => other.table === table && other.level === level);
        });
        if (table !== 'farms/CROP,SIZE') expect(from).toBe(answering?.release ?? null);
      }
  });

  it.each(AUDIENCES)('tells %s who keeps them all no small number, which the rules alone would', async (audience) => {
    expect((await told(known(audience, { bare: true }))).length).toBeGreaterThan(0);
    expect(await told(known(audience))).toEqual([]);
  });
});
