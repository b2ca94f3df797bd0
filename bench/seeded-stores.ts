import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { connectStore } from '../lib/mongo/connect-store.ts';
import { stores } from '../scripts/seed/plans.ts';
import { seed } from '../scripts/seed/seed.ts';

export interface SeededStores {
  connection(database: string): Connection;
  close(): Promise<void>;
}

/**
 * Embedded stores of all subgraphs with generated data and their indexes, in a folder that is removed at the end.
 * @param others databases that are opened besides, empty.
 */
export async function seededStores(persons: number, others: readonly string[] = []): Promise<SeededStores> {
  const dataDir = await mkdtemp(join(tmpdir(), 'shuniu-bench-'));
  const opened = new Map(
    await Promise.all(
      [...stores, ...others].map(async (name) => [name, await connectStore(name, { dataDir })] as const),
    ),
  );
  const connection = (name: string): Connection => {
    const store = opened.get(name);
    if (!store) throw new Error(`no store ${name} was opened`);
    return store.connection;
  };
  await seed({ open: connection }, { persons, seed: 'bench' });
  return {
    connection,
    async close() {
      for (const store of opened.values()) await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
