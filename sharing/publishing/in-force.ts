import type { ReleaseKeys } from '../../lib/subgraph-definition.ts';
import type { RoutedSubgraph } from '../../schema/compose.ts';
import type { Grant } from '../policy/grant.ts';
import { loadGrants } from '../store/grant-store.ts';
import type { SharingModels } from '../store/models.ts';
import { latestNumber, readRelease, readVersions } from '../store/release-store.ts';
import { usedOperations } from '../store/used-operations.ts';
import { verifyRelease } from './signature.ts';
import type { UsedOperation } from './judge.ts';
import type { Release, ReleasedSubgraph } from './release.ts';

/** The release in force, with the schemas it was made of. */
export interface InForce {
  readonly release: Release | undefined;
  /** Its number; 0 where there is none yet. */
  readonly number: number;
  readonly subgraphs: readonly RoutedSubgraph[];
}

/** @throws HubError RELEASE_REFUSED where the hub did not sign it: what follows it would be measured by a lie. */
export async function readInForce(
  models: Pick<SharingModels, 'releases' | 'versions'>,
  { verifying }: Pick<ReleaseKeys, 'verifying'>,
): Promise<InForce> {
  const number = await latestNumber(models);
  if (number === 0) return { release: undefined, number, subgraphs: [] };
  const release = await readRelease(models, number);
  await verifyRelease(release, verifying);
  return { release, number, subgraphs: await withSchemas(models, release.subgraphs) };
}

/** Subgraphs of a release with their SDL. */
export async function withSchemas(
  models: Pick<SharingModels, 'versions'>,
  subgraphs: readonly ReleasedSubgraph[],
): Promise<readonly RoutedSubgraph[]> {
  const sdls = await readVersions(
    models,
    subgraphs.map(({ version }) => version),
  );
  return subgraphs.map(({ name, owner, url, version }) => ({ name, owner, url, sdl: sdls.get(version) ?? '' }));
}

/** What a change is judged by: what was used in the last days, and the grants in force or to come. */
export interface Facts {
  readonly operations: readonly UsedOperation[];
  readonly grants: readonly Grant[];
}

const DAY_MS = 86_400_000;
/** A month and what a month may be late by: monthly reports are use too. */
export const USED_WITHIN_DAYS = 35;

export async function readFacts(models: SharingModels, at: Date, days = USED_WITHIN_DAYS): Promise<Facts> {
  const [operations, view] = await Promise.all([
    usedOperations(models, new Date(at.getTime() - days * DAY_MS)),
    loadGrants(models, at),
  ]);
  return { operations, grants: [...view.byHolder.values()].flat() };
}
