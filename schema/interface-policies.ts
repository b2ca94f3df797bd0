import { Kind } from 'graphql';
import { HubError } from '../lib/errors.ts';
import { directive } from './directives.ts';
import { implementations, type ParsedSubgraph } from './documents.ts';
import type { PolicyTable, SharingClass } from './policy-table.ts';

const STRICTNESS: Readonly<Record<SharingClass, number>> = { UNCONDITIONAL: 0, CONDITIONAL: 1, WITHHELD: 2 };

/**
 * Refuses a policy on an interface that a type behind it does not keep. Items are decided on the types that implement an
 * interface; what only the interface says would have no effect.
 * @throws HubError POLICY_CONFLICT with the field that must be classified as strictly.
 */
export function refuseIdleInterfacePolicies(subgraphs: readonly ParsedSubgraph[], { items, reads }: PolicyTable): void {
  const definitions = subgraphs.flatMap((subgraph) => subgraph.definitions);
  const implementing = implementations(definitions);
  for (const node of definitions) {
    if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_EXTENSION) continue;
    const byDefault = directive(node.directives ?? [], 'sharing');
    for (const field of node.fields ?? []) {
      const stated = (directive(field.directives ?? [], 'sharing') ?? byDefault)?.['class'] as SharingClass | undefined;
      const isRead = (field.arguments ?? []).some((argument) => directive(argument.directives ?? [], 'reads'));
      for (const type of implementing.get(node.name.value) ?? []) {
        const coordinate = `${type}.${field.name.value}`;
        const own = items.get(coordinate)?.class;
        // What is not classified at all is denied.
        const looser = stated !== undefined && own !== undefined && STRICTNESS[own] < STRICTNESS[stated];
        const unread = isRead && ![...reads.keys()].some((argument) => argument.startsWith(`${coordinate}(`));
        if (!looser && !unread) continue;
        throw new HubError(
          'POLICY_CONFLICT',
          `${node.name.value}.${field.name.value} says ${looser ? `@sharing(class: ${stated})` : '@reads'}, and ${coordinate} does not: a policy counts on the types that implement an interface. Say the same there.`,
        );
      }
    }
  }
}
