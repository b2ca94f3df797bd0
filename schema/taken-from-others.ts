import {
  type DefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  print,
} from 'graphql';
import type { ParsedSubgraph } from './documents.ts';
import { argumentCoordinate } from './policy-table.ts';

/** Something that callers have of a department, and would no longer have as it publishes it. */
export interface Taken {
  readonly coordinate: string;
  readonly subgraph: string;
  readonly owner: string;
}

/**
 * What a release would take from callers that departments publish who publish nothing new: composition keeps of an input type,
 * an enum and a shared field only what all of its copies have, and hides what any of them hides. A department that copies
 * another's type could take it away by that.
 * @param others the subgraphs of all departments but the one that publishes.
 */
export function takenFromOthers(
  others: readonly ParsedSubgraph[],
  { before, after }: { readonly before: GraphQLSchema; readonly after: GraphQLSchema },
): readonly Taken[] {
  return others.flatMap(({ name: subgraph, owner, definitions }) =>
    definitions.flatMap(declaredBy).flatMap(({ coordinate, type, path }) => {
      const now = shown(after, path);
      const isTaken = now !== shown(before, path) && now !== type;
      return isTaken ? [{ coordinate, subgraph, owner }] : [];
    }),
  );
}

interface Declared {
  readonly coordinate: string;
  /** What its own subgraph says of its type; `''` for what has none. */
  readonly type: string;
  readonly path: readonly [type: string, member?: string, argument?: string];
}

function declaredBy(node: DefinitionNode): readonly Declared[] {
  if (!isTypeDefinitionNode(node) && !isTypeExtensionNode(node)) return [];
  const type = node.name.value;
  const found: Declared[] = [{ coordinate: type, type: '', path: [type] }];
  if ('values' in node)
    for (const { name } of node.values ?? [])
      found.push({ coordinate: `${type}.${name.value}`, type: '', path: [type, name.value] });
  if ('fields' in node) for (const field of node.fields ?? []) found.push(...declaredField(type, field));
  return found;
}

function declaredField(type: string, field: FieldDefinitionNode | InputValueDefinitionNode): readonly Declared[] {
  if (field.directives?.some(({ name }) => name.value === 'external')) return [];
  const name = field.name.value;
  const coordinate = `${type}.${name}`;
  const of = ('arguments' in field ? field.arguments : undefined) ?? [];
  return [
    { coordinate, type: print(field.type), path: [type, name] },
    ...of.map((argument): Declared => ({
      coordinate: argumentCoordinate(coordinate, argument.name.value),
      type: print(argument.type),
      path: [type, name, argument.name.value],
    })),
  ];
}

/** The type of a coordinate as callers see it, `''` where it has none of its own; undefined where they do not see it. */
function shown(schema: GraphQLSchema, [type, member, argument]: Declared['path']): string | undefined {
  const found = schema.getType(type);
  if (!found) return undefined;
  if (member === undefined) return '';
  if (isEnumType(found)) return found.getValue(member) ? '' : undefined;
  if (isInputObjectType(found)) return typeOf(found.getFields()[member]);
  if (!isObjectType(found) && !isInterfaceType(found)) return undefined;
  const field = found.getFields()[member];
  return argument === undefined ? typeOf(field) : typeOf(field?.args.find(({ name }) => name === argument));
}

function typeOf(has: { readonly type: unknown } | undefined): string | undefined {
  return has && String(has.type);
}
