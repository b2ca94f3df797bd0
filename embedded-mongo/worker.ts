/** The thread a store runs in, so that a long query delays nobody but those who ask the same store. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

import { openEngine, type OpenEngine } from './engine.ts';
import { EmbeddedMongoError, type StartErrorCode } from './start-error.ts';
import { chooseSocket, filesOf, prepareDirectory, removeSocket, type StoreFiles } from './storage/files.ts';
import { checkFile, checkFormat, FormatError } from './storage/format.ts';
import { claim, inUse, isAnswering, isHeld, type Owner, readOwner, release, thisProcess } from './storage/owner.ts';
import { Store } from './storage/store.ts';
import { storeUrl } from './where.ts';
import { listen, type Listener } from './wire/server.ts';

export type WorkerInput = { readonly dir: string; readonly database: string; readonly token: string };
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'failed'; readonly code: StartErrorCode; readonly message: string };

type Running = { readonly url: string; stop(): Promise<void> };

async function start({ dir, database, token }: WorkerInput): Promise<Running> {
  const files = filesOf(dir, database);
  prepareDirectory(files.dir);
  const before = readOwner(files);
  const answers = before !== undefined && (await isAnswering(before, files));
  if (before && isHeld(before, thisProcess(''), answers)) throw inUse(files, before, thisProcess(''));

  const socket = chooseSocket(files);
  const me = thisProcess(socket, token);
  let store: Store | undefined;
  try {
    store = openStore(files);
    // Whoever came in between is young, and thereby counts as being there.
    const previous = claim(store, files, me, (owner) => owner.token === before?.token && answers);
    if (previous && previous.socket !== socket) removeSocket(files, previous.socket);
    return await serve(store, files, me);
  } catch (error) {
    await store?.close();
    release(files, token);
    if (socket !== files.socket) removeSocket(files, socket);
    throw error;
  }
}

async function serve(store: Store, files: StoreFiles, me: Owner): Promise<Running> {
  await checkFormat(store, files.data);
  const engine: OpenEngine = openEngine(store, files.database, raise);
  // A socket of a dead process is a file like any other; nobody listens at it, or the store would not be ours.
  rmSync(me.socket, { force: true });
  const listener: Listener = await listen(me.socket, engine.handle);
  const url = storeUrl(me.socket, files.database);
  writeFileSync(files.url, `${url}\n`, { mode: 0o600 });
  return {
    url,
    stop: async () => {
      await listener.stop();
      await engine.close();
      removeSocket(files, me.socket);
      release(files, me.token);
    },
  };
}

function openStore(files: StoreFiles): Store {
  checkFile(files.data);
  try {
    const store = new Store(files.data);
    chmodSync(files.data, 0o600);
    return store;
  } catch (error) {
    throw new FormatError(`${files.data} cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Ends the thread with an error, which the thread that started it reports. */
function raise(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

function failureOf(error: unknown): WorkerMessage {
  const message = error instanceof Error ? error.message : String(error);
  const code =
    error instanceof EmbeddedMongoError ? error.code : error instanceof FormatError ? 'FORMAT' : 'CANNOT_START';
  return { kind: 'failed', code, message };
}

const port = parentPort;
if (!port) throw new Error('worker.ts runs only as a worker thread: call startEmbeddedMongo');
const tell = (message: WorkerMessage): void => port.postMessage(message);
const running = start(workerData as WorkerInput);
running.then(
  ({ url }) => tell({ kind: 'ready', url }),
  (error: unknown) => {
    tell(failureOf(error));
    port.close();
  },
);
port.once('message', () => {
  running.then((store) => store.stop()).then(() => port.close(), raise);
});
