import {
  type ConstDirectiveNode,
  getNamedType,
  type GraphQLDirective,
  type GraphQLInputType,
  isEnumType,
  isRequiredArgument,
  print,
  valueFromAST,
} from 'graphql';
import { argumentsOf } from '../directives.ts';
import { nearestName } from '../../lib/nearest-name.ts';
import { fieldSetOf, type LintedSubgraph } from './contract.ts';
import { directiveUses, SHARING_DIRECTIVES } from './directive-uses.ts';
import { type Found, lineOf, type Rule } from './rule.ts';

const FIELD_SETS = ['key', 'requires', 'provides'];

/** A directive that says something nobody understands. */
export const directiveArguments: Rule = {
  name: 'directive-arguments',
  asks: 'Directives say what exists: classes, masks, update cycles, fields of keys.',
  why: 'A class, mask or update cycle that does not exist, or an argument that is spelt otherwise, would leave an item without its policy. A mask on an item that is shared without conditions is never applied.',
  good: 'type Person { phone: String @sharing(class: CONDITIONAL, mask: PHONE) }',
  bad: 'type Person { phone: String @sharing(class: CONDITIONED, masks: PHONE) }',
  check: (subgraph) =>
    directiveUses(subgraph.definitions).flatMap(({ coordinate, type, directive }) => {
      const known = SHARING_DIRECTIVES.get(directive.name.value);
      const problems = known
        ? [...inArguments(directive, known), ...idleMask(directive)]
        : fieldSet(directive, type, subgraph);
      return problems.map(([severity, problem, fix]) => ({
        severity,
        coordinate,
        line: lineOf(directive),
        problem: `@${directive.name.value}${problem}`,
        fix,
      }));
    }),
};

type Problem = readonly [severity: Found['severity'], problem: string, fix: string];

function inArguments(node: ConstDirectiveNode, { args }: GraphQLDirective): readonly Problem[] {
  const given = node.arguments ?? [];
  const names = args.map(({ name }) => name);
  return [
    ...given.flatMap(({ name, value }): readonly Problem[] => {
      const argument = args.find((each) => each.name === name.value);
      if (!argument) {
        const meant = nearestName(name.value, names);
        return [
          [
            'ERROR',
            ` has no argument ${name.value}.`,
            meant === undefined ? `It takes ${names.join(', ')}.` : `Did you mean ${meant}?`,
          ],
        ];
      }
      if (valueFromAST(value, argument.type) !== undefined) return [];
      return [
        [
          'ERROR',
          `(${name.value}: ${print(value)}) is no ${String(argument.type)}.`,
          `Write ${allowed(argument.type)}`,
        ],
      ];
    }),
    ...args
      .filter((argument) => isRequiredArgument(argument) && !given.some(({ name }) => name.value === argument.name))
      .map(({ name, type }): Problem => ['ERROR', ` says no ${name}.`, `Add ${name}: ${allowed(type)}`]),
  ];
}

/** What may be written, as the end of a sentence. */
function allowed(type: GraphQLInputType): string {
  const named = getNamedType(type);
  if (!isEnumType(named)) return `a value of the type ${String(type)}.`;
  const values = named.getValues().map(({ name }) => name);
  return `one of ${values.join(', ')}.`;
}

function idleMask(node: ConstDirectiveNode): readonly Problem[] {
  const { class: of, mask } = argumentsOf(node);
  return node.name.value === 'sharing' && of === 'UNCONDITIONAL' && mask !== undefined && mask !== null
    ? [
        [
          'WARNING',
          ' masks what is shared without conditions: the mask is never applied.',
          'Make it CONDITIONAL, or leave the mask out.',
        ],
      ]
    : [];
}

function fieldSet(node: ConstDirectiveNode, type: string, { typeOf }: LintedSubgraph): readonly Problem[] {
  if (!FIELD_SETS.includes(node.name.value)) return [];
  const of = node.name.value === 'provides' ? 'of the type it returns' : `of ${type}`;
  const items = fieldSetOf(type, node, typeOf);
  if (items === undefined)
    return [['ERROR', ' names no fields that can be read.', `Write fields: "…" with the names of fields ${of}.`]];
  const unknown =
    node.name.value === 'provides' ? undefined : items.find((item) => typeOf(...pair(item)) === undefined);
  return unknown === undefined
    ? []
    : [
        [
          'ERROR',
          ` names ${unknown}, which is not in this schema.`,
          `Name fields ${of}, and declare here the ones of others.`,
        ],
      ];
}

function pair(coordinate: string): [type: string, field: string] {
  const [type = '', field = ''] = coordinate.split('.');
  return [type, field];
}
