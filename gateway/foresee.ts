import { setImmediate as turn } from 'node:timers/promises';
import { getOperationAST, parse, validate } from 'graphql';
import { grantView } from '../sharing/policy/grant.ts';
import type { Steps } from './answer-operation.ts';
import { ANYBODY } from './authenticate.ts';
import { authoriser } from './authorise.ts';

/** An operation that somebody is going to ask. */
export interface Foreseen {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Plans operations as for somebody who may have all of them, so that whoever asks first does not wait for the plan. Nothing is
 * fetched, and no decision is made or kept: that is done when they are asked. Other requests are answered between two of them.
 * @param onFailed told what cannot be planned: whoever asks it will hear, and everybody else must not wait for it.
 */
export async function foresee(
  { supergraph, table, limit, plan }: Pick<Steps, 'supergraph' | 'table' | 'limit' | 'plan'>,
  operations: readonly Foreseen[],
  onFailed: (thrown: unknown) => void,
): Promise<void> {
  const authorise = authoriser(supergraph, { open: true });
  const policy = { table, grants: grantView(0, []), stale: false };
  for (const { query, variables } of operations) {
    await turn();
    try {
      const document = parse(query);
      const operation = getOperationAST(document);
      // A release may lack what the pages of this program show.
      if (!operation || validate(supergraph.apiSchema, document).length > 0) continue;
      limit(document, operation, variables);
      const asking = { source: query, document, operation, variables, caller: ANYBODY };
      const { pruned } = authorise(asking, policy, Date.now());
      if (pruned) plan(pruned);
    } catch (thrown) {
      onFailed(thrown);
    }
  }
}
