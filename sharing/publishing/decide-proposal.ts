import { HubError } from '../../lib/errors.ts';
import type { ReleaseKeys } from '../../lib/subgraph-definition.ts';
import type { RoutedSubgraph } from '../../schema/compose.ts';
import type { PolicyChange } from '../../schema/policy-change.ts';
import type { SharingModels } from '../store/models.ts';
import type { ProposalRecord } from '../store/publishing-models.ts';
import { readRelease, readVersions } from '../store/release-store.ts';
import { check } from './check.ts';
import { type InForce, readInForce } from './in-force.ts';
import { type Acting, checking, storePrepared, withCandidate } from './publish.ts';
import type { Release } from './release.ts';
import { signed, verifyProposal } from './proposal-signature.ts';
import { restored } from './roll-back.ts';
import { verifyRelease } from './signature.ts';
import { handedOver, transferAlong } from './transfer.ts';

/** An officer of an owner who decides on a proposal. */
export type Deciding = Omit<Acting, 'message'>;

/**
 * Approves a proposal for one of the owners concerned. With the last approval it is checked again, against what is in force
 * by then, and released.
 * @returns the release; undefined while another owner has still to approve.
 * @throws HubError NOT_FOUND, CONFLICT where it was decided, or would by now loosen more than was approved.
 */
export async function approveProposal(
  models: SharingModels,
  id: string,
  { deciding, keys }: { readonly deciding: Deciding; readonly keys: ReleaseKeys },
): Promise<{ readonly proposal: ProposalRecord; readonly release?: Release | undefined }> {
  const { department: owner, officer, at } = deciding;
  const approval = { owner, officer, at };
  for (;;) {
    const known = await pendingProposal(models, id, { owner, keys });
    if (openOf(known).every((each) => each === owner)) return released(models, known, { approval, keys });
    const proposal = await changeTo(models, known, { approvals: [...known.approvals, approval] }, keys);
    if (proposal) return { proposal };
    // Another owner approved at the same moment: whoever comes second finds the first, and may be the last.
  }
}

/** Changes a proposal that is as it was read. @returns undefined where somebody else changed it meanwhile. */
async function changeTo(
  models: SharingModels,
  known: ProposalRecord,
  change: Partial<ProposalRecord>,
  keys: ReleaseKeys,
): Promise<ProposalRecord | undefined> {
  const proposal = await signed({ ...known, ...change }, keys);
  const set = { ...change, signature: proposal.signature };
  const { matchedCount } = await models.proposals.updateOne(
    { _id: known._id, signature: known.signature },
    { $set: set },
  );
  return matchedCount === 0 ? undefined : proposal;
}

/** The owners who have still to approve. */
function openOf({ owners, approvals }: ProposalRecord): readonly string[] {
  return owners.filter((each) => !approvals.some((given) => given.owner === each));
}

/** Refuses a proposal for one of the owners concerned: that one is enough. */
export async function refuseProposal(
  models: SharingModels,
  id: string,
  { deciding, reason, keys }: { readonly deciding: Deciding; readonly reason: string; readonly keys: ReleaseKeys },
): Promise<ProposalRecord> {
  const { department: owner, officer, at } = deciding;
  for (;;) {
    const known = await pendingProposal(models, id, { owner, keys });
    const change = { state: 'REFUSED', decidedBy: officer, decidedAt: at, reason } as const;
    const refused = await changeTo(models, known, change, keys);
    if (refused) return refused;
  }
}

/**
 * @throws HubError NOT_FOUND for a proposal that does not concern this owner as for none, CONFLICT for one that is decided,
 * PROPOSAL_REFUSED for one that is not as the hub wrote it.
 */
export async function pendingProposal(
  models: SharingModels,
  id: string,
  { owner, keys }: { readonly owner: string; readonly keys: ReleaseKeys },
): Promise<ProposalRecord> {
  const found = await models.proposals.findOne({ _id: id, owners: owner }).lean();
  if (!found)
    throw new HubError(
      'NOT_FOUND',
      'proposal: none of this id waits for your department. Look at proposals with a token of an owner it concerns.',
    );
  await verifyProposal(found, keys.verifying);
  // Approved by all and not released: the process died between the two. Any of them takes it up again, or refuses it.
  const isApproved = openOf(found).length > 0 && found.approvals.some((given) => given.owner === owner);
  if (found.state !== 'PENDING' || isApproved) throw alreadyDecided();
  return found;
}

