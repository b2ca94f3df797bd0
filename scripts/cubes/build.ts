import type { Connection } from 'mongoose';
import { AUDIENCES } from '../../lib/cubes/audience.ts';
import { checkCube, type CubeDefinition, type CubeTable, tableName } from '../../lib/cubes/cube-definition.ts';
import { type CarriedOver, type CubeModels, cubeModels, type CubeProtectionRecord } from '../../lib/cubes/models.ts';
import { assemble } from './assemble.ts';
import { countCounty } from './count.ts';
import { pastReleases } from './history.ts';
import { shownLongAgo } from './long-ago.ts';
import { type BuildLock, lockStores } from './lock.ts';
import { mergeCells } from './merge-cells.ts';
import { protectCube } from './protect-cube.ts';
import { beginRelease, type Building, dropRelease, type Ended, publishRelease } from './release.ts';

/** A department's cubes and the store they count. */
export interface CubeStore {
  readonly name: string;
  readonly cubes: readonly CubeDefinition[];
  readonly connection: Connection;
}

export interface BuildOptions {
  /** '2026-11'. */
  readonly period: string;
  /** The day the registers describe, 'YYYY-MM-DD'. */
  readonly asOf: string;
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
  /** When aborted, what was counted stays; the same call goes on from there. */
  readonly signal?: AbortSignal | undefined;
}

export interface BuildProgress {
  /** COUNTING: rows; PROTECTING: cubes. */
  readonly phase: 'COUNTING' | 'PROTECTING';
  readonly done: number;
  readonly total: number;
}

export interface BuildResult {
  /** REFUSED: not one table could be protected, and a release of nothing would tell nobody anything. Nothing was published. */
  readonly kind: 'PUBLISHED' | 'INTERRUPTED' | 'REFUSED';
  readonly release: number;
  readonly period: string;
  readonly asOf: string;
  /** Rows read by this run. */
  readonly rows: number;
  readonly protections: readonly CubeProtectionRecord[];
  /** Levels of tables that could not be protected: the last release that has them answers on. */
  readonly carriedOver: readonly CarriedOver[];
  /** Why nothing was published, where that is so. */
  readonly refusals: readonly string[];
  /** A release that was begun long ago and could not be counted any more. */
  readonly ended?: Ended | undefined;
}

interface Opened extends CubeStore {
  readonly models: CubeModels;
}

/**
 * Builds one statistical release of all cubes: counts every register, protects the tables, and publishes them once all are known to
 * be safe. A build that was interrupted is gone on with, under the period and day it was begun for; what is not published
 * is never served.
 * @throws HubError CUBES_BUSY where another builder is at work, CUBES_UNFINISHED where a release of another period is and can be finished.
 */
export async function buildCubes(stores: readonly CubeStore[], options: BuildOptions): Promise<BuildResult> {
  const counting = stores.filter(({ cubes }) => cubes.length > 0);
  const lock = await lockStores(counting);
  try {
    const signal = AbortSignal.any([lock.lost, ...(options.signal ? [options.signal] : [])]);
    const result = await buildLocked(counting, { ...options, signal, lock });
    if (result.kind === 'INTERRUPTED') lock.lost.throwIfAborted();
    return result;
  } finally {
    await lock.release();
  }
}

async function buildLocked(
  stores: readonly CubeStore[],
  options: Running & { readonly lock: BuildLock },
): Promise<BuildResult> {
  const { signal } = options;
  const opened = stores.map((store): Opened => ({ ...store, models: cubeModels(store.connection) }));
  for (const cube of opened.flatMap(({ cubes }) => cubes)) checkCube(cube);
  const building = await beginRelease(opened, options);
  const about = { release: building.number, period: building.period, asOf: building.asOf, ended: building.ended };

  const open = opened.filter(({ name }) => !building.published.has(name));
  const rows = await count(open, building, options);
  await protectAll(open, building, options);
  if (signal.aborted) return { kind: 'INTERRUPTED', ...about, rows, protections: [], carriedOver: [], refusals: [] };
  const made = await Promise.all(
    opened.flatMap(({ models, cubes }) => cubes.map((cube) => protectionsOf(models, building.number, cube))),
  );
  const protections = made.flat();
  const carriedOver = made.flatMap(([first]) => first?.carriedOver ?? []);
  if (
    carriedOver.length > 0 &&
    building.published.size === 0 &&
    protections.every(({ tables }) => tables.length === 0)
  ) {
    await dropRelease(open, building.number);
    return {
      kind: 'REFUSED',
      ...about,
      rows,
      protections: [],
      carriedOver,
      refusals: carriedOver.map(({ reason }) => reason),
    };
  }
  await options.lock.confirm();
  await publishRelease(open, building);
  return { kind: 'PUBLISHED', ...about, rows, protections, carriedOver, refusals: [] };
}

