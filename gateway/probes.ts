import type { PolicyTable } from '../schema/policy-table.ts';
import { IN_SCOPE } from '../schema/row-scoped-types.ts';
import { isEverywhere, type RowScope } from '../sharing/policy/row-scope.ts';

/**
 * The types whose rows must be confirmed one by one, and the field that does so. Any subgraph may refer to a row, but only the
 * one that keeps it knows whether it is in the scope of this call: what that one does not resolve is not shown.
 * @param scopes the rows that exist, by subgraph.
 */
export function probesOf(
  scopes: ReadonlyMap<string, RowScope>,
  { scopedBy, items }: PolicyTable,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const type of scopedBy.keys()) {
    const probe = items.get(`${type}.${IN_SCOPE}`);
    const scope = probe && scopes.get(probe.subgraph);
    if (scope && !isEverywhere(scope)) found.set(type, IN_SCOPE);
  }
  return found;
}
