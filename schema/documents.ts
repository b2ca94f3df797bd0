import { type ConstDirectiveNode, type DefinitionNode, Kind, parse, type TypeNode } from 'graphql';
import { argumentsOf, fieldSetCoordinates } from './directives.ts';
import type { SubgraphSource } from './policy-table.ts';

/** Tokens of one schema; the largest of a department has some ten thousand. */
export const MAX_TOKENS = 200_000;

/** A subgraph with its SDL read. */
export interface ParsedSubgraph extends SubgraphSource {
  readonly definitions: readonly DefinitionNode[];
}

export function parsedSubgraph(source: SubgraphSource): ParsedSubgraph {
  return { ...source, definitions: parse(source.sdl, { noLocation: true }).definitions };
}

/** The name of a field's type in one document, lists and non-null aside. */
export type TypeOf = (type: string, field: string) => string | undefined;

export function fieldTypes(definitions: readonly DefinitionNode[]): TypeOf {
  const types = new Map<string, Map<string, string>>();
  for (const node of definitions) {
    if (
      node.kind !== Kind.OBJECT_TYPE_DEFINITION &&
      node.kind !== Kind.OBJECT_TYPE_EXTENSION &&
      node.kind !== Kind.INTERFACE_TYPE_DEFINITION &&
      node.kind !== Kind.INTERFACE_TYPE_EXTENSION
    )
      continue;
    const fields = types.get(node.name.value) ?? new Map<string, string>();
    for (const field of node.fields ?? []) fields.set(field.name.value, namedType(field.type));
    types.set(node.name.value, fields);
  }
  return (type, field) => types.get(type)?.get(field);
}

/** The coordinates that the `@key`s of a type are made of, nested ones included. */
export function keyCoordinates(type: string, directives: readonly ConstDirectiveNode[], typeOf: TypeOf): string[] {
  return directives
    .filter(({ name }) => name.value === 'key')
    .flatMap((key) => fieldSetCoordinates(type, String(argumentsOf(key)['fields']), typeOf));
}

/** The coordinates of all keys of one subgraph. */
export function keysOf({ definitions }: ParsedSubgraph): string[] {
  const typeOf = fieldTypes(definitions);
  return definitions.flatMap((node) =>
    'fields' in node && 'directives' in node ? keyCoordinates(node.name.value, node.directives ?? [], typeOf) : [],
  );
}

/** The object types that implement an interface, by its name. */
export function implementations(definitions: readonly DefinitionNode[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const node of definitions)
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION)
      for (const { name } of node.interfaces ?? [])
        found.set(name.value, (found.get(name.value) ?? new Set()).add(node.name.value));
  return found;
}

/** The name of a type, lists and non-null aside. */
export function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
