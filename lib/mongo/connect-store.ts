import { join, resolve } from 'node:path';
import { type Connection, createConnection } from 'mongoose';
import { HubError, messageOf } from '../errors.ts';

export interface StoreSettings {
  /**
   * A MongoDB URL; `{database}` in it stands for the name of the database. Absent, the embedded store keeps the database
   * in a file of its own under `dataDir`.
   */
  readonly url?: string | undefined;
  readonly dataDir: string;
}

export interface OpenedStore {
  readonly connection: Connection;
  /** Closes the connection and, where this process runs it, the embedded store. Acknowledged writes are on disk. */
  close(): Promise<void>;
}

/**
 * Opens one department's database, or the hub's own. Mongoose and its driver do not know which kind of store answers.
 * @throws HubError STORE_UNREACHABLE with the database and the reason, never with the credentials of the URL.
 */
export async function connectStore(database: string, settings: StoreSettings): Promise<OpenedStore> {
  const embedded = settings.url === undefined ? await startEmbedded(database, settings.dataDir) : undefined;
  const url = embedded?.url ?? settings.url?.replaceAll('{database}', database) ?? '';
  const connection = createConnection(url, {
    dbName: database,
    autoIndex: false,
    serverSelectionTimeoutMS: 5_000,
    // Acknowledged means on the disks of the majority: an audit entry or a grant must survive what follows.
    writeConcern: { w: 'majority', journal: true },
  });
  try {
    await connection.asPromise();
  } catch (thrown) {
    await embedded?.stop();
    throw new HubError(
      'STORE_UNREACHABLE',
      `The database ${database} cannot be reached: ${messageOf(thrown)}. Check MONGODB_URL, or unset it to use the embedded store.`,
    );
  }
  return {
    connection,
    async close() {
      await connection.close();
      await embedded?.stop();
    },
  };
}

interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

/** The embedded databases this process runs, each with the number of its users: the file has one owner, who is shared. */
const running = new Map<string, { readonly started: Promise<Running>; users: number }>();

async function startEmbedded(database: string, dir: string): Promise<Running> {
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
async function startEngine(database: string, dir: string): Promise<Running> {
  const { startEmbeddedMongo } = await import('../../embedded-mongo/index.ts');
  return startEmbeddedMongo({ dir, database });
}
