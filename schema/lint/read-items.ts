import { nearestName } from '../../lib/nearest-name.ts';
import { argumentsOf } from '../directives.ts';
import { argumentCoordinate } from '../policy-table.ts';
import { type Contract, hasFields, type LintedSubgraph, named, textsOf } from './contract.ts';
import { type Found, lineOf, type Rule } from './rule.ts';
import type { InputValueDefinitionNode } from 'graphql';

/** An argument that reads an item that is nowhere is denied to everybody. */
export const readItems: Rule = {
  name: 'read-items',
  asks: 'Items that arguments read exist.',
  why: 'Who may use an argument is decided by the items that @reads names. One that no subgraph has is nobody’s to share: the argument would be denied to everybody.',
  good: `type Query { persons(name: String @reads(items: ["Person.name"])): Int }
type Person { name: String }`,
  bad: `type Query { persons(name: String @reads(items: ["Person.nmae"])): Int }
type Person { name: String }`,
  check: (subgraph, contract) =>
    inputsOf(subgraph).flatMap(({ coordinate, node }) =>
      named(node.directives, 'reads').flatMap((reads) =>
        textsOf(argumentsOf(reads)['items']).flatMap((item) => unknown(item, { coordinate, node, contract })),
      ),
    ),
};

function unknown(
  item: string,
  { coordinate, node, contract }: Slot & { readonly contract: Contract },
): readonly Found[] {
  if (contract.copies.has(item)) return [];
  const meant = nearestName(item, [...contract.copies.keys()]);
  return [
    {
      severity: 'ERROR',
      coordinate,
      line: lineOf(node),
      problem: `It reads ${item}, which no subgraph has.`,
      fix: meant === undefined ? 'Name items as "Type.field".' : `Did you mean ${meant}?`,
    },
  ];
}

interface Slot {
  readonly coordinate: string;
  readonly node: InputValueDefinitionNode;
}

function inputsOf({ definitions, fields }: LintedSubgraph): readonly Slot[] {
  return [
    ...fields.flatMap(({ coordinate, node }) =>
      (node.arguments ?? []).map((argument) => ({
        coordinate: argumentCoordinate(coordinate, argument.name.value),
        node: argument,
      })),
    ),
    ...definitions.flatMap((type) =>
      'fields' in type && !hasFields(type)
        ? (type.fields ?? []).map((node) => ({ coordinate: `${type.name.value}.${node.name.value}`, node }))
        : [],
    ),
  ];
}
