import type { SignedContext } from '../../lib/signed-context.ts';

/** The data bureau, which runs the hub and owns this subgraph. */
export const HUB_DEPARTMENT = 'data-bureau';

/** A caller with this role sees requests, grants and entries of every department, and nothing else because of it. */
export const AUDITOR = 'auditor';

/** The requests or grants a caller may see: those its department made or holds, and those it decides on or gave. */
export function visibleToParties({ caller }: SignedContext): Record<string, unknown> {
  if (caller.roles.includes(AUDITOR)) return {};
  return { $or: [{ department: caller.department }, { owner: caller.department }] };
}

/** Whether a caller is an officer of the department that runs the hub, and acts as such. */
export function runsHub({ caller }: SignedContext): boolean {
  return caller.department === HUB_DEPARTMENT && caller.roles.includes('hub-operator');
}

/** What is addressed to a caller's department alone; auditors see all. */
export function ownDepartment({ caller }: SignedContext): Record<string, unknown> {
  return caller.roles.includes(AUDITOR) ? {} : { department: caller.department };
}

/** The proposals a caller may see: those its department made or decides on. */
export function visibleProposals(signed: SignedContext): Record<string, unknown> {
  const { department, roles } = signed.caller;
  if (roles.includes(AUDITOR) || runsHub(signed)) return {};
  return { $or: [{ department }, { owners: department }] };
}

/** The audit entries a caller may see: those of its department. */
export function visibleEntries({ caller }: SignedContext): Record<string, unknown> {
  return caller.roles.includes(AUDITOR) ? {} : { 'caller.department': caller.department };
}
