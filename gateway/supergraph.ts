import {
  isListType,
  isNonNullType,
  ListType,
  type OutputType,
  ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  type Schema,
  Supergraph,
} from '@apollo/federation-internals';
import { setImmediate as turn } from 'node:timers/promises';
import { QueryPlanner } from '@apollo/query-planner';
import {
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  valueFromASTUntyped,
} from 'graphql';
import { fetchHash } from '../lib/signed-context.ts';
import { fieldSetCoordinates } from '../schema/directives.ts';

/** A supergraph made ready to answer: built once per release, never per request. */
export interface BuiltSupergraph {
  /** Content hash of the supergraph SDL. */
  readonly release: string;
  /** What callers see and queries are validated against. */
  readonly apiSchema: GraphQLSchema;
  /** Inaccessible items included: pruned operations may ask for keys. */
  readonly fullSchema: GraphQLSchema;
  readonly planning: Schema;
  /** The same, but everything may be null: what must not be is the answer's to see to, which knows rows that do not exist. */
  readonly lenient: Schema;
  readonly planner: QueryPlanner;
  /** `Type.field` of every field that is part of a key, nested ones included. */
  readonly keys: ReadonlySet<string>;
  /** Where a coordinate belongs to an interface: the coordinates of its implementing types, on which it is decided. */
  implementations(coordinate: string): readonly string[];
  /** Subgraph names and the URLs the supergraph gives them. */
  readonly subgraphs: ReadonlyMap<string, string>;
}

/** @throws GraphQLError when the SDL is no federation 2 supergraph. */
export function buildSupergraph(sdl: string): BuiltSupergraph {
  const steps = building(sdl);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same with other work between its steps: the longest, the planner's, takes a tenth of a second for a hundred types. */
export async function buildSupergraphInTurns(sdl: string): Promise<BuiltSupergraph> {
  const steps = building(sdl);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await turn();
  }
}

function* building(sdl: string): Generator<undefined, BuiltSupergraph> {
  const supergraph = Supergraph.build(sdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
  yield;
  const fullSchema = supergraph.schema.toGraphQLJSSchema();
  yield;
  const inner = supergraph.apiSchema();
  yield;
  const apiSchema = inner.toGraphQLJSSchema();
  yield;
  const lenient = lenientCopy(supergraph.schema);
  yield;
  const planner = new QueryPlanner(supergraph);
  yield;
  return {
    release: fetchHash(sdl),
    apiSchema,
    fullSchema,
    planning: supergraph.schema,
    lenient,
    planner,
    keys: keyCoordinates(fullSchema),
    implementations: (coordinate) => implementations(fullSchema, coordinate),
    subgraphs: new Map(supergraph.subgraphsMetadata().map(({ name, url }) => [name, url])),
  };
}

function lenientCopy(schema: Schema): Schema {
  const copy = schema.clone();
  for (const type of [...copy.objectTypes(), ...copy.interfaceTypes()])
    for (const field of type.fields()) if (field.type) field.type = lenient(field.type);
  return copy;
}

function lenient(type: OutputType): OutputType {
  if (isNonNullType(type)) return lenient(type.ofType as OutputType);
  return isListType(type) ? new ListType(lenient(type.ofType as OutputType)) : type;
}

function implementations(schema: GraphQLSchema, coordinate: string): string[] {
  const [name = '', field = ''] = coordinate.split('.');
  const type = schema.getType(name);
  return isInterfaceType(type) ? schema.getPossibleTypes(type).map((possible) => `${possible.name}.${field}`) : [];
}

function keyCoordinates(schema: GraphQLSchema): ReadonlySet<string> {
  const found = new Set<string>();
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type)) for (const key of joinKeys(type)) collect(type, key, found);
  return found;
}

function joinKeys(type: GraphQLObjectType): string[] {
  return [type.astNode, ...type.extensionASTNodes]
    .flatMap((node) => node?.directives ?? [])
    .filter((directive) => directive.name.value === 'join__type')
    .flatMap((directive) => directive.arguments ?? [])
    .filter((argument) => argument.name.value === 'key')
    .map((argument) => String(valueFromASTUntyped(argument.value)));
}

/** Follows a key such as `"id owner { code }"` through the types it crosses. */
function collect(type: GraphQLObjectType, key: string, into: Set<string>): void {
  const typeOf = (parent: string, field: string): string | undefined => {
    const inner = type.name === parent ? type.getFields()[field]?.type : undefined;
    return inner && getNamedType(inner).name;
  };
  for (const coordinate of fieldSetCoordinates(type.name, key, typeOf)) into.add(coordinate);
}
