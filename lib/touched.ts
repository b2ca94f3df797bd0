import { type DocumentNode, getNamedType, type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from 'graphql';

/** Every coordinate `Type.field` that a document selects, `__typename` and introspection aside. */
export function touchedCoordinates(schema: GraphQLSchema, document: DocumentNode): ReadonlySet<string> {
  const found = new Set<string>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: (node) => {
        const parent = types.getParentType();
        if (parent && !node.name.value.startsWith('__')) found.add(`${getNamedType(parent).name}.${node.name.value}`);
      },
    }),
  );
  return found;
}
