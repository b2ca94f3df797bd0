import { grantView, type GrantView } from '../policy/grant.ts';
import { loadGrants, readEpoch } from './grant-store.ts';
import type { SharingModels } from './models.ts';
import { watchEpoch } from './watch-epoch.ts';

export interface FollowedGrants {
  view(): GrantView;
  /** True when the store has been silent for so long that a revoked grant could still be in the view. */
  stale(): boolean;
  stop(): Promise<void>;
}

export interface FollowOptions {
  readonly pollMs?: number;
  readonly staleAfterMs?: number;
  readonly onError?: (error: unknown) => void;
}

/**
 * Keeps the grants of this gateway in step with the store: looks at the policy epoch, one small document, when the store says
 * that it has changed, and every quarter of a second whatever the store says.
 */
export async function followGrants(
  models: Pick<SharingModels, 'grants' | 'epochs'>,
  options: FollowOptions = {},
): Promise<FollowedGrants> {
  const { pollMs = 250, staleAfterMs = 5_000, onError } = options;
  let view = grantView(-1, []);
  let heardAt = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const lookOnce = async (): Promise<void> => {
    // The answer speaks for the moment it was asked, not for the moment it arrived.
    const askedAt = performance.now();
    const epoch = await readEpoch(models);
    if (epoch !== view.epoch) view = await loadGrants(models, new Date());
    heardAt = askedAt;
  };
  const look = oneAfterTheOther(lookOnce);
  const again = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) => onError?.(error))
        .finally(again);
    }, pollMs);
  };

  await look();
  again();
  const watch = watchEpoch(models, () => {
    look().catch((error: unknown) => onError?.(error));
  });
  return {
    view: () => view,
    stale: () => performance.now() - heardAt > staleAfterMs,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await watch.stop();
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
