import type { SignedContext } from '../../lib/signed-context.ts';
import { refused } from './refused.ts';
import { runsHub } from './visible.ts';

/** An officer acting for a department. */
export interface Officer {
  readonly department: string;
  readonly name: string;
}

/** Decides for an owner. */
const DECIDES = 'sharing-officer';
/** Asks for an application. */
const ASKS = 'sharing-applicant';
/** Publishes the schemas of a department. */
const PUBLISHES = 'schema-publisher';
/** Runs the hub. */
const OPERATES = 'hub-operator';

/**
 * The officer who asks. The gateway has checked the role (`@actor`) already; this is the second check, of the subgraph.
 * @throws HubError BAD_USER_INPUT where the token names no officer or lacks the role.
 */
export function askingOfficer(signed: SignedContext): Officer {
  return officerOf(signed, [ASKS, DECIDES]);
}

/** The officer who decides, revokes or renews. @throws HubError BAD_USER_INPUT as `askingOfficer`. */
export function decidingOfficer(signed: SignedContext): Officer {
  return officerOf(signed, [DECIDES]);
}

/** The officer who publishes. @throws HubError BAD_USER_INPUT as `askingOfficer`. */
export function publishingOfficer(signed: SignedContext): Officer {
  return officerOf(signed, [PUBLISHES]);
}

/** The officer of the department that runs the hub. @throws HubError BAD_USER_INPUT as `askingOfficer`. */
export function operatingOfficer(signed: SignedContext): Officer {
  if (!runsHub(signed)) throw refused('department: not the one that runs the hub. Ask the data bureau to do it.');
  return officerOf(signed, [OPERATES]);
}

function officerOf({ caller }: SignedContext, roles: readonly string[]): Officer {
  if (!roles.some((role) => caller.roles.includes(role)))
    throw refused(`roles: the token carries none for this. Use one with the role ${roles.join(' or ')}.`);
  const name = caller.officer?.trim();
  if (!name) throw refused('officer: the token names none. Use one that names the officer who acts.');
  return { department: caller.department, name };
}

/**
 * Nobody decides on what they asked for, and no department on what it uses itself: not by a second token of another
 * department for the same person, nor by asking an owner to act on its behalf.
 * @throws HubError BAD_USER_INPUT
 */
export function refuseOwnCause(
  { caller }: SignedContext,
  cause: { readonly department: string; readonly officer?: string | undefined },
): void {
  if (cause.department === caller.department || cause.department === caller.onBehalfOf)
    throw refused('department: must not decide on what it uses itself. The owner’s officer decides in its own name.');
  if (cause.officer !== undefined) refuseSamePerson({ caller }, cause.officer);
}

/** @throws HubError BAD_USER_INPUT where the officer of the token is this one. */
export function refuseSamePerson({ caller }: Pick<SignedContext, 'caller'>, officer: string): void {
  if (person(officer) === person(caller.officer ?? ''))
    throw refused('officer: must not decide on what the same person asked for. Another officer of the owner decides.');
}

/** The name as one spelling: different ones of the same name, or what nobody sees in it, must not pass for two persons. */
function person(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[\s\p{Cf}\p{Cc}]+/gu, '')
    .toLowerCase();
}
