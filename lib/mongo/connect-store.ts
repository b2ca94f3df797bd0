import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, type ConnectOptions, createConnection } from 'mongoose';
import { HubError, messageOf } from '../errors.ts';
import { startEmbedded } from './embedded-stores.ts';

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
  const connection = createConnection(url, optionsFor(database, url));
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

export interface ComingStore {
  /** Usable at once: what is asked of it before the store answers fails. */
  readonly connection: Connection;
  /** Resolves when the store answers; rejects when it is closed before. */
  readonly connected: Promise<Connection>;
  close(): Promise<void>;
}

const AGAIN_MS = 1_000;

/** Connects to a server that does not answer yet, as soon as it does. */
export function connectWhenThere(database: string, settings: StoreSettings): ComingStore {
  const url = settings.url?.replaceAll('{database}', database) ?? '';
  const connection = createConnection();
  // Who asks before it answers is told at once; mongoose would keep the question for ten seconds.
  Object.assign(connection.config as object, { bufferCommands: false });
  let closed = false;
  const connect = async (): Promise<Connection> => {
    for (;;) {
      if (closed) throw new HubError('STORE_UNREACHABLE', `The database ${database} was closed before it answered.`);
      try {
        return await connection.openUri(url, optionsFor(database, url));
      } catch {
        // That it does not answer was said; it is asked again until it does.
        await sleep(AGAIN_MS);
      }
    }
  };
  return {
    connection,
    connected: connect(),
    async close() {
      closed = true;
      await connection.close();
    },
  };
}

/** A network that swallows what is sent must not hold a new connection up for the driver's half a minute. */
const OVER_NETWORK = { serverSelectionTimeoutMS: 5_000, connectTimeoutMS: 5_000, heartbeatFrequencyMS: 2_000 };
/**
 * A socket of this machine says by itself that its owner has gone. One who is silent is busy, and connections that were cut for
 * it would lose what was under way.
 */
const ON_THIS_MACHINE = { serverSelectionTimeoutMS: 15_000, connectTimeoutMS: 60_000, heartbeatFrequencyMS: 10_000 };
/** A path, escaped, in the place of a host. */
const SOCKET = /^mongodb:\/\/([^@/]*@)?%2F/i;

function optionsFor(database: string, url: string): ConnectOptions {
  return {
    dbName: database,
    autoIndex: false,
    ...(SOCKET.test(url) ? ON_THIS_MACHINE : OVER_NETWORK),
    // Acknowledged means on the disks of the majority: an audit entry or a grant must survive what follows.
    writeConcern: { w: 'majority', journal: true },
  };
}
