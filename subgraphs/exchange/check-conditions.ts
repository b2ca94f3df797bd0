import type { Obligation, Quota } from '../../sharing/policy/grant.ts';

/** A quota as it is given; null stands for what is left out. */
export interface GivenQuota {
  readonly rowsPerDay?: number | null;
  readonly subjectsPerDay?: number | null;
}

/** More than any department keeps. */
const MOST = 1_000_000_000;

const PARTS = ['rowsPerDay', 'subjectsPerDay'] as const;

/** The quota that is meant, or what is wrong with it. */
export function checkQuota(given: GivenQuota | null | undefined): {
  readonly quota: Quota | undefined;
  readonly problems: readonly string[];
} {
  if (!given) return { quota: undefined, problems: [] };
  const named = PARTS.filter((part) => typeof given[part] === 'number');
  if (named.length === 0)
    return {
      quota: undefined,
      problems: ['quota: limits nothing. Give rowsPerDay or subjectsPerDay, or leave it out.'],
    };
  const problems = named
    .filter((part) => Number(given[part]) < 1 || Number(given[part]) > MOST)
    .map((part) => `quota.${part}: not a number from 1 to ${MOST}. Give how many are needed on a day.`);
  return { quota: Object.fromEntries(named.map((part) => [part, given[part]])), problems };
}

/** The quota that is granted where one was asked for: the same or less. */
export function narrowQuota(
  asked: Quota | undefined,
  given: GivenQuota | null | undefined,
): { readonly quota: Quota | undefined; readonly problems: readonly string[] } {
  const { quota, problems } = checkQuota(given);
  const wider = PARTS.filter((part) => (quota?.[part] ?? 0) > (asked?.[part] ?? Number.POSITIVE_INFINITY));
  return {
    quota: asked || quota ? { ...asked, ...quota } : undefined,
    problems: [
      ...problems,
      ...wider.map((part) => `quota.${part}: more than was asked. Give ${asked?.[part] ?? ''} at most.`),
    ],
  };
}

/** Every obligation once, in the order of the list of them. */
export function obligationsOf(...lists: readonly (readonly Obligation[] | null | undefined)[]): readonly Obligation[] {
  return [...new Set(lists.flatMap((list) => list ?? []))].sort();
}
