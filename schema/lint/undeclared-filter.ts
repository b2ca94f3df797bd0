import { type DefinitionNode, type InputValueDefinitionNode, Kind } from 'graphql';
import { namedType } from '../documents.ts';
import { argumentCoordinate } from '../policy-table.ts';
import { hasFields } from './contract.ts';
import { type Found, lineOf, type Rule } from './rule.ts';

/** Every argument says what it reads: a filter on a hidden item reads the item, question by question. */
export const undeclaredFilter: Rule = {
  name: 'undeclared-filter',
  asks: 'Every argument says which items it reads.',
  why: 'Whoever may filter, sort or look up by an item can read it, one question after another. So each argument says by @reads which items it reads, and its caller needs the right to them. One that reads nothing says so: @reads(items: []). Only first and after of pages go without.',
  good: `type Query { persons(name: String @reads(items: ["Person.name"]), first: Int, after: String): [Person] }
type Person { name: String }`,
  bad: `type Query { persons(name: String): [Person] }
type Person { name: String }`,
  check: ({ definitions }) => {
    const inputs = inputsOf(definitions);
    const found = new Map<string, Found>();
    const note: Note = (coordinate, node) => {
      found.set(coordinate, {
        severity: 'ERROR',
        coordinate,
        line: lineOf(node),
        problem: 'It does not say what it reads.',
        fix: 'Add @reads(items: ["Type.field"]) with the items it compares, sorts or groups by, or @reads(items: []) where it reads none.',
      });
    };
    for (const type of definitions)
      if (hasFields(type) && type.name.value !== 'Mutation')
        for (const field of type.fields ?? [])
          for (const argument of field.arguments ?? [])
            if (!isPaging(argument))
              inSlot(argument, argumentCoordinate(`${type.name.value}.${field.name.value}`, argument.name.value), {
                inputs,
                note,
                above: [],
              });
    return [...found.values()];
  },
};

/** The fields of input types, those of extensions included. */
type Inputs = ReadonlyMap<string, readonly InputValueDefinitionNode[]>;
type Note = (coordinate: string, node: InputValueDefinitionNode) => void;

/** An argument or input field that declares nothing may be an input object whose fields all do. */
function inSlot(
  slot: InputValueDefinitionNode,
  coordinate: string,
  { inputs, note, above }: { inputs: Inputs; note: Note; above: readonly string[] },
): void {
  if (slot.directives?.some(({ name }) => name.value === 'reads')) return;
  const type = namedType(slot.type);
  const fields = inputs.get(type);
  if (!fields) {
    note(coordinate, slot);
    return;
  }
  if (above.includes(type)) return;
  for (const field of fields) inSlot(field, `${type}.${field.name.value}`, { inputs, note, above: [...above, type] });
}

function isPaging({ name, type }: InputValueDefinitionNode): boolean {
  return { first: 'Int', after: 'String' }[name.value] === namedType(type);
}

function inputsOf(definitions: readonly DefinitionNode[]): Inputs {
  const inputs = new Map<string, readonly InputValueDefinitionNode[]>();
  for (const node of definitions)
    if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION || node.kind === Kind.INPUT_OBJECT_TYPE_EXTENSION)
      inputs.set(node.name.value, [...(inputs.get(node.name.value) ?? []), ...(node.fields ?? [])]);
  return inputs;
}
