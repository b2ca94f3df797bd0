import type { ClientSession } from 'mongoose';
import { HubError } from '../../lib/errors.ts';
import { type Grant, grantView, type GrantView } from '../policy/grant.ts';
import type { GrantRecord, SharingModels } from './models.ts';

type GrantModels = Pick<SharingModels, 'grants' | 'epochs'>;

/** Stores a grant and moves the policy epoch in one transaction, so that no gateway can know one without the other. */
export async function storeGrant(models: GrantModels, grant: Grant): Promise<void> {
  await inEpoch(models, async (session) => {
    await models.grants.create([toRecord(grant)], { session });
  });
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

async function inEpoch(models: GrantModels, change: (session: ClientSession) => Promise<void>): Promise<void> {
  await models.grants.db.transaction(async (session) => {
    await change(session);
    await models.epochs.updateOne({ _id: 'policy' }, { $inc: { epoch: 1 } }, { upsert: true, session });
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

function toGrant({ _id, validFrom, validUntil, status: _status, createdAt: _created, ...rest }: GrantRecord): Grant {
  return { id: _id, ...rest, validFrom: validFrom.getTime(), validUntil: validUntil.getTime() };
}
