import { randomBytes } from 'node:crypto';
import { HubError } from '../../lib/errors.ts';
import type { ReleaseKeys } from '../../lib/subgraph-definition.ts';
import type { RoutedSubgraph } from '../../schema/compose.ts';
import type { SharingModels } from '../store/models.ts';
import type { NoticeRecord, ProposalRecord } from '../store/publishing-models.ts';
import { keepVersion, storeRelease } from '../store/release-store.ts';
import { type Checked, check } from './check.ts';
import { type InForce, readFacts, readInForce } from './in-force.ts';
import type { Prepared } from './prepare.ts';
import { signed, type Unsigned } from './proposal-signature.ts';
import { type Release, released, type Unnumbered, versionOf } from './release.ts';

/** A subgraph as its owner would have it. */
export type Candidate = RoutedSubgraph;

/** Who acts, and why. */
export interface Acting {
  readonly department: string;
  readonly officer: string;
  readonly message: string;
  readonly at: Date;
}

export type PublishOutcome =
  | { readonly kind: 'REFUSED' | 'BREAKING'; readonly checked: Checked }
  /** Nothing is new in it: no release is made. */
  | { readonly kind: 'UNCHANGED'; readonly release: Release }
  | { readonly kind: 'PROPOSED'; readonly checked: Checked; readonly proposal: ProposalRecord }
  | { readonly kind: 'RELEASED'; readonly checked: Checked; readonly release: Release };

/** Checks what a subgraph would change if it were published now. */
export async function checkCandidate(
  models: SharingModels,
  candidate: Candidate,
  { keys, at }: { readonly keys: ReleaseKeys; readonly at: Date },
): Promise<Checked> {
  const inForce = await readInForce(models, keys);
  return check({ ...(await checking(models, inForce, at)), ...withCandidate(inForce, candidate) });
}

/**
 * Publishes a subgraph: checks it against the release in force, and stores the release that follows it, or a proposal where
 * somebody would see more by it. Nothing is stored unless everything passed.
 * @param breaking why it may break what is used; absent, it may not.
 * @throws HubError CONFLICT where another release came first.
 */
export async function publish(
  models: SharingModels,
  candidate: Candidate,
  {
    acting,
    after,
    breaking,
    keys,
  }: {
    readonly acting: Acting;
    readonly after: number;
    readonly breaking?: string | undefined;
    readonly keys: ReleaseKeys;
  },
): Promise<PublishOutcome> {
  const { at } = acting;
  const inForce = await readInForce(models, keys);
  if (inForce.number !== after) throw overtaken(inForce.number, after);
  if (inForce.release && isSame(inForce, candidate)) return { kind: 'UNCHANGED', release: inForce.release };
  const checked = await check({ ...(await checking(models, inForce, at)), ...withCandidate(inForce, candidate) });
  const { outcome, prepared } = checked;
  if (!prepared || outcome === 'REFUSED') return { kind: 'REFUSED', checked };
  if (outcome === 'BREAKING' && breaking === undefined) return { kind: 'BREAKING', checked };
  if (checked.rights.some(({ loosens }) => loosens)) {
    const proposal = proposed(checked, { ...acting, after, breaking });
    const published = { subgraph: candidate.name, version: versionOf(candidate.sdl), url: candidate.url };
    const record = await storeProposal(models, { ...proposal, ...published }, { keys, sdl: candidate.sdl });
    return { kind: 'PROPOSED', checked, proposal: record };
  }
  const { subgraphs } = withCandidate(inForce, candidate);
  const release = await storePrepared(models, prepared, {
    ...{ subgraphs, after, keys, acting, checked, breaking },
    what: { kind: 'PUBLISHED', subgraph: candidate.name },
  });
  return { kind: 'RELEASED', checked, release };
}

/** What a check needs beside the subgraphs. */
export async function checking(models: SharingModels, { release, subgraphs: before }: InForce, at: Date) {
  return { inForce: release, before, ...(await readFacts(models, at)), at };
}

/** The subgraphs in force with one of them replaced, or one more. */
export function withCandidate(
  { subgraphs }: InForce,
  candidate: Candidate,
): { readonly subgraphs: readonly RoutedSubgraph[]; readonly candidate: string } {
  const known = subgraphs.some(({ name }) => name === candidate.name);
  const merged = known
    ? subgraphs.map((each) => (each.name === candidate.name ? candidate : each))
    : [...subgraphs, candidate];
  return { subgraphs: merged, candidate: candidate.name };
}

