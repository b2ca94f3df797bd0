/** Counts below this are withheld until disclosure control protects whole tables. */
export const SMALLEST_CELL = 10;

export type Suppression = 'PRIMARY' | 'SECONDARY';

/** A count as it may be shown: a small one is withheld and says so; a true zero stays, as it identifies nobody. */
export function shownCount(count: number): { readonly count: number | null; readonly suppressed: Suppression | null } {
  return count > 0 && count < SMALLEST_CELL ? { count: null, suppressed: 'PRIMARY' } : { count, suppressed: null };
}
