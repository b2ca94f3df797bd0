import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/**
 * The names of the fields that a resolver's selection asks of one type, fragments included.
 * @param path fields to go down first, such as `['edges', 'node']` from a connection.
 */
export function askedFields(info: GraphQLResolveInfo, path: readonly string[] = []): ReadonlySet<string> {
  let sets = info.fieldNodes.flatMap((node) => node.selectionSet ?? []);
  for (const step of path)
    sets = fieldsIn(sets, info)
      .filter((field) => field.name.value === step)
      .flatMap((field) => field.selectionSet ?? []);
  return new Set(fieldsIn(sets, info).map((field) => field.name.value));
}

/**
 * A MongoDB projection of the stored fields that the asked GraphQL fields need.
 * @param needs stored fields by GraphQL field; one not named needs the stored field of its own name.
 */
export function projectionOf(
  asked: Iterable<string>,
  needs: Readonly<Record<string, readonly string[]>> = {},
): Record<string, 1> {
  const stored = [...asked].filter((name) => !name.startsWith('__')).flatMap((name) => needs[name] ?? [name]);
  return Object.fromEntries(['_id', ...stored].map((name) => [name, 1]));
}

function fieldsIn(sets: readonly SelectionSetNode[], info: GraphQLResolveInfo): FieldNode[] {
  return sets.flatMap((set) =>
    set.selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsIn([selection.selectionSet], info);
      const fragment = info.fragments[selection.name.value];
      return fragment ? fieldsIn([fragment.selectionSet], info) : [];
    }),
  );
}
