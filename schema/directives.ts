import { type ConstDirectiveNode, Kind, parse, type SelectionSetNode, valueFromASTUntyped } from 'graphql';

/** The arguments of an applied directive, as plain values. */
export type Arguments = Readonly<Record<string, unknown>>;

export function argumentsOf(node: ConstDirectiveNode): Arguments {
  return Object.fromEntries(
    (node.arguments ?? []).map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)]),
  );
}

/** The arguments of the first directive of that name, or undefined where it is not applied. */
export function directive(nodes: readonly ConstDirectiveNode[], name: string): Arguments | undefined {
  const node = nodes.find((candidate) => candidate.name.value === name);
  return node && argumentsOf(node);
}

/** A list argument; a single value counts as a list of one, as GraphQL coerces it. */
export function strings(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** The coordinates that a field set such as `"name address { city }"` names, nested ones included. */
export function fieldSetCoordinates(
  type: string,
  fields: string,
  typeOf: (type: string, field: string) => string | undefined,
): readonly string[] {
  const found: string[] = [];
  const walk = (parent: string, set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.typeCondition?.name.value ?? parent, selection.selectionSet);
      } else if (selection.kind === Kind.FIELD && selection.name.value !== '__typename') {
        found.push(`${parent}.${selection.name.value}`);
        const inner = typeOf(parent, selection.name.value);
        if (selection.selectionSet && inner) walk(inner, selection.selectionSet);
      }
    }
  };
  const [operation] = parse(`{ ${fields} }`, { noLocation: true }).definitions;
  if (operation?.kind === Kind.OPERATION_DEFINITION) walk(type, operation.selectionSet);
  return found;
}
