import { findItems } from '../../sharing/store/catalogue.ts';
import { approveRequest } from '../../sharing/store/grant-store.ts';
import type { RequestRecord } from '../../sharing/store/request-record.ts';
import { refuseRequest, undecidable } from '../../sharing/store/request-store.ts';
import { checkGrantable } from './check-items.ts';
import type { ExchangeContext } from './grants.ts';
import { narrow, type Narrowing } from './narrow.ts';
import { decidingOfficer, type Officer, refuseOwnCause } from './officer.ts';
import { refused, statement } from './refused.ts';

interface Approval extends Narrowing {
  readonly request: string;
  readonly reason?: string | null;
}

export const decisionMutations = {
  async approve(_: unknown, { request: id, reason, ...narrowing }: Approval, context: ExchangeContext) {
    const now = new Date();
    const { loaders, signed } = context;
    const officer = decidingOfficer(signed);
    const request = await pendingRequest(id, officer, context);
    refuseOwnCause(signed, request);
    const said = reason ? statement('reason', reason) : undefined;
    const { granted, problems } = narrow(request, narrowing, now);
    const known = await findItems(
      loaders,
      granted.items.map(({ coordinate }) => coordinate),
    );
    const all = [
      ...problems,
      ...(problems.length > 0 ? [] : checkGrantable(granted.items, known, request)),
      ...(said?.problems ?? []),
    ];
    if (all.length > 0) throw refused(...all);
    const decider = { owner: officer.department, officer: officer.name, at: now };
    return approveRequest(loaders, id, { ...decider, granted, reason: said?.text });
  },

  async refuse(_: unknown, { request: id, reason }: { request: string; reason: string }, context: ExchangeContext) {
    const { loaders, signed } = context;
    const officer = decidingOfficer(signed);
    refuseOwnCause(signed, await pendingRequest(id, officer, context));
    const { text, problems } = statement('reason', reason);
    if (problems.length > 0) throw refused(...problems);
    const decider = { owner: officer.department, officer: officer.name, at: new Date() };
    return refuseRequest(loaders, id, { ...decider, reason: text });
  },
};

/** @throws HubError NOT_FOUND for a request of another owner as for none, CONFLICT for one that is decided. */
async function pendingRequest(
  id: string,
  { department: owner }: Officer,
  { loaders }: ExchangeContext,
): Promise<RequestRecord> {
  const request = await loaders.requests.findOne({ _id: id, owner, state: 'PENDING' }).lean();
  if (!request) throw await undecidable(loaders, { id, owner });
  return request;
}
