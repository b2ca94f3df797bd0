import { type ConstDirectiveNode, type FieldDefinitionNode, GraphQLError, parse } from 'graphql';
import { directive } from '../directives.ts';
import { fieldTypes, type TypeOf } from '../documents.ts';
import { canonicalNames, type LinkProblem } from '../link-names.ts';
import type { Mask, SharingClass } from '../policy-table.ts';
import {
  type Field,
  type FieldsNode,
  fieldSetOf,
  hasFields,
  type LintedSubgraph,
  type LintSource,
  named,
  type Sharing,
  STRICTNESS,
  textOf,
} from './contract.ts';

/** A subgraph as the rules read it. Nothing of what its owner wrote makes it throw. */
export function lintedSubgraph({ foreign = false, ...source }: LintSource): LintedSubgraph {
  const { name, owner } = source;
  const read = canonicalOr(source.sdl);
  const definitions = read.syntaxError ? [] : parse(read.sdl).definitions;
  const typeOf = fieldTypes(definitions);
  return {
    name,
    owner,
    foreign,
    definitions,
    fields: definitions.flatMap((node) => (hasFields(node) ? fieldsOf(node, { name, owner, typeOf }) : [])),
    typeOf,
    linkProblems: read.problems,
    syntaxError: read.syntaxError,
    canonical: { ...source, sdl: read.sdl },
  };
}

function canonicalOr(sdl: string): {
  readonly sdl: string;
  readonly problems: readonly LinkProblem[];
  readonly syntaxError: GraphQLError | undefined;
} {
  try {
    return { ...canonicalNames(sdl), syntaxError: undefined };
  } catch (thrown) {
    if (thrown instanceof GraphQLError) return { sdl, problems: [], syntaxError: thrown };
    throw thrown;
  }
}

interface Within {
  readonly name: string;
  readonly owner: string;
  readonly typeOf: TypeOf;
}

function fieldsOf(parent: FieldsNode, { name, owner, typeOf }: Within): readonly Field[] {
  const type = parent.name.value;
  const keys = new Set(named(parent.directives, 'key').flatMap((key) => fieldSetOf(type, key, typeOf) ?? []));
  const byDefault = sharingOf(parent.directives ?? [], true);
  const has = (node: FieldDefinitionNode, directive: string): boolean =>
    [...named(node.directives, directive), ...named(parent.directives, directive)].length > 0;
  return (parent.fields ?? []).map((node) => {
    const coordinate = `${type}.${node.name.value}`;
    return {
      coordinate,
      type,
      subgraph: name,
      owner,
      node,
      parent,
      sharing: sharingOf(node.directives ?? [], false) ?? byDefault,
      isExternal: has(node, 'external'),
      isInaccessible: has(node, 'inaccessible'),
      isKey: keys.has(coordinate),
    };
  });
}

function sharingOf(directives: readonly ConstDirectiveNode[], byDefault: boolean): Sharing | undefined {
  const given = directive(directives, 'sharing');
  if (!given) return undefined;
  const { class: of, mask } = given;
  return {
    class: isClass(of) ? of : undefined,
    // One that does not exist is a finding of its own, and unlike every other.
    mask: typeof mask === 'string' ? (mask as Mask) : undefined,
    basis: textOf(given['basis']).trim(),
    byDefault,
  };
}

function isClass(value: unknown): value is SharingClass {
  return typeof value === 'string' && Object.hasOwn(STRICTNESS, value);
}
