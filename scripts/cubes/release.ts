import type { Connection } from 'mongoose';
import { forgetReleases } from '../../lib/cubes/published-releases.ts';
import { holdsTable } from '../../lib/cubes/choose-release.ts';
import { periodBefore } from '../../lib/cubes/period-before.ts';
import { HubError } from '../../lib/errors.ts';
import { type CubeDefinition, type CubeTable, tableName } from '../../lib/cubes/cube-definition.ts';
import { type CubeModels, type CubeReleaseRecord, ofRelease } from '../../lib/cubes/models.ts';

interface StoreOfRelease {
  readonly name: string;
  readonly connection: Connection;
  readonly cubes: readonly CubeDefinition[];
  readonly models: CubeModels;
}

/** A release that is being built. */
export interface Building {
  readonly number: number;
  readonly period: string;
  readonly asOf: string;
  /** Stores in which it is published already: nothing is written there. */
  readonly published: ReadonlySet<string>;
  /** The one before it that could not be counted any more. */
  readonly ended?: Ended | undefined;
  /** The tables of a cube that this release holds. */
  tablesOf(cube: CubeDefinition): readonly CubeTable[];
}

/** What became of a release that was begun for a month for which nothing can be counted now. */
export interface Ended {
  readonly release: number;
  readonly period: string;
  /** COMPLETED: some stores had published it, so all have now. DROPPED: none had. */
  readonly as: 'COMPLETED' | 'DROPPED';
}

/**
 * Begins a release in all stores under one number, or goes on with one that was begun.
 * @throws HubError CUBES_UNFINISHED where one was begun for another period and can still be finished.
 */
export async function beginRelease(
  stores: readonly StoreOfRelease[],
  { period, asOf }: { readonly period: string; readonly asOf: string },
): Promise<Building> {
  const known = new Map<string, readonly CubeReleaseRecord[]>();
  for (const { name, models } of stores) known.set(name, await models.releases.find().sort({ _id: 1 }).lean());
  const all = [...known.values()].flat();
  const last = Math.max(0, ...all.map(({ _id }) => _id));
  // A process that was killed while it published leaves it published in some stores and to be finished in the others.
  const begun = all.find(({ _id, state }) => _id === last && state === 'BUILDING');
  if (begun && begun.period !== period) {
    if (begun.period >= periodBefore(asOf.slice(0, 7)))
      throw new HubError(
        'CUBES_UNFINISHED',
        `--period: release ${begun._id} of ${begun.period} was begun and is not finished. Finish it first: hub cubes build --period ${begun.period}.`,
      );
    const isTold = all.some(({ _id, state }) => _id === begun._id && state === 'PUBLISHED');
    // It is published only when it is whole in every store: what the others lack is the word.
    if (isTold) await publishRelease(stores, { number: begun._id });
    else await dropRelease(stores, begun._id);
    const ended: Ended = { release: begun._id, period: begun.period, as: isTold ? 'COMPLETED' : 'DROPPED' };
    return { ...(await beginRelease(stores, { period, asOf })), ended };
  }
  const number = begun?._id ?? last + 1;
  const day = begun?.asOf ?? asOf;
  const due = new Map<CubeDefinition, readonly CubeTable[]>();
  for (const { name, cubes, models } of stores) {
    const published = (known.get(name) ?? []).filter(({ _id, state }) => state === 'PUBLISHED' && _id < number);
    for (const cube of cubes) due.set(cube, dueTables(cube, { published, period }));
    const tables = cubes.flatMap((cube) => (due.get(cube) ?? []).map(({ by }) => `${cube.name}/${tableName(by)}`));
    const revised = published.some((each) => each.period === period);
    const record = { period, asOf: day, state: 'BUILDING', revised, tables, prefectures: [] };
    await models.releases.updateOne({ _id: number }, { $setOnInsert: record }, { upsert: true });
  }
  const done = stores.filter(({ name }) =>
    known.get(name)?.some((each) => each._id === number && each.state === 'PUBLISHED'),
  );
  const isDone = new Set(done.map(({ name }) => name));
  return { number, period, asOf: day, published: isDone, tablesOf: (cube) => due.get(cube) ?? [] };
}

/** All tables, but for those of a year that a release of another period of this year holds, at whatever level. */
function dueTables(
  cube: CubeDefinition,
  { published, period }: { readonly published: readonly CubeReleaseRecord[]; readonly period: string },
): readonly CubeTable[] {
  const others = published.filter((each) => each.period !== period && each.period.slice(0, 4) === period.slice(0, 4));
  return cube.tables.filter(
    ({ by, every, levels }) =>
      every === 'MONTH' ||
      !others.some((each) =>
        levels.some((level) => holdsTable(each, { table: `${cube.name}/${tableName(by)}`, level })),
      ),
  );
}

/** Publishes what is complete: one write in each store. From then on nothing of the release is written again. */
export async function publishRelease(
  stores: readonly StoreOfRelease[],
  { number }: Pick<Building, 'number'>,
): Promise<void> {
  const publishedAt = new Date();
  for (const { models, connection } of stores) {
    const counts = await models.counts.find(ofRelease(number), { cube: 1, prefecture: 1 }).lean();
    const covered = counts.flatMap(({ cube, prefecture }) => (prefecture === null ? [] : [`${cube}/${prefecture}`]));
    const protections = await models.protections.find(ofRelease(number), { carriedOver: 1 }).lean();
    const left = new Map(
      protections.flatMap(({ carriedOver = [] }) =>
        carriedOver.map((each) => [`${each.table} ${each.level}`, each] as const),
      ),
    );
    await models.releases.updateOne(
      { _id: number, state: 'BUILDING' },
      {
        $set: {
          state: 'PUBLISHED',
          publishedAt,
          prefectures: [...new Set(covered)].sort(),
          carriedOver: [...left.values()],
        },
      },
    );
    forgetReleases(connection);
  }
}

/** Takes a release away that was not published. */
export async function dropRelease(stores: readonly StoreOfRelease[], number: number): Promise<void> {
  for (const { models } of stores) {
    for (const model of [models.tables, models.protections, models.counts])
      await model.collection.deleteMany(ofRelease(number) as never);
    await models.releases.deleteOne({ _id: number, state: 'BUILDING' });
  }
}
