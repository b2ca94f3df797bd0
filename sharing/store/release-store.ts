import type { ClientSession } from 'mongoose';
import { HubError } from '../../lib/errors.ts';
import type { SigningKey } from '../../lib/signed-context.ts';
import type { Catalogue } from '../../schema/catalogue.ts';
import { contentDigest, type Release, type Unnumbered, versionOf } from '../publishing/release.ts';
import { signRelease } from '../publishing/signature.ts';
import { type CatalogueModels, replaceCatalogue } from './catalogue.ts';
import type { SharingModels } from './models.ts';
import type { ReleaseRecord } from './release-models.ts';
import { isTaken } from './stored.ts';

type Models = Pick<SharingModels, 'releases' | 'versions'> & CatalogueModels;

/** A release to be stored, with what belongs to it. */
export interface NewRelease {
  readonly release: Unnumbered;
  /** Number of the release it was made from; 0 for the first. It takes the next one, or none. */
  readonly after: number;
  /** The SDL of every subgraph in it. */
  readonly sdls: readonly string[];
  readonly catalogue: Catalogue;
  readonly key: SigningKey;
  readonly at: Date;
  /** What else changes with it or not at all. */
  readonly along?: ((session: ClientSession) => Promise<void>) | undefined;
}

/**
 * Stores a release, the schemas it was made of and its catalogue in one transaction.
 * @throws HubError CONFLICT where another one took its number.
 */
export async function storeRelease(models: Models, made: NewRelease): Promise<Release> {
  const { release, after, sdls, catalogue, key, at, along } = made;
  const previous = after > 0 ? await digestOf(models, after) : undefined;
  const numbered = { ...release, number: after + 1, digest: contentDigest(release), at, ...(previous && { previous }) };
  const whole: Release = { ...numbered, signature: await signRelease(numbered, key) };
  const { number, ...record } = whole;
  try {
    await models.releases.db.transaction(async (session) => {
      await models.releases.create([{ _id: number, ...record }], { session });
      for (const sdl of sdls) await keepVersion(models, sdl, { at, session });
      await replaceCatalogue(models, catalogue, { release: { since: number, sinceAt: at }, session });
      await along?.(session);
    });
  } catch (thrown) {
    if (isTaken(thrown)) throw overtaken(number);
    throw thrown;
  }
  return whole;
}

/** Number of the release in force, from the primary and acknowledged by the majority; 0 where there is none. */
export async function latestNumber({ releases }: Pick<SharingModels, 'releases'>): Promise<number> {
  const latest = await releases
    .findOne({}, { _id: 1 })
    .sort({ _id: -1 })
    .read('primary')
    .readConcern('majority')
    .lean<{ _id: number } | null>();
  return latest?._id ?? 0;
}

/** @throws HubError NOT_FOUND */
export async function readRelease({ releases }: Pick<SharingModels, 'releases'>, number: number): Promise<Release> {
  const record = await releases.findById(number).lean<ReleaseRecord | null>();
  if (!record)
    throw new HubError('NOT_FOUND', `release: there is none numbered ${number}. Look at releases for those there are.`);
  const { _id, ...rest } = record;
  return { number: _id, ...rest };
}

/** The SDL of each version, by its hash. @throws Error where one is missing: the store has lost what it acknowledged. */
export async function readVersions(
  { versions }: Pick<SharingModels, 'versions'>,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await versions.find({ _id: { $in: [...hashes] } }).lean();
  const byHash = new Map(found.map(({ _id, sdl }) => [_id, sdl]));
  for (const hash of hashes) {
    const sdl = byHash.get(hash);
    if (sdl === undefined || versionOf(sdl) !== hash) throw new Error(`the schema ${hash} is not as it was published`);
  }
  return byHash;
}

async function digestOf(models: Models, number: number): Promise<string> {
  return (await readRelease(models, number)).digest;
}

/** Keeps the SDL of a subgraph under its hash, once. */
export async function keepVersion(
  { versions }: Pick<SharingModels, 'versions'>,
  sdl: string,
  { at, session }: { readonly at: Date; readonly session: ClientSession },
): Promise<void> {
  await versions.updateOne({ _id: versionOf(sdl) }, { $setOnInsert: { sdl, at } }, { upsert: true, session });
}

function overtaken(number: number): HubError {
  return new HubError(
    'CONFLICT',
    `Release ${number} was made by somebody else meanwhile, so this was checked against what is no longer in force. Nothing was stored: check it again, then publish it again.`,
  );
}
