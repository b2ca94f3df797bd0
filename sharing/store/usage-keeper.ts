import type { Following } from './follow.ts';
import type { SharingModels } from './models.ts';
import { rollUp } from './usage-roll-up.ts';

export interface KeepUsageOptions {
  /** Milliseconds from the end of one run to the next. */
  readonly everyMs?: number | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** What a run does at most before it looks whether it is to stop. */
const SLICE_MS = 500;

/** Rolls usage up now and every ten minutes, beside whatever else the process does. Several processes may do it at once. */
export function keepUsage(
  models: Pick<SharingModels, 'audit'>,
  { everyMs = 600_000, onError }: KeepUsageOptions = {},
): Following {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const run = async (): Promise<void> => {
    try {
      while (!stopping.signal.aborted) if ((await rollUp(models, { now: new Date(), forMs: SLICE_MS })).done) break;
    } catch (thrown) {
      onError?.(thrown);
    }
    if (stopping.signal.aborted) return;
    timer = setTimeout(() => {
      running = run();
    }, everyMs);
  };
  let running = run();
  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
