import { messageOf } from '../../lib/errors.ts';
import { startWorker } from '../../lib/worker.ts';
import type { Preparation, Prepared, Unprepared } from './prepare.ts';

export interface ApartLimits {
  /** Milliseconds from when the thread has loaded. */
  readonly withinMs?: number;
  readonly memoryMb?: number;
}

/** Characters of all schemas together: refused before anything reads them. */
const MAX_CHARACTERS = 8_000_000;

/**
 * Prepares a release in a thread of its own, so that a schema made to be slow or large costs the hub nothing but that thread:
 * it is ended when it takes too long or too much memory, and that is a problem of the schema like others.
 */
export async function preparedApart(
  preparation: Preparation,
  { withinMs = 4_000, memoryMb = 768 }: ApartLimits = {},
): Promise<Prepared | Unprepared> {
  const size = preparation.subgraphs.reduce((sum, { sdl }) => sum + sdl.length, 0);
  if (size > MAX_CHARACTERS)
    return unprepared(`The schemas have ${size} characters together; ${MAX_CHARACTERS} is the limit. Publish less.`);
  const worker = startWorker('./prepare-worker.ts', import.meta.url, {
    name: 'prepare-release',
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, stackSizeMb: 8 },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve) => {
      worker.on('message', (message: 'loaded' | Prepared | Unprepared) => {
        if (message !== 'loaded') {
          resolve(message);
          return;
        }
        const tooSlow = unprepared(
          `It could not be checked within ${withinMs / 1000} s: it is too large, or too deeply nested. Publish fewer types, or types with fewer interfaces and keys.`,
        );
        timer = setTimeout(() => resolve(tooSlow), withinMs);
        worker.postMessage(preparation);
      });
      worker.once('error', (error) => resolve(unprepared(reasonOf(error))));
      worker.once('exit', () => resolve(unprepared('The check ended without a result. Try it again.')));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'It takes more memory than a check may have. Publish fewer types.';
  return `It could not be checked: ${messageOf(error)}.`;
}

function unprepared(message: string): Unprepared {
  return { findings: [], problems: [{ message, places: [] }] };
}
