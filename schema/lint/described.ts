import {
  type ASTNode,
  type ConstDirectiveNode,
  type DefinitionNode,
  type InputValueDefinitionNode,
  Kind,
} from 'graphql';
import { argumentCoordinate } from '../policy-table.ts';
import { hasFields, type LintedSubgraph, named } from './contract.ts';
import { type Found, lineOf, type Rule, type Severity } from './rule.ts';

const ROOTS = ['Query', 'Mutation'];

/** A name alone does not say what an item is; its description is what other departments ask for it by. */
export const described: Rule = {
  name: 'described',
  asks: 'Every type and field is described, and what callers bring, too.',
  why: 'The schema is the catalogue: another department finds an item, and says in its request why it needs it, by the description. One that any subgraph gives to a shared type or field counts for all.',
  good: `"A registered parcel of land (宗地)."
type Parcel {
  "宗地面积 in square metres."
  area: Float
}`,
  bad: `type Parcel {
  area: Float
}`,
  check: (subgraph, contract) => {
    const found: Found[] = [];
    for (const { coordinate, node, severity, what } of describable(subgraph)) {
      const text = contract.descriptions.get(coordinate);
      const line = lineOf(node);
      if (text === undefined)
        found.push({
          severity,
          coordinate,
          line,
          problem: `${what} has no description.`,
          fix: 'Put one in front of it, in quotation marks: what it is, in which unit or by which standard.',
        });
      else if (saysNothing(coordinate, text))
        found.push({
          severity: 'WARNING',
          coordinate,
          line,
          problem: `The description says no more than the name: “${text}”.`,
          fix: 'Say what it is, in which unit or by which standard.',
        });
    }
    return found;
  },
};

interface Describable {
  readonly coordinate: string;
  readonly node: ASTNode;
  readonly severity: Severity;
  readonly what: string;
}

/** What callers see. */
function describable({ definitions, fields }: LintedSubgraph): readonly Describable[] {
  const seen = fields.filter(({ isExternal, isInaccessible }) => !isExternal && !isInaccessible);
  return [
    ...definitions.flatMap(typeOf),
    ...seen.flatMap(({ coordinate, node }) => [
      { coordinate, node, severity: 'ERROR' as const, what: 'The field' },
      ...(node.arguments ?? []).flatMap((argument) =>
        inputOf(argumentCoordinate(coordinate, argument.name.value), argument),
      ),
    ]),
    ...definitions.flatMap(membersOf),
  ];
}

function typeOf(node: DefinitionNode): readonly Describable[] {
  const isType =
    (hasFields(node) && !node.kind.endsWith('Extension')) ||
    node.kind === Kind.UNION_TYPE_DEFINITION ||
    node.kind === Kind.ENUM_TYPE_DEFINITION ||
    node.kind === Kind.SCALAR_TYPE_DEFINITION ||
    node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION;
  if (!isType || ROOTS.includes(node.name.value) || isHidden(node)) return [];
  return [{ coordinate: node.name.value, node, severity: 'ERROR', what: 'The type' }];
}

function membersOf(node: DefinitionNode): readonly Describable[] {
  if (node.kind === Kind.ENUM_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_EXTENSION)
    return (node.values ?? []).flatMap((value) =>
      isHidden(value)
        ? []
        : [
            {
              coordinate: `${node.name.value}.${value.name.value}`,
              node: value,
              severity: 'WARNING' as const,
              what: 'The value',
            },
          ],
    );
  if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION || node.kind === Kind.INPUT_OBJECT_TYPE_EXTENSION)
    return (node.fields ?? []).flatMap((field) => inputOf(`${node.name.value}.${field.name.value}`, field));
  return [];
}

function inputOf(coordinate: string, node: InputValueDefinitionNode): readonly Describable[] {
  return isHidden(node)
    ? []
    : [{ coordinate, node, severity: 'WARNING', what: coordinate.endsWith(')') ? 'The argument' : 'The input field' }];
}

function isHidden({ directives }: { readonly directives?: readonly ConstDirectiveNode[] | undefined }): boolean {
  return named(directives, 'inaccessible').length > 0;
}

/** `"Issued on."` before `issuedOn`. */
function saysNothing(coordinate: string, text: string): boolean {
  const name = coordinate.replace(/:\)$/, '').split(/[.(]/).at(-1) ?? '';
  return lettersOf(text) === lettersOf(name);
}

const lettersOf = (text: string): string => text.toLowerCase().replace(/[\s\p{P}]|^the\s/gu, '');
