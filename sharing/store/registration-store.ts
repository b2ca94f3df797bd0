import type { ClientSession } from 'mongoose';
import { HubError } from '../../lib/errors.ts';
import type { SharingModels } from './models.ts';
import type { PublishingKeyRecord, RegistrationRecord } from './publishing-models.ts';
import { isTaken } from './stored.ts';

type Models = Pick<SharingModels, 'registrations' | 'publishingKeys'>;

/**
 * Says which department may publish a subgraph.
 * @throws HubError CONFLICT where the name is taken.
 */
export async function registerSubgraph(
  { registrations }: Models,
  { name, owner, by, at }: { readonly name: string; readonly owner: string; readonly by: string; readonly at: Date },
): Promise<RegistrationRecord> {
  const record: RegistrationRecord = { _id: name, owner, registeredBy: by, at, past: [] };
  try {
    await registrations.create([record]);
  } catch (thrown) {
    if (isTaken(thrown))
      throw new HubError('CONFLICT', `name: ${name} is registered already. Choose another, or have it transferred.`);
    throw thrown;
  }
  return record;
}

/** Registers those of a hub's own that nobody has registered yet. */
export async function registerMissing(
  { registrations }: Models,
  subgraphs: readonly { readonly name: string; readonly owner: string }[],
  at: Date,
): Promise<void> {
  for (const { name, owner } of subgraphs)
    await registrations.updateOne(
      { _id: name },
      { $setOnInsert: { owner, registeredBy: 'hub start', at, past: [] } },
      { upsert: true },
    );
}

/** @throws HubError NOT_FOUND, the same for a subgraph of another department as for none. */
export async function ownSubgraph(
  { registrations }: Models,
  name: string,
  department: string,
): Promise<RegistrationRecord> {
  const found = await registrations.findOne({ _id: name, owner: department }).lean();
  if (found) return found;
  throw new HubError(
    'NOT_FOUND',
    'subgraph: none of this name is registered to your department. Ask the data bureau to register or transfer it.',
  );
}

/** Gives a subgraph to another department, as part of a release. @throws HubError CONFLICT where its owner changed meanwhile. */
export async function transferRegistration(
  { registrations }: Models,
  { name, from, to, by, reason, at }: Transfer,
  session: ClientSession,
): Promise<void> {
  const changed = await registrations.findOneAndUpdate(
    { _id: name, owner: from },
    { $set: { owner: to }, $push: { past: { owner: from, until: at, by, reason } } },
    { session },
  );
  if (!changed) throw new HubError('CONFLICT', 'subgraph: its owner changed meanwhile. Look at it again.');
}

export interface Transfer {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
}

/** Every key a department ever had. */
export function keysOf({ publishingKeys }: Models, department: string): Promise<PublishingKeyRecord[]> {
  return publishingKeys.find({ department }).lean();
}

/** @throws HubError CONFLICT where it is registered already. */
export async function registerKey(
  { publishingKeys }: Models,
  record: PublishingKeyRecord,
): Promise<PublishingKeyRecord> {
  try {
    await publishingKeys.create([record]);
  } catch (thrown) {
    if (isTaken(thrown))
      throw new HubError('CONFLICT', 'x: this key is registered already. Make a new one: hub publishing-key create.');
    throw thrown;
  }
  return record;
}

/**
 * Ends a key at once.
 * @param department whose key it must be; absent, of any.
 * @throws HubError NOT_FOUND, the same for a key of another department as for none, CONFLICT where it was ended before.
 */
export async function revokeKey(
  { publishingKeys }: Models,
  id: string,
  {
    by,
    department,
  }: {
    readonly by: Required<Pick<PublishingKeyRecord, 'revokedBy' | 'revokedAt' | 'reason'>>;
    readonly department?: string | undefined;
  },
): Promise<PublishingKeyRecord> {
  const own = { _id: id, ...(department !== undefined && { department }) };
  const revoked = await publishingKeys
    .findOneAndUpdate({ ...own, revokedAt: { $exists: false } }, { $set: by }, { returnDocument: 'after' })
    .lean();
  if (revoked) return revoked;
  if (await publishingKeys.exists(own)) throw new HubError('CONFLICT', 'id: this key was revoked before.');
  throw new HubError('NOT_FOUND', 'id: your department has no publishing key of this id. Look at publishingKeys.');
}
