/** Where a number is from. Every number on the page leads to one of these. */
export interface Source {
  /** Department code of who counts. */
  readonly department: string;
  readonly title: string;
  readonly unit: string;
  /** 口径: what is counted, and how. */
  readonly definition: string;
  /** Day of the state it describes, '2026-11-01'. */
  readonly asOf: string;
  readonly period: string;
  /** Number of the statistical release; undefined for a published indicator. */
  readonly release?: number | undefined;
}

/** PRIMARY: the cell itself is small. SECONDARY: with its neighbours it would give a small one away. */
export type Suppression = 'PRIMARY' | 'SECONDARY';

/** Why there is no number although nothing is hidden. */
export type Gap =
  | { readonly kind: 'DOWN'; readonly department: string; readonly code: string }
  /** It answers, and has no answer to this; what is wrong stands in its log alone. */
  | { readonly kind: 'FAILED'; readonly department: string }
  | { readonly kind: 'NOT_SHARED'; readonly department: string; readonly reason: string }
  | { readonly kind: 'PARTIAL_SCOPE' }
  /** A derived number of which an input is hidden or not there. */
  | { readonly kind: 'INPUT_MISSING' }
  /** The hub's sentence says which periods there are. */
  | { readonly kind: 'NO_RELEASE'; readonly message: string }
  | { readonly kind: 'REFUSED'; readonly message: string }
  | { readonly kind: 'NO_DATA' };

/** One number of the page, or the reason why it is not there. */
export type Figure =
  | { readonly kind: 'SHOWN'; readonly value: number }
  | { readonly kind: 'HIDDEN'; readonly by: Suppression }
  | { readonly kind: 'MISSING'; readonly gap: Gap };

/** Tables leave out cells that are a true zero. */
export const ZERO: Figure = { kind: 'SHOWN', value: 0 };

export const NO_DATA: Figure = { kind: 'MISSING', gap: { kind: 'NO_DATA' } };

/** A hidden cell has no value here even if one was sent: what the page does not hold it cannot give away. */
export function figureOf(value: number | null | undefined, suppressed: Suppression | null | undefined): Figure {
  if (suppressed) return { kind: 'HIDDEN', by: suppressed };
  return typeof value === 'number' && Number.isFinite(value) ? { kind: 'SHOWN', value } : NO_DATA;
}

export function missing(gap: Gap): Figure {
  return { kind: 'MISSING', gap };
}

/** The number, where it may be shown. */
export function valueOf(figure: Figure | undefined): number | undefined {
  return figure?.kind === 'SHOWN' ? figure.value : undefined;
}

/** Part of a whole, of one; only from two shown numbers, so that it tells nothing new. */
export function shareOf(part: Figure, whole: Figure): number | undefined {
  const [of, to] = [valueOf(part), valueOf(whole)];
  return of === undefined || to === undefined || to === 0 ? undefined : of / to;
}

/** Growth from one number to another, of one; only from two shown numbers. */
export function growthOf(later: Figure, earlier: Figure): number | undefined {
  const [to, from] = [valueOf(later), valueOf(earlier)];
  return to === undefined || from === undefined || from === 0 ? undefined : to / from - 1;
}

/** Place among the shown numbers, 1 for the largest, and how many are shown; hidden ones are in no order. */
export function rankOf(figure: Figure, among: readonly Figure[]): { place: number; of: number } | undefined {
  const value = valueOf(figure);
  if (value === undefined) return undefined;
  const shown = among.flatMap((other) => valueOf(other) ?? []);
  return { place: shown.filter((other) => other > value).length + 1, of: shown.length };
}
