import type { SignedContext } from '../../lib/signed-context.ts';

/** A caller with this role sees requests, grants and entries of every department, and nothing else because of it. */
const AUDITOR = 'auditor';

/** The requests or grants a caller may see: those its department made or holds, and those it decides on or gave. */
export function visibleToParties({ caller }: SignedContext): Record<string, unknown> {
  if (caller.roles.includes(AUDITOR)) return {};
  return { $or: [{ department: caller.department }, { owner: caller.department }] };
}

/** The audit entries a caller may see: those of its department. */
export function visibleEntries({ caller }: SignedContext): Record<string, unknown> {
  return caller.roles.includes(AUDITOR) ? {} : { 'caller.department': caller.department };
}
