import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type FieldDefinitionNode,
  GraphQLError,
  type InterfaceTypeDefinitionNode,
  type InterfaceTypeExtensionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';
import { argumentsOf, fieldSetCoordinates } from '../directives.ts';
import type { TypeOf } from '../documents.ts';
import type { LinkProblem } from '../link-names.ts';
import type { Mask, SharingClass, SubgraphSource } from '../policy-table.ts';

export interface LintSource extends SubgraphSource {
  /** Of a service whose types are not in its owner's hands, such as one that was bought: what asks for other types only warns. */
  readonly foreign?: boolean;
}

export type FieldsNode =
  ObjectTypeDefinitionNode | ObjectTypeExtensionNode | InterfaceTypeDefinitionNode | InterfaceTypeExtensionNode;

/** A field of an object type or interface, as one subgraph has it. */
export interface Field {
  /** `Type.field`. */
  readonly coordinate: string;
  readonly type: string;
  readonly subgraph: string;
  readonly owner: string;
  readonly node: FieldDefinitionNode;
  readonly parent: FieldsNode;
  /** What it says of its sharing, itself or by its type; undefined where neither does. */
  readonly sharing: Sharing | undefined;
  readonly isExternal: boolean;
  readonly isInaccessible: boolean;
  readonly isKey: boolean;
}

/** `class` is absent where it is none of the three. */
export interface Sharing {
  readonly class: SharingClass | undefined;
  readonly mask: Mask | undefined;
  readonly basis: string;
  /** Whether the type says it, for all fields of the definition. */
  readonly byDefault: boolean;
}

export interface LintedSubgraph {
  readonly name: string;
  readonly owner: string;
  readonly foreign: boolean;
  /** Under the names of the hub, at the places of the owner's SDL; none where that cannot be read. */
  readonly definitions: readonly DefinitionNode[];
  readonly fields: readonly Field[];
  readonly typeOf: TypeOf;
  readonly linkProblems: readonly LinkProblem[];
  readonly syntaxError: GraphQLError | undefined;
  readonly canonical: SubgraphSource;
}

/** What all subgraphs say together, as far as it can be told: what contradicts itself is for the rules to find. */
export interface Contract {
  readonly subgraphs: readonly LintedSubgraph[];
  /** By coordinate, in every subgraph that has the field. */
  readonly copies: ReadonlyMap<string, readonly Field[]>;
  /** Names of types whose rows are scoped by division, and of those that hold personal information. */
  readonly scoped: ReadonlySet<string>;
  readonly personal: ReadonlySet<string>;
  /** Names of object types, interfaces and unions: what fields lead to. */
  readonly objects: ReadonlySet<string>;
  /** All descriptions that a coordinate has anywhere, as one text; of fields, arguments, input fields, values and types. */
  readonly descriptions: ReadonlyMap<string, string>;
}

export const STRICTNESS: Readonly<Record<SharingClass, number>> = { UNCONDITIONAL: 0, CONDITIONAL: 1, WITHHELD: 2 };

export function hasFields(node: DefinitionNode): node is FieldsNode {
  return (
    node.kind === Kind.OBJECT_TYPE_DEFINITION ||
    node.kind === Kind.OBJECT_TYPE_EXTENSION ||
    node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    node.kind === Kind.INTERFACE_TYPE_EXTENSION
  );
}

export function isInterface({ kind }: FieldsNode): boolean {
  return kind === Kind.INTERFACE_TYPE_DEFINITION || kind === Kind.INTERFACE_TYPE_EXTENSION;
}

/**
 * The coordinates of a `@key`, `@requires` or `@provides` on a type.
 * @returns undefined where its fields cannot be read, which is a finding of its own.
 */
export function fieldSetOf(type: string, node: ConstDirectiveNode, typeOf: TypeOf): readonly string[] | undefined {
  const { fields } = argumentsOf(node);
  if (typeof fields !== 'string') return undefined;
  try {
    return fieldSetCoordinates(type, fields, typeOf);
  } catch (thrown) {
    if (thrown instanceof GraphQLError) return undefined;
    throw thrown;
  }
}

export function named(nodes: readonly ConstDirectiveNode[] | undefined, name: string): readonly ConstDirectiveNode[] {
  return (nodes ?? []).filter((node) => node.name.value === name);
}

/** The value of an argument that takes a string; empty where another one is given. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The strings of an argument that takes a list of them, or one. */
export function textsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((each) => typeof each === 'string');
}
