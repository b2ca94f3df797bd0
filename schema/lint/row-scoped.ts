import { Kind, type TypeNode } from 'graphql';
import { argumentsOf } from '../directives.ts';
import { namedType } from '../documents.ts';
import { type Contract, hasFields, type LintedSubgraph, named, textOf } from './contract.ts';
import { type Found, lineOf, type Rule } from './rule.ts';

/** A row outside the caller's divisions does not exist for it, wherever it is referred to. */
export const rowScoped: Rule = {
  name: 'row-scoped',
  asks: 'References to rows that are scoped by division may be null, in lists, too.',
  why: 'A grant covers the rows of some divisions; others do not exist for its holder. A reference to one is null, and a list leaves it out. Where the type forbids null, one hidden row would take the visible ones along, and by that be seen.',
  good: `type Query { parcels: [Parcel] owner: Parcel }
type Parcel @scopedBy(division: "division") { division: String }`,
  bad: `type Query { parcels: [Parcel!]! }
type Parcel @scopedBy(division: "division") { division: String }`,
  check: (subgraph, contract) => [...references(subgraph, contract), ...scopes(subgraph)],
};

function references({ fields, foreign }: LintedSubgraph, contract: Contract): readonly Found[] {
  const rows = withScopedMembers(contract);
  return fields.flatMap(({ coordinate, type, node, isExternal, isInaccessible }): readonly Found[] => {
    const of = namedType(node.type);
    const exempt = isExternal || isInaccessible || type === 'Mutation';
    if (exempt || !rows.has(of) || !hasNonNull(node.type)) return [];
    return [
      {
        severity: foreign ? 'WARNING' : 'ERROR',
        coordinate,
        line: lineOf(node),
        problem: `It returns rows of ${of}, which are scoped by division, and its type does not allow null for one out of scope.`,
        fix: `Write ${nullable(node.type)}.`,
      },
    ];
  });
}

/** The field that holds the division is there. */
function scopes({ definitions, fields }: LintedSubgraph): readonly Found[] {
  return definitions.flatMap((node) =>
    hasFields(node)
      ? named(node.directives, 'scopedBy').flatMap((scope): readonly Found[] => {
          const division = textOf(argumentsOf(scope)['division']);
          const type = node.name.value;
          if (fields.some(({ coordinate }) => coordinate === `${type}.${division}`)) return [];
          return [
            {
              severity: 'ERROR',
              coordinate: type,
              line: lineOf(node),
              problem: `@scopedBy names “${division}”, and ${type} has no such field here.`,
              fix: 'Name the field of the type that holds the division code of a row.',
            },
          ];
        })
      : [],
  );
}

/** Row-scoped types, and the unions and interfaces that may stand for one. */
function withScopedMembers({ subgraphs, scoped }: Contract): ReadonlySet<string> {
  const rows = new Set(scoped);
  for (const node of subgraphs.flatMap(({ definitions }) => definitions)) {
    if (node.kind === Kind.UNION_TYPE_DEFINITION || node.kind === Kind.UNION_TYPE_EXTENSION)
      if (node.types?.some(({ name }) => scoped.has(name.value))) rows.add(node.name.value);
    if (hasFields(node) && scoped.has(node.name.value))
      for (const { name } of node.interfaces ?? []) rows.add(name.value);
  }
  return rows;
}

function hasNonNull(type: TypeNode): boolean {
  if (type.kind === Kind.NAMED_TYPE) return false;
  return type.kind === Kind.NON_NULL_TYPE || hasNonNull(type.type);
}

function nullable(type: TypeNode): string {
  if (type.kind === Kind.NAMED_TYPE) return type.name.value;
  return type.kind === Kind.LIST_TYPE ? `[${nullable(type.type)}]` : nullable(type.type);
}
