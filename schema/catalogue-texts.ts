import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { CatalogueTexts } from './catalogue.ts';
import { directive } from './directives.ts';
import { parsedSubgraph } from './documents.ts';
import { hasFields } from './lint/contract.ts';
import type { SubgraphSource } from './policy-table.ts';

/**
 * What callers see of each item and resource. A description is that of the subgraph whose item it is: of several, composition
 * takes the one that most of them give, and no department may describe what another one owns.
 */
export function catalogueTexts(apiSchema: GraphQLSchema, subgraphs: readonly SubgraphSource[]): CatalogueTexts {
  const own = descriptionsOf(subgraphs);
  const shared = sharedCoordinates(subgraphs);
  return {
    item: (coordinate, subgraph) => {
      const [type = '', name = ''] = coordinate.split('.');
      const field = fieldsOf(apiSchema.getType(type))[name];
      if (!field) return undefined;
      return {
        ...textOf('description', own.get(subgraph)?.get(coordinate) ?? field.description),
        graphqlType: String(field.type),
        ...textOf('deprecated', field.deprecationReason),
        ...(shared.has(coordinate) && { shared: true }),
      };
    },
    resource: (name, subgraph) => {
      const type = apiSchema.getType(name);
      if (!isObjectType(type)) return undefined;
      const held = Object.values(type.getFields()).map((field) => getNamedType(field.type));
      return {
        ...textOf('description', own.get(subgraph)?.get(name) ?? type.description),
        leadsTo: held.flatMap((each) => heldBy(each, apiSchema)),
      };
    },
  };
}

/** Descriptions by subgraph, then by type or coordinate. */
function descriptionsOf(subgraphs: readonly SubgraphSource[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(
    subgraphs.map((subgraph) => {
      const found = new Map<string, string>();
      for (const node of parsedSubgraph(subgraph).definitions) {
        if (!hasFields(node)) continue;
        const type = node.name.value;
        // The parser sets it on every definition, to undefined where there is none.
        const ofType = 'description' in node ? node.description : undefined;
        if (ofType) found.set(type, ofType.value);
        for (const { name, description } of node.fields ?? [])
          if (description) found.set(`${type}.${name.value}`, description.value);
      }
      return [subgraph.name, found];
    }),
  );
}

/** What several subgraphs have, of types that none of them knows by a key: values that belong to whoever gives them. */
function sharedCoordinates(subgraphs: readonly SubgraphSource[]): ReadonlySet<string> {
  const [keyed, givenBy] = [new Set<string>(), new Map<string, Set<string>>()];
  for (const subgraph of subgraphs)
    for (const node of parsedSubgraph(subgraph).definitions) {
      if (!hasFields(node)) continue;
      const type = node.name.value;
      if (directive(node.directives ?? [], 'key')) keyed.add(type);
      for (const { name, directives = [] } of node.fields ?? []) {
        if (directive(directives, 'external')) continue;
        const coordinate = `${type}.${name.value}`;
        givenBy.set(coordinate, (givenBy.get(coordinate) ?? new Set()).add(subgraph.name));
      }
    }
  const several = [...givenBy].filter(([, { size }]) => size > 1).map(([coordinate]) => coordinate);
  return new Set(several.filter((coordinate) => !keyed.has(coordinate.split('.')[0] ?? '')));
}

/** The types behind a type: of a Relay page the rows, of an interface or union those it may be. */
function heldBy(type: GraphQLNamedType, schema: GraphQLSchema): readonly string[] {
  if (isInterfaceType(type) || isUnionType(type)) return schema.getPossibleTypes(type).map(({ name }) => name);
  const edge = fieldsOf(type)['edges'];
  const node = edge && fieldsOf(getNamedType(edge.type))['node'];
  return [node ? getNamedType(node.type).name : type.name];
}

function fieldsOf(
  type: GraphQLNamedType | undefined,
): Readonly<Record<string, GraphQLField<unknown, unknown> | undefined>> {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
}

function textOf<Name extends string>(name: Name, text: string | null | undefined): Partial<Record<Name, string>> {
  const said = text?.trim();
  return said ? ({ [name]: said } as Record<Name, string>) : {};
}
