import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  visit,
} from 'graphql';
import { fetchHash } from '../lib/signed-context.ts';

/** The fragments of a document, by name. */
export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
}

/** An operation of these selections alone; variables and fragments that nothing uses any more are left out. */
export function operationOf(
  original: OperationDefinitionNode,
  selections: readonly SelectionNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): DocumentNode {
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: original.operation,
    ...(original.name && { name: original.name }),
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
  const variables = new Set<string>();
  const used = new Map<string, FragmentDefinitionNode>();
  const gather = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      Variable: ({ name }) => {
        variables.add(name.value);
      },
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        if (!fragment || used.has(name.value)) return;
        used.set(name.value, fragment);
        gather(fragment);
      },
    });
  };
  gather(operation);
  const variableDefinitions = (original.variableDefinitions ?? []).filter(({ variable }) =>
    variables.has(variable.name.value),
  );
  return { kind: Kind.DOCUMENT, definitions: [{ ...operation, variableDefinitions }, ...used.values()] };
}

/**
 * An operation for the record: its shape without any literal, as a literal may be a resident number. Callers choose aliases
 * and names of variables too, so that long digit strings go from these as well.
 */
export function normalised(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): { hash: string; text: string; name?: string } {
  const alone: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [operation, ...document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)],
  };
  const bare = visit(alone, {
    StringValue: (node) => ({ ...node, value: '', block: false }),
    IntValue: (node) => ({ ...node, value: '0' }),
    FloatValue: (node) => ({ ...node, value: '0' }),
    ListValue: (node) => ({ ...node, values: [] }),
  });
  const text = withoutNumbers(print(bare));
  return { hash: fetchHash(text), text, ...(operation.name && { name: withoutNumbers(operation.name.value) }) };
}

function withoutNumbers(text: string): string {
  return text.replace(/\d{5,}/g, '0');
}
