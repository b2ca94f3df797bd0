import type { JWTVerifyGetKey } from 'jose';
import { HubError } from '../../lib/errors.ts';
import type { Release } from '../publishing/release.ts';
import { verifyRelease } from '../publishing/signature.ts';
import { follow, type Following, type FollowOptions } from './follow.ts';
import type { SharingModels } from './models.ts';
import { latestNumber, readRelease } from './release-store.ts';

export interface FollowReleasesOptions extends FollowOptions {
  /** The public keys of those who may make releases. */
  readonly keys: JWTVerifyGetKey;
  /** Takes a release into use. One that it cannot use, or that is not signed, is told to `onError` once. */
  readonly use: (release: Release) => Promise<void>;
  /** The release that was served last: none before it is taken into use. */
  readonly last?: Release | undefined;
}

export interface FollowedReleases extends Following {
  /** Number of the release in use; 0 before the first. */
  readonly number: () => number;
}

/**
 * Takes each new release of the hub into use once its signature is verified. It never goes back to a lower number: what was in
 * force before comes back as a release of its own.
 */
export async function followReleases(
  models: Pick<SharingModels, 'releases'>,
  { keys, use, last, ...options }: FollowReleasesOptions,
): Promise<FollowedReleases> {
  let number = 0;
  let refused = 0;
  const least = last?.number ?? 0;
  if (last && options.away) {
    await verifyRelease(last, keys);
    await use(last);
    number = least;
  }
  const look = async (): Promise<void> => {
    const latest = await latestNumber(models);
    const served = Math.max(least, number);
    if (latest < served && refused !== latest) {
      refused = latest;
      throw lost(latest, served);
    }
    if (latest <= number || latest === refused) return;
    const release = await readRelease(models, latest);
    try {
      await verifyRelease(release, keys);
      await use(release);
      number = latest;
    } catch (thrown) {
      // What the hub says of a release will not change by being looked at four times a second; all else may pass.
      if (!(thrown instanceof HubError)) throw thrown;
      refused = latest;
      options.onError?.(thrown);
    }
  };
  const following = await follow(models.releases, look, options);
  return { ...following, number: () => number };
}

function lost(latest: number, least: number): HubError {
  return new HubError(
    'RELEASE_REFUSED',
    `The store has release ${latest} as its latest, and this gateway has served release ${least}: somebody took releases away, or it is another store. Bring the store back, or remove release-*.json in DATA_DIR where that is meant.`,
  );
}
