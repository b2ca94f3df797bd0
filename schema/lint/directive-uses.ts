import {
  buildASTSchema,
  type ConstDirectiveNode,
  type DefinitionNode,
  DirectiveLocation,
  type GraphQLDirective,
  Kind,
  parse,
} from 'graphql';
import { SHARING_SDL } from '../header.ts';
import { argumentCoordinate } from '../policy-table.ts';

/** The directives of the sharing contract, by name. */
export const SHARING_DIRECTIVES: ReadonlyMap<string, GraphQLDirective> = new Map(
  buildASTSchema(parse(SHARING_SDL))
    .getDirectives()
    .map((directive) => [directive.name, directive]),
);

/** A directive where it stands. */
export interface DirectiveUse {
  readonly coordinate: string;
  /** The type it stands on, or in. */
  readonly type: string;
  readonly location: DirectiveLocation;
  readonly directive: ConstDirectiveNode;
}

const LOCATIONS: Readonly<Partial<Record<Kind, DirectiveLocation>>> = {
  [Kind.OBJECT_TYPE_DEFINITION]: DirectiveLocation.OBJECT,
  [Kind.OBJECT_TYPE_EXTENSION]: DirectiveLocation.OBJECT,
  [Kind.INTERFACE_TYPE_DEFINITION]: DirectiveLocation.INTERFACE,
  [Kind.INTERFACE_TYPE_EXTENSION]: DirectiveLocation.INTERFACE,
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: DirectiveLocation.INPUT_OBJECT,
  [Kind.INPUT_OBJECT_TYPE_EXTENSION]: DirectiveLocation.INPUT_OBJECT,
  [Kind.UNION_TYPE_DEFINITION]: DirectiveLocation.UNION,
  [Kind.UNION_TYPE_EXTENSION]: DirectiveLocation.UNION,
  [Kind.ENUM_TYPE_DEFINITION]: DirectiveLocation.ENUM,
  [Kind.ENUM_TYPE_EXTENSION]: DirectiveLocation.ENUM,
  [Kind.SCALAR_TYPE_DEFINITION]: DirectiveLocation.SCALAR,
  [Kind.SCALAR_TYPE_EXTENSION]: DirectiveLocation.SCALAR,
};

/** Every directive on types and on what is in them. */
export function directiveUses(definitions: readonly DefinitionNode[]): readonly DirectiveUse[] {
  return definitions.flatMap((node) => {
    const location = LOCATIONS[node.kind];
    if (location === undefined || !('name' in node) || node.kind === Kind.OPERATION_DEFINITION) return [];
    const type = node.name.value;
    const found: DirectiveUse[] = [];
    const add = (coordinate: string, at: DirectiveLocation, { directives = [] }: Directed): void => {
      for (const directive of directives) found.push({ coordinate, type, location: at, directive });
    };
    if ('directives' in node) add(type, location, node as Directed);
    if ('values' in node)
      for (const value of node.values ?? []) add(`${type}.${value.name.value}`, DirectiveLocation.ENUM_VALUE, value);
    if ('fields' in node)
      for (const field of node.fields ?? []) {
        const coordinate = `${type}.${field.name.value}`;
        if (!('arguments' in field)) {
          add(coordinate, DirectiveLocation.INPUT_FIELD_DEFINITION, field);
          continue;
        }
        add(coordinate, DirectiveLocation.FIELD_DEFINITION, field);
        for (const argument of field.arguments ?? [])
          add(argumentCoordinate(coordinate, argument.name.value), DirectiveLocation.ARGUMENT_DEFINITION, argument);
      }
    return found;
  });
}

interface Directed {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}
