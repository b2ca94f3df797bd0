import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import { inject } from 'vitest';
import { connectStore, type OpenedStore } from '../../lib/mongo/connect-store.ts';
import { seed } from '../../scripts/seed/seed.ts';
import { discoverSubgraphs } from '../../scripts/subgraphs.ts';
import { release } from './build-cubes.ts';

/**
 * A new DATA_DIR with a store of generated data and a first statistical release for each department, nobody's but the caller's,
 * who removes it. They are made once in a run for each number of persons, and copied.
 */
export async function seededStores(persons: number): Promise<string> {
  const made = join(inject('seededFolder'), String(persons));
  while (!existsSync(made)) await makeUnlessMaking(made, persons);
  const dataDir = await mkdtemp(join(tmpdir(), 'shuniu-'));
  await cp(made, dataDir, { recursive: true });
  return dataDir;
}

const AGAIN_MS = 100;

/** Whoever makes the folder first fills it; others wait, and begin anew where that failed. */
async function makeUnlessMaking(made: string, persons: number): Promise<void> {
  const making = `${made}.making`;
  try {
    await mkdir(making, { mode: 0o700 });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    await sleep(AGAIN_MS);
    return;
  }
  try {
    await fill(making, persons);
    await rename(making, made);
  } catch (thrown) {
    await rm(making, { recursive: true });
    throw thrown;
  }
}

async function fill(dataDir: string, persons: number): Promise<void> {
  const departments = (await discoverSubgraphs()).filter(({ name }) => name !== 'exchange');
  const stores = new Map<string, OpenedStore>();
  const open = (name: string): Connection => {
    const store = stores.get(name);
    if (!store) throw new Error(`no subgraph ${name}`);
    return store.connection;
  };
  try {
    for (const { name, database } of departments) stores.set(name, await connectStore(database ?? name, { dataDir }));
    await seed({ open }, { persons, seed: 'test' });
    await release(departments.map((definition) => ({ definition, connection: open(definition.name) })));
  } finally {
    for (const store of stores.values()) await store.close();
  }
}
