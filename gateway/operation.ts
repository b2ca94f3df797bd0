import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type NameNode,
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

/** Characters of an operation's name that are recorded. */
const LONGEST_NAME = 64;

export interface Normalised {
  /** SHA-256 of the text, base64url. */
  readonly hash: string;
  readonly text: string;
  readonly name?: string;
}

const known = new WeakMap<OperationDefinitionNode, Normalised>();

/**
 * An operation for the record, made once for as long as its document is kept: a request that comes again is not printed and
 * hashed again.
 */
export function normalised(document: DocumentNode, operation: OperationDefinitionNode): Normalised {
  const made = known.get(operation) ?? normalise(document, operation);
  known.set(operation, made);
  return made;
}

/**
 * Its shape without anything its caller chose freely. A literal may be a resident number, and so
 * may an alias or the name of a variable or fragment, in digits, in pinyin or cut in pieces: those are numbered instead. The
 * name of the operation stays, as it tells what was done, unless it looks like more than a name.
 */
function normalise(document: DocumentNode, operation: OperationDefinitionNode): Normalised {
  const { name, ...unnamed } = operation;
  const recorded = name && recordedName(name.value);
  const alone: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      recorded === undefined ? unnamed : { ...unnamed, name: named(recorded) },
      ...document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION),
    ],
  };
  const alias = numbering('a');
  const variable = numbering('v');
  const fragment = numbering('f');
  const bare = visit(alone, {
    Field: (node) => (node.alias ? { ...node, alias: alias(node.alias) } : undefined),
    Variable: (node) => ({ ...node, name: variable(node.name) }),
    FragmentSpread: (node) => ({ ...node, name: fragment(node.name) }),
    FragmentDefinition: (node) => ({ ...node, name: fragment(node.name) }),
    StringValue: (node) => ({ ...node, value: '', block: false }),
    IntValue: (node) => ({ ...node, value: '0' }),
    FloatValue: (node) => ({ ...node, value: '0' }),
    ListValue: (node) => ({ ...node, values: [] }),
  });
  const text = print(bare);
  return { hash: fetchHash(text), text, ...(recorded !== undefined && { name: recorded }) };
}

/** Numbers names in the order they are met. */
function numbering(prefix: string): (name: NameNode) => NameNode {
  const numbers = new Map<string, number>();
  return ({ value }) => {
    const number = numbers.get(value) ?? numbers.size + 1;
    numbers.set(value, number);
    return named(`${prefix}${number}`);
  };
}

function named(value: string): NameNode {
  return { kind: Kind.NAME, value };
}

function recordedName(name: string): string {
  const digits = name.replace(/\D/g, '').length;
  return (digits < 5 ? name : name.replace(/\d+/g, '0')).slice(0, LONGEST_NAME);
}
