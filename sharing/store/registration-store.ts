import type { ClientSession } from 'mongoose';
import { HubError } from '../../lib/errors.ts';
import type { SharingModels } from './models.ts';
import type { PublishingKeyRecord, RegistrationRecord } from './publishing-models.ts';

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
    if ((thrown as { code?: unknown }).code === 11_000)
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
