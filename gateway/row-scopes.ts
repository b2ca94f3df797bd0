import type { PolicyTable } from '../schema/policy-table.ts';
import { EVERYWHERE, intersectionOf, type RowScope } from '../sharing/policy/row-scope.ts';

/** What is shown relies on: each item with the rows for which it was allowed. */
export interface ScopedItems {
  readonly rows: readonly { readonly item: string; readonly divisions: RowScope }[];
  /** The subgraph that keeps the row it is of: what another one adds to a row is narrowed there. */
  readonly keeper: string | undefined;
}

/** Every item narrows the rows of the subgraph that keeps it: what is allowed of some rows must not be shown of others. */
export function scopesOf(shown: readonly ScopedItems[], { items }: PolicyTable): ReadonlyMap<string, RowScope> {
  const scopes = new Map<string, RowScope>();
  for (const { rows, keeper } of shown)
    for (const { item, divisions } of rows)
      for (const subgraph of new Set([items.get(item)?.subgraph ?? '', ...(keeper === undefined ? [] : [keeper])]))
        scopes.set(subgraph, intersectionOf(scopes.get(subgraph) ?? EVERYWHERE, divisions));
  return scopes;
}

/** The subgraph that keeps the rows of a type: the one that says which division they belong to. */
export function keeperOf(type: string | undefined, { scopedBy, items }: PolicyTable): string | undefined {
  const division = type === undefined ? undefined : scopedBy.get(type);
  return division === undefined ? undefined : items.get(`${type}.${division}`)?.subgraph;
}