type Running = Omit<BuildOptions, 'signal'> & { readonly signal: AbortSignal };
type Locked = Pick<Running, 'onProgress' | 'signal'> & { readonly lock: BuildLock };

/** The registers are read side by side, each county by county; a county that was counted before is not read again. */
async function count(stores: readonly Opened[], building: Building, { onProgress, signal }: Running): Promise<number> {
  const progress = { done: 0, total: 0 };
  let read = 0;
  const work = await Promise.all(
    stores.flatMap(({ cubes, connection, models }) =>
      cubes.map(async (cube) => {
        const source = cube.rows(connection);
        progress.total += await source.about();
        return { cube, source, models };
      }),
    ),
  );
  const add = (rows: number): void => {
    progress.done += rows;
    onProgress?.({ phase: 'COUNTING', ...progress, total: Math.max(progress.total, progress.done) });
  };
  await Promise.all(
    work.map(async ({ cube, source, models }) => {
      const { number, asOf } = building;
      const tables = building.tablesOf(cube);
      for (const county of await source.counties(asOf)) {
        if (signal.aborted) return;
        const _id = `${number}/${cube.name}/${county}`;
        const known = await models.counts.findById(_id, { rows: 1 }).lean();
        if (known) {
          add(known.rows);
          continue;
        }
        const counted = await countCounty(cube, source, { county, asOf, tables, onRows: add, signal });
        if (!counted) return;
        read += counted.rows;
        await models.counts.collection.insertOne({ _id: _id as never, release: number, cube: cube.name, ...counted });
      }
    }),
  );
  return read;
}

/** One cube after the other: what solves them uses the whole processor. */
async function protectAll(
  stores: readonly Opened[],
  building: Building,
  { onProgress, signal, lock }: Locked,
): Promise<void> {
  const work = stores.flatMap(({ models, cubes }) => cubes.map((cube) => ({ cube, models })));
  let done = 0;
  for (const { cube, models } of work) {
    if (signal.aborted) return;
    if ((await protectionsOf(models, building.number, cube)).length === 0)
      await protectOne({ cube, models }, building, { signal, lock });
    done += 1;
    onProgress?.({ phase: 'PROTECTING', done, total: work.length });
  }
}

async function protectOne(
  { cube, models }: { readonly cube: CubeDefinition; readonly models: CubeModels },
  building: Building,
  { signal, lock }: Locked,
): Promise<void> {
  const { number: release, asOf } = building;
  const tables: readonly CubeTable[] = building.tablesOf(cube);
  const records = await models.counts.find(begins(`${release}/${cube.name}/`)).lean();
  const counted = assemble(cube, tables, records, mergeCells);
  const past = await pastReleases(models, cube, { number: release, asOf });
  const longAgo = await shownLongAgo(models, { cube, counted }, { number: release, asOf, past });
  const made = await protectCube(counted, { release, asOf, past, longAgo, signal }).catch((thrown: unknown) => {
    // What the signal stopped is no failure; the next run does it again.
    if (signal.aborted) return undefined;
    throw thrown;
  });
  if (!made) return;
  // Another builder may have gone on, and published, while this process slept: what is published is never written again.
  await lock.confirm();
  // A process that was killed may have written tables and not said so: they are written again.
  const ids = tables.map(({ by }) => tableName(by));
  for (const audience of AUDIENCES)
    for (const table of ids) await models.tables.deleteMany(begins(`${release}/${audience}/${cube.name}/${table}/`));
  if (made.tables.length > 0) await models.tables.collection.insertMany(made.tables as never, { ordered: false });
  await models.protections.collection.deleteMany({
    _id: { $in: AUDIENCES.map((audience) => `${release}/${audience}/${cube.name}`) as never[] },
  });
  await models.protections.collection.insertMany(made.protections as never);
}

async function protectionsOf(
  models: CubeModels,
  release: number,
  cube: CubeDefinition,
): Promise<readonly CubeProtectionRecord[]> {
  const ids = AUDIENCES.map((audience) => `${release}/${audience}/${cube.name}`);
  const found = await models.protections.find({ _id: { $in: ids } }).lean();
  // They are written together with the tables; one alone is of a build that was killed between the two.
  return found.length === ids.length ? found : [];
}

function begins(prefix: string): { _id: { $gte: string; $lt: string } } {
  return { _id: { $gte: prefix, $lt: `${prefix.slice(0, -1)}0` } };
}
