import type { Model } from 'mongoose';

export interface Watch {
  stop(): Promise<void>;
}

/** Between a stream that broke and the next try. A server that is no replica set has none: it is asked again, in case it becomes one. */
const RETRY_MS = 10_000;

/**
 * Tells when a collection changes, by a change stream. It is a hint and no more: streams break unnoticed, and a server by
 * itself has none, so whoever follows the collection must also look by itself.
 */
export function watchCollection<Record>({ collection }: Model<Record>, onChange: () => void): Watch {
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;
  let close: () => Promise<void> = () => Promise.resolve();

  const again = (): void => {
    if (!stopped) retry = setTimeout(open, RETRY_MS).unref();
  };
  /** Undefined where the store has never answered yet. */
  const opened = () => {
    try {
      return collection.watch([], { maxAwaitTimeMS: 1_000 });
    } catch {
      again();
      return undefined;
    }
  };
  const open = (): void => {
    const stream = opened();
    if (!stream) return;
    close = () => stream.close();
    stream.on('change', onChange);
    // The poll beside it meets the same trouble and says so.
    stream.once('error', () => {
      void stream.close();
      again();
    });
  };
  open();
  return {
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await close();
    },
  };
}
