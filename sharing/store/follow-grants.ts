import { grantView, type GrantView } from '../policy/grant.ts';
import { follow, type Following, type FollowOptions } from './follow.ts';
import { loadGrants, readEpoch } from './grant-store.ts';
import type { SharingModels } from './models.ts';

export interface FollowedGrants extends Following {
  view(): GrantView;
  /** True when the store has been silent for so long that a revoked grant could still be in the view. */
  stale(): boolean;
}

export interface FollowGrantsOptions extends FollowOptions {
  readonly staleAfterMs?: number;
}

/** Keeps the grants of this gateway in step with the store by the policy epoch, one small document. */
export async function followGrants(
  models: Pick<SharingModels, 'grants' | 'epochs'>,
  { staleAfterMs = 5_000, ...options }: FollowGrantsOptions = {},
): Promise<FollowedGrants> {
  let view = grantView(-1, []);
  let heardAt = 0;
  const look = async (): Promise<void> => {
    // The answer speaks for the moment it was asked, not for the moment it arrived.
    const askedAt = performance.now();
    const epoch = await readEpoch(models);
    if (epoch !== view.epoch) view = await loadGrants(models, new Date());
    heardAt = askedAt;
  };
  const following = await follow(models.epochs, look, options);
  return { ...following, view: () => view, stale: () => performance.now() - heardAt > staleAfterMs };
}
