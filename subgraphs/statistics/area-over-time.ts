import { predecessorsOf, successorsOf } from '../../lib/codes/division-changes.ts';
import { recordsOf } from '../../lib/codes/division-table.ts';
import { divisionAt } from '../../lib/codes/divisions.ts';

/** Under which codes the area of a division was known on a day. */
export type AreaOn =
  /** Under its own code, or under the one code that it had before. */
  | { readonly kind: 'SAME'; readonly codes: readonly [string] }
  /** Under several codes that together were exactly this area. */
  | { readonly kind: 'PARTS'; readonly codes: readonly string[] }
  /** Under codes of which only a part is in this area today. */
  | { readonly kind: 'SPLIT'; readonly codes: readonly string[] }
  /** The code was abolished by then: its area is under these. */
  | { readonly kind: 'ABOLISHED'; readonly codes: readonly string[] }
  | { readonly kind: 'UNKNOWN' };

/** What the area of `code` was called on a day ('YYYY-MM-DD'), as far as the table of divisions knows. */
export function areaOn(code: string, day: string): AreaOn {
  const answer = divisionAt(code, day);
  // Of codes without a known past only the present is known, and nothing says that it was ever otherwise.
  if (answer.kind === 'IN_FORCE' || answer.kind === 'UNKNOWN') return { kind: 'SAME', codes: [code] };
  if (answer.kind === 'ABOLISHED') {
    const successors = successorsOf(code, day).map((each) => each.code);
    return { kind: 'ABOLISHED', codes: successors };
  }
  const before = predecessorsOf(code).filter((each) => divisionAt(each.code, day).kind === 'IN_FORCE');
  const codes = before.map((each) => each.code);
  const [only] = codes;
  if (only === undefined) return { kind: 'UNKNOWN' };
  if (before.some(({ whole }) => !whole)) return { kind: 'SPLIT', codes };
  return codes.length === 1 ? { kind: 'SAME', codes: [only] } : { kind: 'PARTS', codes };
}

export interface PartMoved {
  readonly on: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Parts that came to a division or went from it while it stayed: its code is the same and its area is not. */
export function partsMoved(code: string): readonly PartMoved[] {
  const gone = recordsOf(code).flatMap(({ transfers, validTo }) =>
    transfers.filter(({ on }) => on !== validTo).map(({ on, code: to }) => ({ on, from: [code], to: [to] })),
  );
  const came = predecessorsOf(code).flatMap((each) =>
    recordsOf(each.code).flatMap(({ transfers }) =>
      transfers
        .filter(({ code: to, on }) => to === code && isWithin(code, on))
        .map(({ on }) => ({ on, from: [each.code], to: [code] })),
    ),
  );
  return [...gone, ...came];
}

/** Whether the code was in force before the day already, so that the change is not its beginning. */
function isWithin(code: string, on: string): boolean {
  return recordsOf(code).some(({ validFrom, validTo }) => validFrom < on && (validTo === null || on < validTo));
}
