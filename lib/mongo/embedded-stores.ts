import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface EmbeddedStore {
  readonly url: string;
  /** Gives it back: the last user's call ends the store, with what was acknowledged on disk. */
  stop(): Promise<void>;
}

/** The embedded databases this process runs, each with the number of its users: the file has one owner, who is shared. */
const running = new Map<string, { readonly started: Promise<EmbeddedStore>; users: number }>();

/** Whether this folder holds an embedded database of that name, running or not. */
export async function hasStore(database: string, dataDir: string): Promise<boolean> {
  const { filesOf } = await import('../../embedded-mongo/storage/files.ts');
  return existsSync(filesOf(dataDir, database).data);
}

/** Starts an embedded database, or shares the one that this process runs already. */
export async function startEmbedded(database: string, dir: string): Promise<EmbeddedStore> {
  const key = join(resolve(dir), database);
  const entry = running.get(key) ?? { started: startEngine(database, dir), users: 0 };
  running.set(key, entry);
  entry.users += 1;
  const release = async (): Promise<void> => {
    entry.users -= 1;
    if (entry.users > 0) return;
    running.delete(key);
    await (await entry.started).stop();
  };
  try {
    const { url } = await entry.started;
    return { url, stop: release };
  } catch (thrown) {
    running.delete(key);
    throw thrown;
  }
}

/** Loaded only where it is used: a hub on MongoDB does not load the embedded engine. */
async function startEngine(database: string, dir: string): Promise<EmbeddedStore> {
  const { startEmbeddedMongo } = await import('../../embedded-mongo/index.ts');
  return startEmbeddedMongo({ dir, database });
}
