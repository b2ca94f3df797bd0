import type { Connection } from 'mongoose';
import { connectStore, type OpenedStore } from '../../lib/mongo/connect-store.ts';
import { seed } from '../../scripts/seed/seed.ts';
import { discoverSubgraphs } from '../../scripts/subgraphs.ts';
import { release } from './build-cubes.ts';
import { copyOfKept } from './copy-of-kept.ts';

/**
 * A new DATA_DIR with a store of generated data and a first statistical release for each department; the caller removes it.
 * They are made once in a run for each number of persons.
 */
export async function seededStores(persons: number): Promise<string> {
  return copyOfKept(`seeded-${persons}`, (dataDir) => fill(dataDir, persons));
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
