import { Kind, parse, type TypeNode } from 'graphql';
import { HubError } from '../lib/errors.ts';
import { argumentsOf, fieldSetCoordinates } from './directives.ts';
import type { PolicyTable, SubgraphSource } from './policy-table.ts';

/**
 * Refuses a `@key` made of what another department protects. Keys are sent to whoever declares them, whatever a caller may
 * read: a department that names another's protected item a key would be handed every value, and could tell it on. Only what
 * the owner itself declares as a key serves as one, or what is shared without conditions.
 * @throws HubError POLICY_CONFLICT with the key and the item's owner.
 */
export function refuseForeignKeys(subgraphs: readonly SubgraphSource[], { items }: PolicyTable): void {
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

/** The coordinates of all keys of one subgraph. */
function keysOf({ sdl }: SubgraphSource): string[] {
  const { definitions } = parse(sdl, { noLocation: true });
  const types = new Map<string, Map<string, string>>();
  const found: { type: string; fields: string }[] = [];
  for (const node of definitions) {
    if (
      node.kind !== Kind.OBJECT_TYPE_DEFINITION &&
      node.kind !== Kind.OBJECT_TYPE_EXTENSION &&
      node.kind !== Kind.INTERFACE_TYPE_DEFINITION &&
      node.kind !== Kind.INTERFACE_TYPE_EXTENSION
    )
      continue;
    const type = node.name.value;
    const fields = types.get(type) ?? new Map<string, string>();
    for (const field of node.fields ?? []) fields.set(field.name.value, namedType(field.type));
    types.set(type, fields);
    for (const each of node.directives ?? [])
      if (each.name.value === 'key') found.push({ type, fields: String(argumentsOf(each)['fields']) });
  }
  const typeOf = (type: string, field: string): string | undefined => types.get(type)?.get(field);
  return found.flatMap(({ type, fields }) => fieldSetCoordinates(type, fields, typeOf));
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
