import type { DenyReason } from '../sharing/policy/decide.ts';
import type { Use } from '../sharing/policy/grant.ts';
import type { AppliedMask } from '../sharing/policy/mask.ts';

/** How the answer to an operation looks, by the caller's own document: what is kept, masked, and null because it was refused. */
export type Shape = ObjectShape | AbstractShape;

export interface ObjectShape {
  readonly kind: 'object';
  readonly type: string;
  readonly fields: readonly FieldShape[];
  /** Its rows are confirmed under `PROBE_KEY`; one that is not is out of scope and does not exist for the caller. */
  readonly probed: boolean;
  /** Grants with a quota by which its rows are shown: each row counts once for each of them. */
  readonly charged: readonly string[];
  /** Its rows are of data subjects, told apart under `SUBJECT_KEY`. */
  readonly subjects: boolean;
}

/** A position whose type is known only from the answer; a type that maps to null is refused there as a whole. */
export interface AbstractShape {
  readonly kind: 'abstract';
  readonly byType: ReadonlyMap<string, ObjectShape | null>;
}

/** How often what lies below a field may be there. */
export interface Repeats {
  readonly list: boolean;
  /** A page of rows: `first` as written, or the variable that holds it; absent, the usual page. */
  readonly page: boolean;
  readonly first?: number | { readonly variable: string } | undefined;
}

/** Where a value must not be null: itself, or the items of a list in it. */
export interface Promised {
  readonly self: boolean;
  readonly items?: Promised | undefined;
}

interface Filled {
  /** Absent where null may stand throughout. */
  readonly promised?: Promised | undefined;
  /** Grants with a quota by which it asks: an answer that shows no row by one of them counts as one. */
  readonly asks: readonly string[];
}

/** `key` is the caller's response key, `fetched` the one under which the value comes from the subgraphs. */
export type FieldShape =
  | (Filled & { readonly kind: 'keep'; readonly key: string; readonly fetched: string })
  | (Filled & { readonly kind: 'mask'; readonly key: string; readonly fetched: string; readonly mask: AppliedMask })
  | { readonly kind: 'null'; readonly key: string }
  | { readonly kind: 'typename'; readonly key: string; readonly name: string }
  | NestedShape;

export interface NestedShape extends Filled {
  readonly kind: 'nested';
  readonly key: string;
  readonly fetched: string;
  readonly repeats: Repeats;
  readonly shape: Shape;
}

/** One response path that was refused, list indexes left out: it does not depend on the data, so it tells nothing about them. */
export interface Refusal {
  readonly path: readonly string[];
  /** The item that was denied: the selected field, or an item that its argument or its `@requires` reads. */
  readonly coordinate: string;
  readonly use: Use;
  readonly reason: DenyReason;
  readonly owner?: string | undefined;
}

export interface MaskedPath {
  readonly path: readonly string[];
  readonly coordinate: string;
  readonly mask: AppliedMask;
}

/** Response keys the gateway adds to a pruned operation; callers' aliases may not begin like this. */
export const RESERVED = 'hub__';
export const TYPENAME_KEY = `${RESERVED}typename`;
export const PROBE_KEY = `${RESERVED}in_scope`;
export const SUBJECT_KEY = `${RESERVED}subject`;

const ALIAS = `${RESERVED}as_`;

/**
 * The key under which a field is fetched. Planner and executor put keys and what `@requires` needs beside the caller's
 * selections under plain field names: an alias `ref: id` would show the key itself, `residents: enterprises` would be
 * computed with. So aliases are fetched under names of their own.
 */
export function fetchedKey(name: string, alias: string | undefined): string {
  return alias === undefined || alias === name ? name : `${ALIAS}${alias}`;
}

/** The caller's response key of a fetched one; undefined for keys the caller did not ask for. */
export function callersKey(fetched: string): string | undefined {
  if (fetched.startsWith(ALIAS)) return fetched.slice(ALIAS.length);
  return fetched === '__typename' || fetched.startsWith(RESERVED) ? undefined : fetched;
}