async function released(
  models: SharingModels,
  proposal: ProposalRecord,
  { approval, keys }: { readonly approval: ProposalRecord['approvals'][number]; readonly keys: ReleaseKeys },
): Promise<{ readonly proposal: ProposalRecord; readonly release: Release }> {
  const { at } = approval;
  const inForce = await readInForce(models, keys);
  const wanted = await wantedBy(models, proposal, { inForce, keys });
  const checked = await check({ ...(await checking(models, inForce, at)), ...wanted });
  const { prepared } = checked;
  const more = checked.rights.filter((right) => right.loosens && !proposal.rights.some((known) => same(known, right)));
  if (!prepared || more.length > 0 || (checked.outcome === 'BREAKING' && proposal.breaking === undefined))
    throw new HubError(
      'CONFLICT',
      `proposal: what is in force has changed since it was made${more.length > 0 ? `, and it would now loosen ${more.map(({ coordinate }) => coordinate).join(', ')} as well` : ''}. Refuse it, and have it published again.`,
    );
  const moved = await movedSince(models, proposal, { inForce, keys });
  if (moved.length > 0)
    throw new HubError(
      'CONFLICT',
      `proposal: ${moved.join(', ')} changed since it was made, and would be put back. Refuse it, and have it published again.`,
    );
  const owners = new Set(checked.rights.filter(({ loosens }) => loosens).map((right) => right.owner));
  const asked = new Set([...proposal.approvals.map((given) => given.owner), approval.owner]);
  // Who must approve follows from what it loosens, whatever the record of the proposal says.
  if ([...owners].some((owner) => !asked.has(owner))) throw notApproved();
  const { department, officer, message, breaking, subgraph = '', transferTo } = proposal;
  const change = {
    state: 'APPROVED',
    decidedBy: approval.officer,
    decidedAt: at,
    release: inForce.number + 1,
    approvals: [...proposal.approvals.filter(({ owner }) => owner !== approval.owner), approval],
  } as const;
  const approved = await signed({ ...proposal, ...change }, keys);
  const release = await storePrepared(models, prepared, {
    ...{ subgraphs: wanted.subgraphs, after: inForce.number, keys, checked, breaking },
    what: whatOf(proposal),
    acting: { department, officer, message, at },
    along: async (session) => {
      const seen = { _id: proposal._id, signature: proposal.signature };
      const set = { ...change, signature: approved.signature };
      const changed = await models.proposals.updateOne(seen, { $set: set }, { session });
      if (changed.matchedCount === 0) throw alreadyDecided();
      if (transferTo === undefined) return;
      const to = { name: subgraph, from: approval.owner, to: transferTo };
      await transferAlong(models, { ...to, by: officer, reason: message, at, policy: prepared.policy }, session);
    },
  });
  return { proposal: approved, release };
}

function whatOf({ subgraph, restores, transferTo }: ProposalRecord): Pick<Release, 'kind' | 'subgraph' | 'restores'> {
  if (restores !== undefined) return { kind: 'ROLLED_BACK', restores };
  return { kind: transferTo === undefined ? 'PUBLISHED' : 'TRANSFERRED', ...(subgraph !== undefined && { subgraph }) };
}

/** The subgraphs as the proposal would have them, over what is in force now. */
async function wantedBy(
  models: SharingModels,
  { subgraph, version, url, restores, transferTo }: ProposalRecord,
  { inForce, keys }: { readonly inForce: InForce; readonly keys: ReleaseKeys },
): Promise<{ readonly subgraphs: readonly RoutedSubgraph[]; readonly candidate?: string }> {
  if (restores !== undefined) return { subgraphs: await restored(models, restores, keys) };
  const name = subgraph ?? '';
  if (transferTo !== undefined) return { subgraphs: handedOver(inForce, name, transferTo) };
  const registration = await models.registrations.findById(name).lean();
  const sdl = (await readVersions(models, [version ?? ''])).get(version ?? '') ?? '';
  return withCandidate(inForce, { name, owner: registration?.owner ?? '', url: url ?? '', sdl });
}

/**
 * The subgraphs it would replace that are not as they were when it was made: published since, or given to another department.
 * Whoever approves has seen what it changes then, not now.
 */
async function movedSince(
  models: SharingModels,
  { after, subgraph, restores }: ProposalRecord,
  { inForce, keys }: { readonly inForce: InForce; readonly keys: ReleaseKeys },
): Promise<readonly string[]> {
  if (after === inForce.number || !inForce.release) return [];
  const base = await readRelease(models, after);
  await verifyRelease(base, keys.verifying);
  const [then, now] = [base.subgraphs, inForce.release.subgraphs].map(
    (subgraphs) => new Map(subgraphs.map((each) => [each.name, JSON.stringify([each.owner, each.url, each.version])])),
  );
  const names = restores === undefined ? [subgraph ?? ''] : [...(then?.keys() ?? []), ...(now?.keys() ?? [])];
  return [...new Set(names)].filter((name) => then?.get(name) !== now?.get(name));
}

function same(one: PolicyChange, other: PolicyChange): boolean {
  return (
    one.coordinate === other.coordinate &&
    // An item that changed hands is another department's to loosen.
    one.owner === other.owner &&
    one.what === other.what &&
    one.before === other.before &&
    one.after === other.after
  );
}

function notApproved(): HubError {
  return new HubError(
    'CONFLICT',
    'proposal: an owner of what it loosens has not approved it. Refuse it, and have it published again.',
  );
}

function alreadyDecided(): HubError {
  return new HubError('CONFLICT', 'proposal: decided already, or approved for your department. Look at it again.');
}
