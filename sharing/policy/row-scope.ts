import { predecessorsOf, successorsOf } from '../../lib/codes/division-changes.ts';
import { divisionPrefix } from '../../lib/within-division.ts';

/** The divisions whose rows exist for a call, as codes; `*` alone is everywhere. */
export type RowScope = readonly string[];

export const EVERYWHERE: RowScope = ['*'];

/** True when every row is in scope, those without a valid division included. */
export function isEverywhere(scope: RowScope): boolean {
  return scope.includes('*');
}

/**
 * The codes a grant covers on a day ('YYYY-MM-DD'): those it names, and the code that one of them has become, where nothing
 * else went into that. After a merger or a split the owner has to say whether it means the new area: until then a grant
 * covers the rows that still bear the code it names.
 */
export function effectiveDivisions(codes: readonly string[], day: string): RowScope {
  return smallest(codes.flatMap((code) => [code, ...renamedTo(code, day)]));
}

/**
 * Codes of a grant whose area has since gone into others by merger or split, with what they became; the owner must confirm
 * these. Once it has said what the grant covers of them, nothing is left to confirm.
 */
export function unconfirmed(
  codes: readonly string[],
  day: string,
): readonly { readonly code: string; readonly successors: readonly string[] }[] {
  return codes.flatMap((code) => {
    const successors = successorsOf(code, day)
      .map((next) => next.code)
      .filter((next) => next !== code);
    const said = codes.some((each) => successors.some((next) => each.startsWith(divisionPrefix(next))));
    return successors.length > 0 && !said && renamedTo(code, day).length === 0 ? [{ code, successors }] : [];
  });
}

/** Rows in the scope of any of these. */
export function unionOf(scopes: readonly RowScope[]): RowScope {
  return smallest(scopes.flat());
}

/** Rows in the scope of both. Empty where there are none: that is nowhere, not everywhere. */
export function intersectionOf(one: RowScope, other: RowScope): RowScope {
  if (isEverywhere(one)) return other;
  if (isEverywhere(other)) return one;
  const shared = [
    ...one.filter((code) => other.some((outer) => isWithin(code, outer))),
    ...other.filter((code) => one.some((outer) => isWithin(code, outer))),
  ];
  return smallest(shared);
}

/** The successor of a code that is the same area under another code. */
function renamedTo(code: string, day: string): string[] {
  const [next, ...more] = successorsOf(code, day);
  if (next === undefined || more.length > 0 || !next.whole || next.code === code) return [];
  const own = new Set([code, ...predecessorsOf(code).map((earlier) => earlier.code)]);
  return predecessorsOf(next.code).every((earlier) => own.has(earlier.code)) ? [next.code] : [];
}

function smallest(codes: readonly string[]): RowScope {
  if (codes.includes('*')) return EVERYWHERE;
  const distinct = [...new Set(codes)].sort();
  return distinct.filter((code) => !distinct.some((outer) => outer !== code && isWithin(code, outer)));
}

function isWithin(code: string, outer: string): boolean {
  return code.startsWith(divisionPrefix(outer));
}
