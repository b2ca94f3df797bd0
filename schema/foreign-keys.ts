import { HubError } from '../lib/errors.ts';
import { keysOf, type ParsedSubgraph } from './documents.ts';
import type { PolicyTable } from './policy-table.ts';

/**
 * Refuses a `@key` made of what another department protects. Keys are sent to whoever declares them, whatever a caller may
 * read: a department that names another's protected item a key would be handed every value, and could tell it on. Only what
 * the owner itself declares as a key serves as one, or what is shared without conditions.
 * @throws HubError POLICY_CONFLICT with the key and the item's owner.
 */
export function refuseForeignKeys(subgraphs: readonly ParsedSubgraph[], { items }: PolicyTable): void {
  const keys = subgraphs.flatMap((subgraph) => keysOf(subgraph).map((coordinate) => ({ subgraph, coordinate })));
  for (const { subgraph, coordinate } of keys) {
    const item = items.get(coordinate);
    if (item?.class === 'UNCONDITIONAL' || item?.owner === subgraph.owner) continue;
    const declared = keys.some((key) => key.coordinate === coordinate && key.subgraph.name === item?.subgraph);
    if (declared) continue;
    throw new HubError(
      'POLICY_CONFLICT',
      `${subgraph.name} uses ${coordinate} as a @key, which ${item?.owner ?? 'its owner'} does not declare as one: its values would be sent to ${subgraph.owner}. Use a key of ${item?.subgraph ?? 'its owner'}, and @requires for the item.`,
    );
  }
}
