import { parsedSubgraph } from '../documents.ts';
import type { SubgraphSource } from '../policy-table.ts';
import { readPolicy } from '../read-policy.ts';
import { maskCombination } from './mask-combination.ts';
import type { Finding, Rule } from './rule.ts';
import { undeclaredFilter } from './undeclared-filter.ts';

export const RULES: readonly Rule[] = [undeclaredFilter, maskCombination];

/**
 * What is wrong with the schemas of subgraphs, each by itself and all together, as far as rules can tell.
 * @throws GraphQLError where an SDL cannot be read, HubError POLICY_CONFLICT.
 */
export function lint(sources: readonly SubgraphSource[]): readonly Finding[] {
  const policy = readPolicy(sources);
  return sources
    .map(parsedSubgraph)
    .flatMap((subgraph) =>
      RULES.flatMap((rule) =>
        rule.check(subgraph, policy).map((found) => ({ rule: rule.name, subgraph: subgraph.name, ...found })),
      ),
    );
}