/** Stores what was prepared and checked as the release after another one, and tells those whose use it breaks. */
export async function storePrepared(
  models: SharingModels,
  { supergraph, policy, retired, catalogue }: Prepared,
  {
    subgraphs,
    after,
    keys,
    acting,
    what,
    checked,
    breaking,
    along,
  }: {
    readonly subgraphs: readonly RoutedSubgraph[];
    readonly after: number;
    readonly keys: ReleaseKeys;
    readonly acting: Acting;
    readonly what: Pick<Unnumbered, 'kind' | 'subgraph' | 'restores'>;
    readonly checked: Pick<Checked, 'impacts'>;
    readonly breaking?: string | undefined;
    readonly along?: Parameters<typeof storeRelease>[1]['along'];
  },
): Promise<Release> {
  const { department, officer, message, at } = acting;
  const by = { department, officer, message };
  const release = { supergraph, policy, retired, subgraphs: subgraphs.map(released), ...by, ...what };
  const notices = noticesOf(checked, { release: after + 1, reason: breaking ?? message, at, subgraph: what.subgraph });
  return storeRelease(models, {
    ...{ release, after, catalogue, at },
    key: await keys.signing(),
    sdls: subgraphs.map(({ sdl }) => sdl),
    along: async (session) => {
      if (notices.length > 0) await models.notices.insertMany(notices, { session });
      await along?.(session);
    },
  });
}

/** One notice for each application whose use is concerned, with all that concerns it. */
function noticesOf(
  { impacts }: Pick<Checked, 'impacts'>,
  told: Pick<NoticeRecord, 'release' | 'reason' | 'at' | 'subgraph'>,
): readonly NoticeRecord[] {
  const byConsumer = new Map<string, NoticeRecord>();
  for (const { change, consumers } of impacts)
    for (const { department, application, calls } of consumers) {
      const key = JSON.stringify([department, application]);
      const known = byConsumer.get(key);
      const changes = [...(known?.changes ?? []), change];
      const _id = known?._id ?? `N-${randomBytes(8).toString('hex')}`;
      byConsumer.set(key, {
        _id,
        department,
        application,
        ...told,
        changes,
        calls: Math.max(calls, known?.calls ?? 0),
      });
    }
  return [...byConsumer.values()];
}

/** A proposal of what was checked: who must approve it is who owns what it loosens. */
export function proposed(
  { rights, gains }: Pick<Checked, 'rights' | 'gains'>,
  { department, officer, message, at, after, breaking }: Acting & Pick<ProposalRecord, 'after' | 'breaking'>,
): Unsigned {
  const loosened = rights.filter(({ loosens }) => loosens);
  return {
    _id: `P-${randomBytes(8).toString('hex')}`,
    state: 'PENDING',
    ...{ department, officer, message, at, after, gains },
    ...(breaking !== undefined && { breaking }),
    rights: loosened,
    owners: [...new Set(loosened.map(({ owner }) => owner))].sort(),
    approvals: [],
  };
}

/** Proposals of one department that may wait at once: more are read by nobody, and each is kept with its schema. */
const MOST_PENDING = 20;

/**
 * Signs and stores a proposal, with the schema it would publish.
 * @throws HubError CONFLICT where too many of the department wait already.
 */
export async function storeProposal(
  models: SharingModels,
  unsigned: Unsigned,
  { keys, sdl }: { readonly keys: ReleaseKeys; readonly sdl?: string },
): Promise<ProposalRecord> {
  const { department } = unsigned;
  if ((await models.proposals.countDocuments({ department, state: 'PENDING' })) >= MOST_PENDING)
    throw new HubError(
      'CONFLICT',
      `${MOST_PENDING} proposals of your department wait already. Have them approved or refused first.`,
    );
  const proposal = await signed(unsigned, keys);
  await models.proposals.db.transaction(async (session) => {
    await models.proposals.create([proposal], { session });
    if (sdl !== undefined) await keepVersion(models, sdl, { at: proposal.at, session });
  });
  return proposal;
}

function isSame({ subgraphs }: InForce, { name, owner, sdl, url }: Candidate): boolean {
  return subgraphs.some((each) => each.name === name && each.owner === owner && each.sdl === sdl && each.url === url);
}

function overtaken(number: number, after: number): HubError {
  return new HubError(
    'CONFLICT',
    `after: release ${number} is in force, not ${after}; it was made by somebody else meanwhile. Nothing was stored: check again, then publish again.`,
  );
}
