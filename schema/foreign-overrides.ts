import { HubError } from '../lib/errors.ts';
import { argumentsOf } from './directives.ts';
import type { ParsedSubgraph } from './documents.ts';

/**
 * Refuses an `@override` of what another department resolves: whoever overrides a field is asked in its place, is sent what
 * callers look up by, and answers under the other one's name. A subgraph that nobody has yet is refused as well, since
 * whoever comes to have it would lose the field at once.
 * @throws HubError POLICY_CONFLICT with the field and the subgraph it would be taken from.
 */
export function refuseForeignOverrides(subgraphs: readonly ParsedSubgraph[]): void {
  const owners = new Map(subgraphs.map(({ name, owner }) => [name, owner]));
  for (const { name, owner, definitions } of subgraphs)
    for (const node of definitions) {
      if (!('fields' in node)) continue;
      for (const field of node.fields ?? [])
        for (const directive of field.directives ?? []) {
          if (directive.name.value !== 'override') continue;
          const from = String(argumentsOf(directive)['from']);
          if (owners.get(from) === owner) continue;
          throw new HubError(
            'POLICY_CONFLICT',
            `${node.name.value}.${field.name.value} in ${name} overrides that of ${from}, which is no subgraph of ${owner}: only its own department moves a field. Take @override out, and name the field otherwise.`,
          );
        }
    }
}
