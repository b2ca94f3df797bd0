import { grantView, type GrantView } from '../policy/grant.ts';
import { loadGrants, readEpoch } from './grant-store.ts';
import type { SharingModels } from './models.ts';

export interface FollowedGrants {
  view(): GrantView;
  /** True when the store has been silent for so long that a revoked grant could still be in the view. */
  stale(): boolean;
  stop(): void;
}

export interface FollowOptions {
  readonly pollMs?: number;
  readonly staleAfterMs?: number;
  readonly onError?: (error: unknown) => void;
}

/** Keeps the grants of this gateway in step with the store by polling the policy epoch, one small document. */
export async function followGrants(
  models: Pick<SharingModels, 'grants' | 'epochs'>,
  options: FollowOptions = {},
): Promise<FollowedGrants> {
  const { pollMs = 250, staleAfterMs = 5_000, onError } = options;
  let view = grantView(-1, []);
  let heardAt = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    // The answer speaks for the moment it was asked, not for the moment it arrived.
    const askedAt = performance.now();
    const epoch = await readEpoch(models);
    if (epoch !== view.epoch) view = await loadGrants(models, new Date());
    heardAt = askedAt;
  };
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
  return {
    view: () => view,
    stale: () => performance.now() - heardAt > staleAfterMs,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
