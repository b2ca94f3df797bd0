import { randomBytes } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import { HubError } from '../../lib/errors.ts';
import type { SharingModels } from './models.ts';
import type { RequestRecord } from './request-record.ts';
import type { SharingTerms } from './sharing-terms.ts';

/** A request before it is stored. */
export type NewRequest = SharingTerms & Pick<RequestRecord, 'officer'>;

/** Stores what was asked of several owners at once: all of it or nothing. */
export async function storeRequests(
  { requests }: Pick<SharingModels, 'requests'>,
  asked: readonly NewRequest[],
  at: Date,
): Promise<readonly RequestRecord[]> {
  const records = asked.map((each): RequestRecord => {
    const _id = `R-${randomBytes(8).toString('hex')}`;
    return { _id, ...each, state: 'PENDING', requestedAt: at };
  });
  await requests.db.transaction(async (session) => {
    await requests.insertMany(records, { session });
  });
  return records;
}

/** Who decides on a request, and when. */
export interface Decider {
  /** The department the request must be addressed to. */
  readonly owner: string;
  readonly officer: string;
  readonly at: Date;
}

/**
 * Refuses a request that is still pending.
 * @throws HubError CONFLICT where it was decided already, NOT_FOUND where this owner has no such request.
 */
export async function refuseRequest(
  models: Pick<SharingModels, 'requests'>,
  id: string,
  { owner, officer, at, reason }: Decider & { readonly reason: string },
): Promise<RequestRecord> {
  const change = { state: 'REFUSED', decidedBy: officer, decidedAt: at, reason } as const;
  const refused = await models.requests
    .findOneAndUpdate({ _id: id, owner, state: 'PENDING' }, { $set: change }, { returnDocument: 'after' })
    .lean();
  if (!refused) throw await undecidable(models, { id, owner });
  return refused;
}

/** Why a request could not be decided on: somebody was first, or this owner has none of that id. */
export async function undecidable(
  { requests }: Pick<SharingModels, 'requests'>,
  { id, owner, session }: { readonly id: string; readonly owner: string; readonly session?: ClientSession },
): Promise<HubError> {
  const known = await requests.findOne({ _id: id, owner }, null, session ? { session } : {}).lean();
  return known ? alreadyDecided(known) : noSuchRequest();
}

function alreadyDecided({ state, decidedBy, grant }: RequestRecord): HubError {
  const next = grant === undefined ? 'Ask for a new request.' : `See grant ${grant}.`;
  return new HubError(
    'CONFLICT',
    `request: already ${state} by ${decidedBy ?? 'another officer'}; a request is decided once. ${next}`,
  );
}

/** One answer for a request that does not exist and for one that somebody else has to decide on. */
export function noSuchRequest(): HubError {
  return new HubError(
    'NOT_FOUND',
    'request: none of this id is addressed to your department. Look at requests(state: PENDING) with a token of the owner.',
  );
}
