import { setTimeout as sleep } from 'node:timers/promises';
import type { Model } from 'mongoose';
import { watchCollection } from './watch-collection.ts';

export interface FollowOptions {
  readonly pollMs?: number | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
  /** The store does not answer yet: the first look may fail like every other. */
  readonly away?: boolean | undefined;
}

export interface Following {
  stop(): Promise<void>;
}

/** Milliseconds that a look under way is waited for. */
const LONGEST_MS = 2_000;

/**
 * Looks once, then again whenever the store says that the collection has changed, and every quarter of a second whatever the
 * store says. One look at a time; a change that comes during one is seen by another after it.
 * @throws what the first look throws, where the store should answer; later failures go to `onError`, and it goes on looking.
 */
export async function follow<Record>(
  model: Model<Record>,
  lookOnce: () => Promise<void>,
  { pollMs = 250, onError, away = false }: FollowOptions,
): Promise<Following> {
  let looking: Promise<void> = Promise.resolve();
  const look = oneAfterTheOther(() => (looking = lookOnce()));
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) => onError?.(error))
        .finally(again);
    }, pollMs);
  };

  if (away) await look().catch((error: unknown) => onError?.(error));
  else await look();
  again();
  const watch = watchCollection(model, () => {
    look().catch((error: unknown) => onError?.(error));
  });
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await watch.stop();
      // What a look has begun it may finish; one that waits for a store that is away must not hold up who stops.
      const given = new AbortController();
      await Promise.race([
        looking.catch(() => undefined),
        sleep(LONGEST_MS, undefined, { signal: given.signal }).catch(() => undefined),
      ]);
      given.abort();
    },
  };
}

/** Runs one at a time. A call while one runs brings one more after it, as what it read may be older than the call. */
function oneAfterTheOther(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const run = (): Promise<void> => {
    running = action().finally(() => (running = undefined));
    return running;
  };
  return () => {
    if (!running) return run();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return run();
      });
    return next;
  };
}
