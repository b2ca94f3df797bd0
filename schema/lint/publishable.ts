import { GraphQLError } from 'graphql';
import { parsedSubgraph } from '../documents.ts';
import { refuseForeignKeys } from '../foreign-keys.ts';
import { refuseForeignOverrides } from '../foreign-overrides.ts';
import { refuseIdleInterfacePolicies } from '../interface-policies.ts';
import { refuseTakenRows } from '../kept-rows.ts';
import { readPolicy } from '../read-policy.ts';
import { refuseUnconfirmable } from '../row-scoped-types.ts';
import { type Contract, hasFields, type LintedSubgraph } from './contract.ts';
import { lineOf, type Rule } from './rule.ts';

/** Everything else for which the hub refuses to read a policy, in its own words. */
export const publishable: Rule = {
  name: 'publishable',
  asks: 'The hub can tell who decides on every item.',
  why: 'When subgraphs are published, the hub reads their policies together and refuses those from which it could not tell who decides: keys made of what another department protects, resources that two departments claim, rows whose references nobody can confirm, persons without a key to count them by.',
  good: '"A natural person." type Person @key(fields: "ref") @personal @sharing(class: UNCONDITIONAL) { ref: ID! @inaccessible }',
  bad: '"A natural person." type Person @personal @sharing(class: UNCONDITIONAL) { ref: ID! @inaccessible }',
  check: (subgraph, contract) => {
    const refusal = refusalOf(contract);
    if (refusal === undefined) return [];
    const [coordinate = ''] = /[A-Z]\w*(\.\w+)?(\(\w+:\))?/.exec(refusal) ?? [];
    const at = placeOf(coordinate, subgraph);
    const isHere = at !== undefined && contract.subgraphs.find((each) => placeOf(coordinate, each)) === subgraph;
    const isNowhere = !contract.subgraphs.some((each) => placeOf(coordinate, each));
    if (!isHere && !(isNowhere && contract.subgraphs[0] === subgraph)) return [];
    const [problem = refusal, ...fix] = refusal.split(/(?<=[:.]) /);
    return [
      {
        severity: 'ERROR',
        coordinate: at === undefined ? '' : coordinate,
        line: at ?? 1,
        problem: problem.replace(/:$/, '.'),
        fix: sentence(fix.join(' ')) || 'Change what it names.',
      },
    ];
  },
};

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const refusals = new WeakMap<Contract, readonly string[]>();

/** The first thing for which these could not be published together. */
function refusalOf(contract: Contract): string | undefined {
  const known = refusals.get(contract) ?? readRefusal(contract);
  refusals.set(contract, known);
  return known[0];
}

function readRefusal({ subgraphs }: Contract): readonly string[] {
  const sources = subgraphs.map(({ canonical }) => canonical);
  try {
    const policy = readPolicy(sources);
    const parsed = sources.map(parsedSubgraph);
    refuseUnconfirmable(parsed, policy);
    refuseForeignKeys(parsed, policy);
    refuseForeignOverrides(parsed);
    refuseTakenRows(parsed, policy);
    refuseIdleInterfacePolicies(parsed, policy);
    return [];
  } catch (thrown) {
    // A HubError is one.
    if (thrown instanceof GraphQLError) return [thrown.message];
    throw thrown;
  }
}

/** The line of a coordinate in one subgraph, or of its type. */
function placeOf(coordinate: string, { definitions, fields }: LintedSubgraph): number | undefined {
  const [item = ''] = coordinate.split('(');
  const field = fields.find((each) => each.coordinate === item);
  if (field) return lineOf(field.node);
  const type = definitions.find((node) => hasFields(node) && node.name.value === item);
  return type && lineOf(type);
}
