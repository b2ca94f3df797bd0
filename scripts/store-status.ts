import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { HubError } from '../lib/errors.ts';
import { connectStore } from '../lib/mongo/connect-store.ts';
import { runningUrl } from '../lib/mongo/store-url.ts';
import { HUB_DATABASE, type Settings, storeFor } from '../lib/settings.ts';
import { discoverSubgraphs } from './subgraphs.ts';

export interface StoreStatus {
  readonly database: string;
  readonly store: 'embedded' | 'mongodb';
  /** An embedded store runs with its process; one that does not is neither asked nor started. */
  readonly state: 'answers' | 'unreachable' | 'not running' | 'empty';
  readonly collections?: number | undefined;
  readonly documents?: number | undefined;
  /** Size of an embedded store's file. */
  readonly bytes?: number | undefined;
}

const stats = z.object({ collections: z.number(), objects: z.number() });

/** The state of each database, the hub's own last. */
export async function storeStatus(settings: Settings): Promise<readonly StoreStatus[]> {
  const subgraphs = await discoverSubgraphs();
  const databases = new Set([...subgraphs.map(({ name, database }) => database ?? name), HUB_DATABASE]);
  return Promise.all([...databases].map((database) => statusOf(database, settings)));
}

async function statusOf(database: string, settings: Settings): Promise<StoreStatus> {
  const { url, dataDir } = storeFor(settings, database);
  if (url !== undefined) return { database, store: 'mongodb', ...(await counted(database, { url, dataDir })) };
  const bytes = await sizeOf(join(dataDir, `${database}.mdb`));
  const running = await runningUrl(database, dataDir);
  if (running === undefined)
    return { database, store: 'embedded', state: bytes === undefined ? 'empty' : 'not running', bytes };
  return { database, store: 'embedded', bytes, ...(await counted(database, { url: running, dataDir })) };
}

async function counted(
  database: string,
  settings: { readonly url: string; readonly dataDir: string },
): Promise<Pick<StoreStatus, 'state' | 'collections' | 'documents'>> {
  try {
    const store = await connectStore(database, settings);
    try {
      const { collections, objects } = stats.parse(await store.connection.db?.command({ dbStats: 1 }));
      return { state: 'answers', collections, documents: objects };
    } finally {
      await store.close();
    }
  } catch (thrown) {
    if (thrown instanceof HubError && thrown.code === 'STORE_UNREACHABLE') return { state: 'unreachable' };
    throw thrown;
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
}
