import { type DefinitionNode, Kind, type StringValueNode, type UnionTypeDefinitionNode } from 'graphql';
import { argumentCoordinate } from '../policy-table.ts';
import { type Contract, type Field, type FieldsNode, hasFields, type LintedSubgraph, named } from './contract.ts';

/** What the subgraphs say, put together. */
export function gatherContract(subgraphs: readonly LintedSubgraph[]): Contract {
  const copies = new Map<string, Field[]>();
  for (const field of subgraphs.flatMap(({ fields }) => fields))
    copies.set(field.coordinate, [...(copies.get(field.coordinate) ?? []), field]);
  const definitions = subgraphs.flatMap((subgraph) => subgraph.definitions);
  return {
    subgraphs,
    copies,
    scoped: typesWith(definitions, 'scopedBy'),
    personal: typesWith(definitions, 'personal'),
    objects: new Set(definitions.flatMap((node) => (isComposite(node) ? [node.name.value] : []))),
    descriptions: descriptionsOf(definitions),
  };
}

function isComposite(node: DefinitionNode): node is FieldsNode | UnionTypeDefinitionNode {
  return hasFields(node) || node.kind === Kind.UNION_TYPE_DEFINITION;
}

function typesWith(definitions: readonly DefinitionNode[], directive: string): ReadonlySet<string> {
  return new Set(
    definitions.flatMap((node) =>
      hasFields(node) && named(node.directives, directive).length > 0 ? [node.name.value] : [],
    ),
  );
}

interface Described {
  readonly name: { readonly value: string };
  readonly description?: StringValueNode | undefined;
}

function descriptionsOf(definitions: readonly DefinitionNode[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (coordinate: string, { description }: Described): void => {
    const text = description?.value.trim();
    if (text) found.set(coordinate, [found.get(coordinate), text].filter(Boolean).join(' '));
  };
  for (const node of definitions) {
    if (!('name' in node) || node.kind === Kind.OPERATION_DEFINITION) continue;
    const type = node.name.value;
    if ('description' in node) add(type, { name: node.name, description: node.description });
    if ('values' in node) for (const value of node.values ?? []) add(`${type}.${value.name.value}`, value);
    if (!('fields' in node)) continue;
    for (const field of node.fields ?? []) {
      const coordinate = `${type}.${field.name.value}`;
      add(coordinate, field);
      if ('arguments' in field)
        for (const argument of field.arguments ?? [])
          add(argumentCoordinate(coordinate, argument.name.value), argument);
    }
  }
  return found;
}
