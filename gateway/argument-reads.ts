import {
  type FieldNode,
  getNamedType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  Kind,
  typeFromAST,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql';
import { argumentCoordinate, type PolicyTable, type Reads } from '../schema/policy-table.ts';

type Variables = Readonly<Record<string, unknown>>;

/**
 * What the arguments of one selected field read, as written and as its variables are filled: one that is not given and has no
 * default reads nothing, one that is given reads its items even when it is null. A default reads like a value that is
 * written: the subgraph compares with it all the same.
 */
export function argumentReads(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  options: { readonly coordinate: string; readonly table: PolicyTable; readonly variables: Variables },
): readonly Reads[] {
  const { table, variables } = options;
  const found: Reads[] = [];
  const note = (coordinate: string): void => {
    const reads = table.reads.get(coordinate);
    if (reads) found.push(reads);
  };
  const given = new Map((node.arguments ?? []).map(({ name, value }) => [name.value, value]));
  for (const { name, type, defaultValue } of field.args) {
    const slot = { coordinate: argumentCoordinate(options.coordinate, name), type, defaultValue };
    inSlot(slot, given.get(name), { variables, note });
  }
  return found;
}

/** An argument or an input field: somewhere a value may be given, and else has its default. */
interface Slot {
  readonly coordinate: string;
  readonly type: GraphQLInputType;
  readonly defaultValue: unknown;
}

interface Walk {
  readonly variables: Variables;
  readonly note: (coordinate: string) => void;
}

function inSlot({ coordinate, type, defaultValue }: Slot, node: ValueNode | undefined, walk: Walk): void {
  if (node && !isAbsent(node, walk.variables)) {
    walk.note(coordinate);
    inLiteral(type, node, walk);
  } else if (defaultValue !== undefined) {
    walk.note(coordinate);
    inValue(type, defaultValue, walk.note);
  }
}

function isAbsent(node: ValueNode, variables: Variables): boolean {
  return node.kind === Kind.VARIABLE && variables[node.name.value] === undefined;
}

function inLiteral(type: GraphQLInputType, node: ValueNode, walk: Walk): void {
  if (node.kind === Kind.VARIABLE) {
    inValue(type, walk.variables[node.name.value], walk.note);
    return;
  }
  if (node.kind === Kind.LIST) {
    for (const item of node.values) inLiteral(type, item, walk);
    return;
  }
  const named = getNamedType(type);
  if (node.kind !== Kind.OBJECT || !isInputObjectType(named)) return;
  const given = new Map(node.fields.map(({ name, value }) => [name.value, value]));
  for (const { name, type: inner, defaultValue } of Object.values(named.getFields()))
    inSlot({ coordinate: `${named.name}.${name}`, type: inner, defaultValue }, given.get(name), walk);
}

function inValue(type: GraphQLInputType, value: unknown, note: (coordinate: string) => void): void {
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) inValue(type, item, note);
    return;
  }
  const named = getNamedType(type);
  if (typeof value !== 'object' || value === null || !isInputObjectType(named)) return;
  for (const [name, inner] of Object.entries(value)) {
    const field = named.getFields()[name];
    if (!field || inner === undefined) continue;
    note(`${named.name}.${name}`);
    inValue(field.type, inner, note);
  }
}

/**
 * Which variables, and which fields inside them, are given: two requests of one operation that agree in this need the same
 * decisions, whatever the values are. Values of booleans count, since `@skip` and `@include` may turn on them.
 */
export function variablePresence(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  variables: Variables,
): string {
  const given = new Set<string>();
  for (const { variable, type } of definitions) {
    const name = variable.name.value;
    const value = variables[name];
    if (value === undefined) continue;
    given.add(typeof value === 'boolean' ? `${name}=${value}` : name);
    const inputType = typeFromAST(schema, type) as GraphQLInputType | undefined;
    if (inputType) inValue(inputType, value, (coordinate) => given.add(`${name}:${coordinate}`));
  }
  return [...given].sort().join(' ');
}
