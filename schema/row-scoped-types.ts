import { Kind } from 'graphql';
import { HubError } from '../lib/errors.ts';
import { directive } from './directives.ts';
import type { ParsedSubgraph } from './documents.ts';
import type { PolicyTable } from './policy-table.ts';

/** The field by which the subgraph that keeps a row says that the row is in scope. */
export const IN_SCOPE = 'inScope';

/**
 * Refuses a type whose rows are scoped by division and to which another subgraph refers, unless the one that keeps the rows
 * can be asked for each whether it is in scope: a reference would show that a hidden row exists.
 * @throws HubError POLICY_CONFLICT with the field to add.
 */
export function refuseUnconfirmable(subgraphs: readonly ParsedSubgraph[], { items }: PolicyTable): void {
  const definedIn = new Map<string, string[]>();
  const keptBy = new Map<string, string>();
  for (const { name, definitions } of subgraphs)
    for (const node of definitions) {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
      const type = node.name.value;
      definedIn.set(type, [...(definedIn.get(type) ?? []), name]);
      if (directive(node.directives ?? [], 'scopedBy')) keptBy.set(type, name);
    }
  for (const [type, keeper] of keptBy) {
    const others = (definedIn.get(type) ?? []).filter((name) => name !== keeper);
    if (others.length === 0 || items.get(`${type}.${IN_SCOPE}`)?.subgraph === keeper) continue;
    throw new HubError(
      'POLICY_CONFLICT',
      `${type} is scoped by division in ${keeper}, and ${others.join(', ')} refer to it: add "${IN_SCOPE}: Boolean @inaccessible" to it in ${keeper}, always true for a row that is resolved.`,
    );
  }
}
