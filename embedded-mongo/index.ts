/** A MongoDB-compatible store for development and small installations: one worker thread and one file for each database. */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

import { EmbeddedMongoError } from './start-error.ts';
import { filesOf } from './storage/files.ts';
import { release } from './storage/owner.ts';
import type { WorkerInput, WorkerMessage } from './worker.ts';

export type EmbeddedMongoOptions = {
  /** Made if it is not there, and made private. */
  readonly dir: string;
  readonly database: string;
  /** Stops the store when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Told when the store fails after it has started; without it the failure is thrown, and ends the process. */
  readonly onCrash?: ((error: EmbeddedMongoError) => void) | undefined;
};

export type EmbeddedMongo = {
  /** For mongoose, the driver and mongosh, in this process and in others. */
  readonly url: string;
  /** Resolves when everything acknowledged is on disk and the file is free for another process. */
  stop(): Promise<void>;
};

/** @throws EmbeddedMongoError in a sentence that says what is wrong and what to do. */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const { dir, database, signal } = options;
  const files = filesOf(dir, database);
  signal?.throwIfAborted();
  const input: WorkerInput = { dir, database, token: randomUUID() };
  const worker = startWorker(input);
  let failure: Error | undefined;
  worker.on('error', (error: Error) => (failure = error));
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      release(files, input.token);
      resolve();
    });
  });

  const url = await ready(worker, database, () => failure);
  let state: 'running' | 'stopping' | 'crashed' = 'running';
  const stop = async (): Promise<void> => {
    if (state === 'running') {
      state = 'stopping';
      worker.postMessage('stop');
    }
    await exited;
    if (state === 'stopping' && failure) throw crash(database, failure);
  };
  const onAbort = (): void => {
    stop().catch((error: unknown) => report(error, options.onCrash));
  };
  void exited.then(() => {
    signal?.removeEventListener('abort', onAbort);
    if (state !== 'running') return;
    state = 'crashed';
    report(crash(database, failure), options.onCrash);
  });
  if (signal?.aborted) {
    await stop();
    signal.throwIfAborted();
  }
  signal?.addEventListener('abort', onAbort, { once: true });
  return { url, stop };
}

/** Resolves to the URL once the worker listens. */
function ready(worker: Worker, database: string, failure: () => Error | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: WorkerMessage) => {
      if (message.kind === 'ready') resolve(message.url);
      else reject(new EmbeddedMongoError(message.code, message.message));
    });
    worker.once('exit', () => {
      reject(
        new EmbeddedMongoError(
          'CANNOT_START',
          `The embedded store '${database}' could not start: ${reasonOf(failure())}`,
        ),
      );
    });
  });
}

function startWorker(input: WorkerInput): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(isSource ? './worker.ts' : './worker.js', import.meta.url);
  return new Worker(file, {
    workerData: input,
    execArgv: isSource ? typeScriptLoader() : [],
    name: `store-${input.database}`,
    // Rows pass through and are gone: a small nursery keeps six departments' stores in one process within reason.
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  });
}

/** Node 20 does not run TypeScript by itself, and `--import tsx` has no effect in a worker: tsx is registered by its interface. */
function typeScriptLoader(): string[] {
  const commonJs = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api'));
  const tsx = new URL('./index.mjs', commonJs).href;
  return ['--import', `data:text/javascript,${encodeURIComponent(`import { register } from '${tsx}'; register();`)}`];
}

const reasonOf = (failure: Error | undefined): string =>
  failure ? (failure.stack ?? failure.message) : 'its thread ended';

const crash = (database: string, failure: Error | undefined): EmbeddedMongoError =>
  new EmbeddedMongoError(
    'CRASHED',
    `The embedded store '${database}' has failed: ${reasonOf(failure)}. What was acknowledged is on disk: start it again`,
  );

/** A failure nobody asked to be told of must not go unnoticed. */
function report(error: unknown, onCrash?: (error: EmbeddedMongoError) => void): void {
  if (onCrash && error instanceof EmbeddedMongoError) {
    onCrash(error);
    return;
  }
  setImmediate(() => {
    throw error;
  });
}
