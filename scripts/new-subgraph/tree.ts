import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DefinitionNode, Kind, parse } from 'graphql';
import { HubError, messageOf } from '../../lib/errors.ts';

/** What the sources of a hub already hold. */
export interface Tree {
  /** The names of the subgraphs. */
  readonly subgraphs: readonly string[];
  /** Which subgraph has a type (`Person`) or a field of a type that all share (`Query.person`, `Division.population`). */
  readonly holders: ReadonlyMap<string, string>;
  /** Catalogue codes in use. */
  readonly codes: ReadonlySet<string>;
}

/** Types of which every subgraph may have its part. */
const SHARED = new Set(['Query', 'Mutation', 'Division', 'DivisionAt']);

/**
 * Reads the sources of a hub.
 * @throws HubError BAD_USER_INPUT where there are none, BAD_SDL where a schema cannot be read.
 */
export function readTree(root: string): Tree {
  if (!existsSync(join(root, 'subgraphs')) || !existsSync(join(root, 'lib', 'subgraph-definition.ts')))
    throw new HubError(
      'BAD_USER_INPUT',
      `--into: ${JSON.stringify(root)} does not hold the sources of a hub. Name the folder that holds its subgraphs, lib and scripts.`,
    );
  const folders = readdirSync(join(root, 'subgraphs'), { withFileTypes: true });
  const subgraphs = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const holders = new Map<string, string>();
  const codes = new Set<string>();
  for (const name of subgraphs) {
    const path = join(root, 'subgraphs', name, 'schema.graphql');
    if (!existsSync(path)) continue;
    const sdl = readFileSync(path, 'utf8');
    for (const definition of definitionsOf(sdl, name))
      for (const held of namesOf(definition)) if (!holders.has(held)) holders.set(held, name);
    for (const [, code = ''] of sdl.matchAll(/code: "(\d+\/\d+)"/g)) codes.add(code);
  }
  return { subgraphs, holders, codes };
}

/** The first code of the range 399, which the catalogue has not given to any department. */
export function provisionalCode({ codes }: Tree): string {
  for (let department = 399_001; ; department++) {
    const code = `${department}/000001`;
    if (!codes.has(code)) return code;
  }
}

function definitionsOf(sdl: string, subgraph: string): readonly DefinitionNode[] {
  try {
    return parse(sdl, { noLocation: true }).definitions;
  } catch (thrown) {
    throw new HubError(
      'BAD_SDL',
      `subgraphs/${subgraph}/schema.graphql cannot be read: ${messageOf(thrown)} Correct it first.`,
    );
  }
}

function namesOf(definition: DefinitionNode): string[] {
  if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION) {
    const type = definition.name.value;
    return SHARED.has(type) ? [type, ...(definition.fields ?? []).map(({ name }) => `${type}.${name.value}`)] : [type];
  }
  const isType =
    definition.kind === Kind.ENUM_TYPE_DEFINITION ||
    definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION ||
    definition.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    definition.kind === Kind.UNION_TYPE_DEFINITION ||
    definition.kind === Kind.SCALAR_TYPE_DEFINITION;
  return isType ? [definition.name.value] : [];
}
