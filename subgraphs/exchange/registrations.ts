import { keyIdOf } from '../../sharing/publishing/proof.ts';
import { registerKey, registerSubgraph, revokeKey } from '../../sharing/store/registration-store.ts';
import type { ExchangeContext } from './grants.ts';
import { operatingOfficer, publishingOfficer } from './officer.ts';
import { refused, statement } from './refused.ts';
import { runsHub } from './visible.ts';

const CODE = /^[a-z][a-z0-9-]{0,62}$/;
const DAY_MS = 86_400_000;
const LONGEST_DAYS = 1_096;

export const registrationMutations = {
  registerSubgraph(_: unknown, { name, owner }: { name: string; owner: string }, { loaders, signed }: ExchangeContext) {
    const officer = operatingOfficer(signed);
    if (!CODE.test(name))
      throw refused(
        'name: not a name of a subgraph. Give lower-case letters, digits and hyphens, such as traffic-police.',
      );
    checkDepartment('owner', owner);
    return registerSubgraph(loaders, { name, owner, by: officer.name, at: new Date() });
  },

  async registerPublishingKey(
    _: unknown,
    { department, x, days }: { department: string; x: string; days: number },
    { loaders, signed }: ExchangeContext,
  ) {
    const officer = operatingOfficer(signed);
    checkDepartment('department', department);
    // One key has four spellings, as the last character carries two bits of nothing: a revoked one must not come back by another.
    if (!/^[\w-]{43}$/.test(x) || Buffer.from(x, 'base64url').toString('base64url') !== x)
      throw refused('x: not the public half of an Ed25519 key. Give the x that hub publishing-key create prints.');
    if (days < 1 || days > LONGEST_DAYS) throw refused(`days: out of range. Give 1 to ${LONGEST_DAYS}.`);
    const at = new Date();
    const validUntil = new Date(at.getTime() + days * DAY_MS);
    return registerKey(loaders, { _id: await keyIdOf(x), department, x, validUntil, addedBy: officer.name, at });
  },

  revokePublishingKey(
    _: unknown,
    { id, reason }: { id: string; reason: string },
    { loaders, signed }: ExchangeContext,
  ) {
    const operates = runsHub(signed);
    const officer = operates ? operatingOfficer(signed) : publishingOfficer(signed);
    const { text, problems } = statement('reason', reason);
    if (problems.length > 0) throw refused(...problems);
    const by = { revokedBy: officer.name, revokedAt: new Date(), reason: text };
    return revokeKey(loaders, id, { by, department: operates ? undefined : officer.department });
  },
};

/** @throws HubError BAD_USER_INPUT */
export function checkDepartment(argument: string, code: string): void {
  if (!CODE.test(code))
    throw refused(
      `${argument}: not a department code. Give lower-case letters, digits and hyphens, such as civil-affairs.`,
    );
}
