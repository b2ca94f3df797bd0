import { baseType, isInterfaceType, isObjectType, type NamedType, type Schema } from '@apollo/federation-internals';
import type { Caller } from '../lib/caller.ts';
import { computedFrom } from './computed-from.ts';

/**
 * Whether a caller, or an anonymous one, meets what the subgraphs ask for a coordinate by Apollo's `@authenticated`,
 * `@requiresScopes` and `@policy`. These are required in addition to the policy table.
 */
export type MeetsRequirements = (coordinate: string, caller: Caller | undefined) => boolean;

/** Alternatives, each a list of names to hold all of; `[[]]` asks for any caller who is known, `[]` cannot be met. */
type Condition = readonly (readonly string[])[];

/** A type or a field of the supergraph. */
interface Element {
  appliedDirectivesOf(name: string): readonly { arguments(): Readonly<Record<string, unknown>> }[];
}

const SPECS: Readonly<Record<string, (given: Readonly<Record<string, unknown>>) => Condition>> = {
  authenticated: () => [[]],
  requiresScopes: ({ scopes }) => names('scope', scopes),
  policy: ({ policies }) => names('policy', policies),
};

/**
 * Reads the requirements of a supergraph. A requirement holds wherever its element can be reached: on a type for every field of
 * it and every field that returns it, on an interface or its field for every implementing type (CVE-2025-64173), on a field for
 * every field that is computed from it (GHSA-m8jr-fxqx-8xx6). Directives are found by the URL that links them, whatever name
 * they are imported by (CVE-2025-64347).
 *
 * Scopes are those of the token's `scope` claim. Policies are evaluated by the token's issuer: a caller meets one whose name is
 * among the token's roles.
 */
export function accessRequirements(schema: Schema): MeetsRequirements {
  const read = reader(schema);
  if (!read) return () => true;
  const known = new Map<string, readonly Condition[]>();
  return (coordinate, caller) => {
    const conditions = known.get(coordinate) ?? [...elementsOf(schema, coordinate)].flatMap(read);
    known.set(coordinate, conditions);
    if (conditions.length === 0) return true;
    if (!caller) return false;
    const held = new Set([...names('scope', [caller.scopes ?? []]), ...names('policy', [caller.roles])].flat());
    return conditions.every((alternatives) => alternatives.some((all) => all.every((name) => held.has(name))));
  };
}

/** Reads the conditions of one element, by the names the directives have in this schema; undefined where none is linked. */
function reader(schema: Schema): ((element: Element) => Condition[]) | undefined {
  const linked = Object.entries(SPECS).flatMap(([spec, conditionOf]) => {
    const feature = schema.coreFeatures?.getByIdentity(`https://specs.apollo.dev/${spec}`);
    return feature ? [{ directive: feature.directiveNameInSchema(spec), conditionOf }] : [];
  });
  if (linked.length === 0) return undefined;
  return (element) =>
    linked.flatMap(({ directive, conditionOf }) =>
      element.appliedDirectivesOf(directive).map((applied) => conditionOf(applied.arguments())),
    );
}

/** Every element whose requirements a field has: its own, its types', its interfaces', and of what it is computed from. */
function elementsOf(schema: Schema, coordinate: string): ReadonlySet<Element> {
  const found = new Set<Element>();
  const visited = new Set<string>();
  const addType = (type: NamedType): void => {
    found.add(type);
    if (isObjectType(type) || isInterfaceType(type)) for (const parent of type.interfaces()) found.add(parent);
  };
  const visit = (at: string): void => {
    if (visited.has(at)) return;
    visited.add(at);
    const [typeName = '', fieldName = ''] = at.split('.');
    const type = schema.type(typeName);
    if (!type || !(isObjectType(type) || isInterfaceType(type))) return;
    addType(type);
    for (const each of [type, ...type.interfaces()]) {
      const field = each.field(fieldName);
      if (field) found.add(field);
      if (field?.type) addType(baseType(field.type));
    }
    // A value of an interface may be any of its types: what reads it must be allowed to read it of each.
    if (isInterfaceType(type)) for (const each of type.possibleRuntimeTypes()) visit(`${each.name}.${fieldName}`);
    for (const each of computedFrom(schema, at)) visit(each);
  };
  visit(coordinate);
  return found;
}

function names(kind: 'scope' | 'policy', alternatives: unknown): Condition {
  if (!Array.isArray(alternatives)) return [];
  return alternatives.map((all: unknown) =>
    Array.isArray(all) ? all.map((name) => `${kind} ${String(name)}`) : [NOBODY],
  );
}

/** A name that no token holds: a requirement that cannot be read cannot be met. */
const NOBODY = '';
