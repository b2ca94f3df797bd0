import {
  confirmDivisions,
  noSuchGrant,
  renewGrant,
  revokeGrant,
  unchangeable,
} from '../../sharing/store/grant-store.ts';
import type { GrantRecord } from '../../sharing/store/models.ts';
import { checkEnd } from './check-term.ts';
import { checkConfirmed } from './confirm-divisions.ts';
import type { ExchangeContext } from './grants.ts';
import { decidingOfficer, type Officer, refuseOwnCause } from './officer.ts';
import { refused, statement } from './refused.ts';

export const grantMutations = {
  async revoke(_: unknown, { grant: id, reason }: { grant: string; reason: string }, context: ExchangeContext) {
    const now = new Date();
    const officer = decidingOfficer(context.signed);
    await givenGrant(id, { officer, now }, context);
    const { text, problems } = statement('reason', reason);
    if (problems.length > 0) throw refused(...problems);
    const decider = { owner: officer.department, officer: officer.name, at: now };
    return revokeGrant(context.loaders, id, { ...decider, reason: text });
  },

  async renew(_: unknown, { grant: id, until }: { grant: string; until: Date }, context: ExchangeContext) {
    const now = new Date();
    const officer = decidingOfficer(context.signed);
    const { validUntil: from } = await givenGrant(id, { officer, now }, context);
    const problems = checkEnd('until', until, { from: now, now });
    if (problems.length > 0) throw refused(...problems);
    if (until <= from)
      throw refused(`until: not later than the present end, ${from.toISOString()}. To end it earlier, revoke it.`);
    const decider = { owner: officer.department, officer: officer.name, at: now };
    return renewGrant(context.loaders, id, { ...decider, from, until });
  },

  async confirmDivisions(
    _: unknown,
    { grant: id, divisions }: { grant: string; divisions: readonly string[] },
    context: ExchangeContext,
  ) {
    const now = new Date();
    const officer = decidingOfficer(context.signed);
    const { divisions: granted } = await givenGrant(id, { officer, now }, context);
    const problems = checkConfirmed(divisions, granted, now);
    if (problems.length > 0) throw refused(...problems);
    const decider = { owner: officer.department, officer: officer.name, at: now };
    return confirmDivisions(context.loaders, id, { ...decider, granted, confirmed: divisions });
  },
};

/**
 * A grant that the officer's department gave, in force or to come, and that this officer may decide on.
 * @throws HubError NOT_FOUND for a grant of another owner as for none, CONFLICT for one that has ended, BAD_USER_INPUT for the own cause.
 */
async function givenGrant(
  id: string,
  { officer, now }: { readonly officer: Officer; readonly now: Date },
  { loaders, signed }: ExchangeContext,
): Promise<GrantRecord> {
  const grant = await loaders.grants.findOne({ _id: id, owner: officer.department }).lean();
  if (!grant) throw noSuchGrant();
  const asked = grant.request === undefined ? null : await loaders.requests.findById(grant.request).lean();
  refuseOwnCause(signed, { department: grant.department, officer: asked?.officer });
  if (grant.status === 'REVOKED' || grant.validUntil <= now) throw unchangeable(grant, now);
  return grant;
}
