import { ChangeType, diff } from '@graphql-inspector/core';
import {
  getNamedType,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  parse,
  Source,
  validate,
} from 'graphql';
import { argumentCoordinate } from './policy-table.ts';

/** One difference between what callers saw and what they will see. */
export interface SchemaChange {
  /** BREAKING: an operation that was right may be wrong, or its answer of another shape. */
  readonly level: 'BREAKING' | 'DANGEROUS' | 'SAFE';
  /** Where: `Type`, `Type.field` or `Type.field.argument`. */
  readonly path: string;
  readonly message: string;
  /** Items whose readers notice it: the field itself, or every field that shows or takes a value of the type. */
  readonly touches: readonly string[];
}

const LEVELS = { BREAKING: 'BREAKING', DANGEROUS: 'DANGEROUS', NON_BREAKING: 'SAFE' } as const;

/** What changes for callers from one API schema to the next, most serious first. */
export async function schemaChanges(before: GraphQLSchema, after: GraphQLSchema): Promise<readonly SchemaChange[]> {
  const usesOf = fieldsByType(before);
  const found = (await diff(before, after)).map((change): SchemaChange => {
    const { criticality, path = '', message } = change;
    const left = interfaceLeft(change);
    const touches = left === undefined ? touched(path, before, usesOf) : [...(usesOf.get(left) ?? [])];
    return { level: LEVELS[criticality.level], path, message, touches };
  });
  const order = Object.values(LEVELS);
  return found.sort((one, other) => order.indexOf(one.level) - order.indexOf(other.level));
}

/** An operation that somebody used. */
export interface KnownOperation {
  readonly hash: string;
  readonly text: string;
}

export interface BrokenOperation {
  readonly hash: string;
  /** What is wrong with it under the new schema. */
  readonly problems: readonly string[];
}

/** The operations that the new schema would refuse; those that were refused before are no concern of it. */
export function brokenOperations(
  operations: readonly KnownOperation[],
  before: GraphQLSchema,
  after: GraphQLSchema,
): readonly BrokenOperation[] {
  return operations.flatMap(({ hash, text }) => {
    const document = parse(new Source(text), { noLocation: true });
    const problems = validate(after, document).map(({ message }) => message);
    return problems.length > 0 && validate(before, document).length === 0 ? [{ hash, problems }] : [];
  });
}

/** The coordinates of the arguments and input fields that callers may fill. */
export function inputSlots(schema: GraphQLSchema): ReadonlySet<string> {
  const slots = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isInputObjectType(type)) for (const name of Object.keys(type.getFields())) slots.add(`${type.name}.${name}`);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const { name, args } of Object.values(type.getFields()))
      for (const argument of args) slots.add(argumentCoordinate(`${type.name}.${name}`, argument.name));
  }
  return slots;
}

/**
 * The interface that a type leaves: who asks for the interface notices, not whoever reads the type. Its other fields may be
 * another department's, and who uses them is not for who declares the interface to learn.
 */
function interfaceLeft({ type, meta }: { readonly type: string; readonly meta: unknown }): string | undefined {
  if (type !== ChangeType.ObjectTypeInterfaceRemoved) return undefined;
  return (meta as { readonly removedInterfaceName: string }).removedInterfaceName;
}

function touched(path: string, schema: GraphQLSchema, usesOf: ReadonlyMap<string, readonly string[]>): string[] {
  const [name = '', field] = path.split('.');
  const type = schema.getType(name);
  if (isObjectType(type) || isInterfaceType(type)) {
    if (field !== undefined) return [`${name}.${field}`];
    return [...Object.keys(type.getFields()).map((each) => `${name}.${each}`), ...(usesOf.get(name) ?? [])];
  }
  return [...(usesOf.get(name) ?? [])];
}

/** The fields that return a type or take it as an argument, input types inside input types included. */
function fieldsByType(schema: GraphQLSchema): ReadonlyMap<string, readonly string[]> {
  const uses = new Map<string, string[]>();
  const note = (type: string, coordinate: string, above: readonly string[] = []): void => {
    uses.set(type, [...(uses.get(type) ?? []), coordinate]);
    const inner = schema.getType(type);
    if (!isInputObjectType(inner) || above.includes(type)) return;
    for (const field of Object.values(inner.getFields()))
      note(getNamedType(field.type).name, coordinate, [...above, type]);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type))) continue;
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      note(getNamedType(field.type).name, coordinate);
      for (const argument of field.args) note(getNamedType(argument.type).name, coordinate);
    }
  }
  return uses;
}
