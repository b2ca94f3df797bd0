import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Connection } from 'mongoose';
import { afterAll, describe, expect, it } from 'vitest';
import { cubeModels } from '../../lib/cubes/models.ts';
import { connectStore } from '../../lib/mongo/connect-store.ts';
import { buildCubes } from '../../scripts/cubes/build.ts';
import { FARMS, farms, makeFarms } from './rows.ts';

const PERIOD = { period: '2026-11', asOf: '2026-11-22' };
const BUILDER = fileURLToPath(new URL('./builder.ts', import.meta.url));
const ROWS = makeFarms(6_000, 9);

/** Everything a build leaves, but for when. */
async function contents(connection: Connection) {
  const { releases, counts, tables, protections } = cubeModels(connection);
  const released = await releases.find().lean();
  return {
    releases: released.map(({ publishedAt, ...each }) => ({ ...each, isDated: publishedAt !== undefined })),
    counts: await counts.find().sort({ _id: 1 }).lean(),
    tables: await tables.find().sort({ _id: 1 }).lean(),
    protections: await protections.find().sort({ _id: 1 }).lean(),
  };
}

/** Runs the builder and kills it, without a word, at the n-th line that begins so; false where it ended before. */
async function killedAt(dataDir: string, line: string, times: number): Promise<boolean> {
  const child = spawn(process.execPath, ['--import', 'tsx', BUILDER, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let seen = 0;
  for await (const said of createInterface({ input: child.stdout })) {
    if (said.startsWith(line) && ++seen === times) child.kill('SIGKILL');
  }
  const [, signal] = (await exited) as [number | null, string | null];
  return signal === 'SIGKILL';
}

/** A folder with a store of the farms, closed; another process may open it. */
async function storedFarms(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'shuniu-'));
  await opened(dataDir, async (connection) => {
    await farms(connection).createIndexes();
    await farms(connection).insertMany(ROWS);
  });
  return dataDir;
}

async function opened<Result>(dataDir: string, use: (connection: Connection) => Promise<Result>): Promise<Result> {
  const store = await connectStore('farms', { dataDir });
  try {
    return await use(store.connection);
  } finally {
    await store.close();
  }
}

const build = (connection: Connection, signal?: AbortSignal) =>
  buildCubes([{ name: 'farms', cubes: [FARMS], connection }], { ...PERIOD, signal });

describe('a build', { timeout: 180_000 }, () => {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  it('that is killed again and again ends as one that is not, and shows nothing until it is complete', async () => {
    const [whole, killed] = [await storedFarms(), await storedFarms()];
    folders.push(whole, killed);
    await opened(whole, (connection) => build(connection));
    for (const [line, times] of [
      ['COUNTING', 1],
      ['COUNTING', 2],
      ['PROTECTING', 1],
    ] as const) {
      expect([line, await killedAt(killed, line, times)]).toEqual([line, true]);
      expect(await opened(killed, (of) => cubeModels(of).releases.countDocuments({ state: 'PUBLISHED' }))).toBe(0);
    }
    const result = await opened(killed, (connection) => build(connection));
    expect(result).toMatchObject({ kind: 'PUBLISHED', release: 1 });
    expect(result.rows).toBeLessThan(ROWS.length);
    expect(await opened(killed, contents)).toEqual(await opened(whole, contents));
  });

  it('that is asked to stop says so, and the next one goes on', async () => {
    const folder = await storedFarms();
    folders.push(folder);
    await opened(folder, async (connection) => {
      expect(await build(connection, AbortSignal.abort())).toMatchObject({ kind: 'INTERRUPTED', rows: 0 });
      expect(await cubeModels(connection).releases.countDocuments({ state: 'PUBLISHED' })).toBe(0);
      expect(await build(connection)).toMatchObject({ kind: 'PUBLISHED', release: 1 });
    });
  });

  it('goes on for the period it was begun for, and refuses another', async () => {
    const folder = await storedFarms();
    folders.push(folder);
    await opened(folder, async (connection) => {
      await build(connection, AbortSignal.abort());
      const other = buildCubes([{ name: 'farms', cubes: [FARMS], connection }], { ...PERIOD, period: '2026-12' });
      await expect(other).rejects.toThrow(/release 1 of 2026-11 was begun and is not finished/);
    });
  });
});
