import type { ClientSession } from 'mongoose';
import { HubError } from '../../lib/errors.ts';
import { type Grant, grantView, type GrantView } from '../policy/grant.ts';
import type { GrantRecord, SharingModels } from './models.ts';
import { type Decider, undecidable } from './request-store.ts';

type GrantModels = Pick<SharingModels, 'grants' | 'epochs'>;

/** Stores a grant and moves the policy epoch in one transaction, so that no gateway can know one without the other. */
export async function storeGrant(models: GrantModels, grant: Grant): Promise<void> {
  await inEpoch(models, async (session) => {
    await models.grants.create([toRecord(grant)], { session });
  });
}

/** What an owner grants of what was asked: the same or less. */
export type Granted = Pick<GrantRecord, 'items' | 'divisions' | 'validFrom' | 'validUntil' | 'quota' | 'obligations'>;

/**
 * Approves a pending request: the request, its grant and the policy epoch change together or not at all. Of two approvals at
 * once one finds the request decided; the grant's id follows from the request's, so that there can never be two.
 * @throws HubError CONFLICT where it was decided already, NOT_FOUND where this owner has no such request.
 */
export async function approveRequest(
  models: GrantModels & Pick<SharingModels, 'requests'>,
  id: string,
  {
    owner,
    officer,
    at,
    reason,
    granted,
  }: Decider & { readonly reason?: string | undefined; readonly granted: Granted },
): Promise<GrantRecord> {
  const grant = `G-${id.replace(/^R-/, '')}`;
  const change = { state: 'APPROVED', decidedBy: officer, decidedAt: at, grant, ...(reason && { reason }) } as const;
  return inEpoch(models, async (session) => {
    const request = await models.requests
      .findOneAndUpdate({ _id: id, owner, state: 'PENDING' }, { $set: change }, { session, returnDocument: 'after' })
      .lean();
    if (!request) throw await undecidable(models, { id, owner, session });
    const { department, application, purpose, basis } = request;
    const holder = { owner, department, application, purpose, basis };
    const record: GrantRecord = {
      _id: grant,
      ...holder,
      ...granted,
      status: 'ACTIVE',
      createdAt: at,
      request: id,
      approvedBy: officer,
    };
    await models.grants.create([record], { session });
    return record;
  });
}

/**
 * Ends a grant at once; it stays visible, with the reason.
 * @throws HubError CONFLICT where it is no longer in force, NOT_FOUND where this owner gave no such grant.
 */
export async function revokeGrant(
  models: GrantModels,
  id: string,
  { owner, officer, at, reason }: Decider & { readonly reason: string },
): Promise<GrantRecord> {
  const change = { status: 'REVOKED', revokedBy: officer, revokedAt: at, revocationReason: reason } as const;
  return changeGrant(models, { _id: id, owner, status: 'ACTIVE', validUntil: { $gt: at } }, { change, at });
}

/**
 * Moves the end of a grant that has not ended yet, if its end is still the one that the officer saw.
 * @throws HubError CONFLICT where somebody else changed it, NOT_FOUND where this owner gave no such grant.
 */
export async function renewGrant(
  models: GrantModels,
  id: string,
  { owner, officer, at, from, until }: Decider & { readonly from: Date; readonly until: Date },
): Promise<GrantRecord> {
  const change = { validUntil: until, renewedBy: officer, renewedAt: at };
  const seen = { _id: id, owner, status: 'ACTIVE', validUntil: { $eq: from, $gt: at } };
  return changeGrant(models, seen, { change, at });
}

/**
 * Adds what the divisions of a grant became, as far as its owner says, if its divisions are still those the officer saw.
 * @throws HubError CONFLICT where somebody else changed it, NOT_FOUND where this owner gave no such grant.
 */
export async function confirmDivisions(
  models: GrantModels,
  id: string,
  {
    owner,
    officer,
    at,
    granted,
    confirmed,
  }: Decider & { readonly granted: readonly string[]; readonly confirmed: readonly string[] },
): Promise<GrantRecord> {
  const divisions = [...new Set([...granted, ...confirmed])];
  const change = { divisions, divisionsConfirmedBy: officer, divisionsConfirmedAt: at };
  const seen = { _id: id, owner, status: 'ACTIVE', validUntil: { $gt: at }, divisions: [...granted] };
  return changeGrant(models, seen, { change, at });
}

/**
 * Gives the grants on some items to their new owner. A grant that covers others too is divided: what stays with the old owner
 * keeps its id, the rest is a grant of its own with the same terms.
 */
