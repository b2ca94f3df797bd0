import { createHash } from 'node:crypto';
import { errors, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose';
import { HubError } from '../../lib/errors.ts';
import type { ReleaseKeys } from '../../lib/subgraph-definition.ts';
import type { ProposalRecord } from '../store/publishing-models.ts';

const TYPE = 'shuniu-proposal+jwt';

export type Unsigned = Omit<ProposalRecord, 'signature'>;

/**
 * Signs a proposal as it stands, with who approved it: whoever can write the store must not be able to approve for an owner, nor
 * to exchange what an officer has looked at.
 */
export async function signed(proposal: Unsigned, { signing }: Pick<ReleaseKeys, 'signing'>): Promise<ProposalRecord> {
  const { kid, privateKey } = await signing();
  const signature = await new SignJWT({ record: digestOf(proposal) })
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: TYPE })
    .sign(privateKey);
  return { ...proposal, signature };
}

/** @throws HubError PROPOSAL_REFUSED */
export async function verifyProposal(proposal: ProposalRecord, keys: JWTVerifyGetKey): Promise<void> {
  try {
    const { payload } = await jwtVerify(proposal.signature, keys, { algorithms: ['EdDSA'], typ: TYPE });
    if (payload['record'] === digestOf(proposal)) return;
  } catch (thrown) {
    if (!(thrown instanceof errors.JOSEError)) throw thrown;
  }
  throw new HubError(
    'PROPOSAL_REFUSED',
    'proposal: its record in the store is not as the hub wrote it. Have it published again, and find out who wrote the store.',
  );
}

/** SHA-256 of everything a proposal says, its signature aside, base64url. */
function digestOf(proposal: Unsigned): string {
  const { _id, state, subgraph, version, url, restores, transferTo, department, officer, message, breaking } = proposal;
  const { at, after, rights, gains, owners, approvals, decidedBy, decidedAt, reason, release } = proposal;
  const said = [
    [_id, state, subgraph, version, url, restores, transferTo],
    [department, officer, message, breaking, at.toISOString(), after],
    rights.map((right) => [right.coordinate, right.owner, right.what, right.before, right.after, right.loosens]),
    gains.map((gain) => [gain.who, gain.coordinate, gain.before, gain.after]),
    owners,
    approvals.map((given) => [given.owner, given.officer, given.at.toISOString()]),
    [decidedBy, decidedAt?.toISOString(), reason, release],
  ];
  return createHash('sha256').update(JSON.stringify(said)).digest('base64url');
}
