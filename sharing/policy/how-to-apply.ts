import type { Caller } from '../../lib/caller.ts';
import type { DenyReason } from './decide.ts';
import type { Use } from './grant.ts';

/** An item that is denied, for what, and why. */
export interface Denied {
  readonly coordinate: string;
  readonly use: Use;
  readonly reason: DenyReason;
  readonly owner?: string | undefined;
}

/** What a caller can do about a refusal. It says nothing that changes from one request to the next. */
export function howToApply(refusal: Denied, caller: Caller, { byMutation }: { readonly byMutation: boolean }): string {
  const { coordinate, use, reason, owner } = refusal;
  const from = owner ?? 'the owner';
  switch (reason) {
    case 'NO_PURPOSE':
      return `Cite the purpose of a grant, by the header sharing-purpose or the claim of the token; this call cites none.${byMutation ? ` ${apply(refusal, caller)}` : ''}`;
    case 'WITHHELD':
      return 'The item is withheld by law and cannot be applied for; the catalogue names the legal basis.';
    case 'POLICY_STALE':
      return 'The hub cannot check its grants at present. Ask again in a few seconds.';
    case 'NOT_AN_ACTOR':
      return 'This action needs a role that the token does not carry.';
    case 'ACCESS_REQUIREMENT':
      return 'The schema asks for authentication, a scope or a policy (@authenticated, @requiresScopes, @policy) that the token does not carry.';
    case 'OFFICER_REQUIRED':
      return `Use a token that names the officer at the application: the grant of ${from} asks for one.`;
    case 'AGGREGATE_ONLY':
      return 'It may be counted and not shown. Ask for numbers by division, or ask its owner for a grant without that obligation.';
    case 'NOT_CLASSIFIED':
      return 'The owner has not classified this item yet, so nobody may read it.';
    case 'NO_GRANT':
      return byMutation
        ? apply(refusal, caller)
        : `Ask ${from} to grant ${use} of ${coordinate} to ${caller.department}/${caller.application} for ${caller.purpose ?? 'a purpose'}.`;
  }
}

/** The mutation of exchange with its arguments filled in, but for what only the one who asks can know. */
function apply({ coordinate, use, owner }: Denied, { purpose }: Caller): string {
  const items = `[{ coordinate: "${coordinate}", uses: [${use}] }]`;
  const input = `purpose: "${purpose ?? '…'}", basis: "…", items: ${items}, divisions: ["…"], days: 365`;
  const open = purpose === undefined ? 'the purpose, its legal basis' : 'the legal basis';
  return (
    `Ask ${owner ?? 'the owner'} with a token that names its officer and the role sharing-applicant, ${open} and the codes of the divisions ` +
    `put in for …: mutation { requestSharing(input: { ${input} }) { id state } }`
  );
}