export async function moveGrants(
  models: GrantModels,
  { from, to, items }: { readonly from: string; readonly to: string; readonly items: ReadonlySet<string> },
  session: ClientSession,
): Promise<void> {
  const concerned: GrantRecord[] = await models.grants
    .find({ owner: from, 'items.coordinate': { $in: [...items] } }, null, { session })
    .lean();
  for (const grant of concerned) {
    const moved = grant.items.filter(({ coordinate }) => items.has(coordinate));
    const kept = grant.items.filter(({ coordinate }) => !items.has(coordinate));
    if (kept.length === 0) {
      await models.grants.updateOne({ _id: grant._id }, { $set: { owner: to } }, { session });
      continue;
    }
    await models.grants.updateOne({ _id: grant._id }, { $set: { items: kept } }, { session });
    await models.grants.create([{ ...grant, _id: `${grant._id}-${to}`, owner: to, items: moved }], { session });
  }
  await models.epochs.updateOne({ _id: 'policy' }, { $inc: { epoch: 1 } }, { upsert: true, session });
}

async function changeGrant(
  models: GrantModels,
  filter: { readonly _id: string; readonly owner: string } & Record<string, unknown>,
  { change, at }: { readonly change: Partial<GrantRecord>; readonly at: Date },
): Promise<GrantRecord> {
  return inEpoch(models, async (session) => {
    const changed = await models.grants
      .findOneAndUpdate(filter, { $set: change }, { session, returnDocument: 'after' })
      .lean();
    if (changed) return changed;
    const known = await models.grants.findOne({ _id: filter._id, owner: filter.owner }, null, { session }).lean();
    throw known ? unchangeable(known, at) : noSuchGrant();
  });
}

/** Why a grant of this owner cannot be changed. */
export function unchangeable({ status, revokedBy, validUntil }: GrantRecord, at: Date): HubError {
  const problem =
    status === 'REVOKED'
      ? `already REVOKED by ${revokedBy ?? 'another officer'}`
      : validUntil <= at
        ? `ended at ${validUntil.toISOString()}`
        : 'changed by somebody else meanwhile';
  const fix =
    status === 'ACTIVE' && validUntil > at ? 'Look at it again.' : 'What is used further needs a new request.';
  return new HubError('CONFLICT', `grant: ${problem}. ${fix}`);
}

/** One answer for a grant that does not exist and for one that somebody else gave. */
export function noSuchGrant(): HubError {
  return new HubError(
    'NOT_FOUND',
    'grant: none of this id was given by your department. Look at grants with a token of the owner.',
  );
}

/** All grants that are or will be in force, and the epoch they belong to. */
export async function loadGrants(models: GrantModels, at: Date): Promise<GrantView> {
  // The epoch is read first: a change between the two reads is then seen again at the next poll, never missed.
  const epoch = await readEpoch(models);
  const records: GrantRecord[] = await models.grants.find({ status: 'ACTIVE', validUntil: { $gt: at } }).lean();
  return grantView(epoch, records.map(toGrant));
}

/** The policy epoch from the primary, acknowledged by the majority: a gateway must not follow a value that may be undone. */
export async function readEpoch(models: GrantModels): Promise<number> {
  const record = await models.epochs.findById('policy').read('primary').readConcern('majority').lean();
  return record?.epoch ?? 0;
}

async function inEpoch<Changed>(
  models: GrantModels,
  change: (session: ClientSession) => Promise<Changed>,
): Promise<Changed> {
  return models.grants.db.transaction(async (session) => {
    const changed = await change(session);
    await models.epochs.updateOne({ _id: 'policy' }, { $inc: { epoch: 1 } }, { upsert: true, session });
    return changed;
  });
}

function toRecord(grant: Grant): GrantRecord {
  const { id, validFrom, validUntil, ...rest } = grant;
  if (validUntil <= validFrom) throw new HubError('BAD_USER_INPUT', 'validUntil: must be after validFrom.');
  return {
    _id: id,
    ...rest,
    validFrom: new Date(validFrom),
    validUntil: new Date(validUntil),
    status: 'ACTIVE',
    createdAt: new Date(),
  };
}

function toGrant(record: GrantRecord): Grant {
  const { _id: id, owner, department, application, purpose, basis, items, divisions, quota, obligations } = record;
  const [validFrom, validUntil] = [record.validFrom.getTime(), record.validUntil.getTime()];
  const terms = { owner, department, application, purpose, basis, items, divisions, quota, obligations };
  return { id, ...terms, validFrom, validUntil };
}
