import { prettyFormatQueryPlan } from '@apollo/query-planner';
import {
  type DocumentNode,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  print,
  validate,
} from 'graphql';
import { authoriser, type Decided } from '../gateway/authorise.ts';
import { limiter, type Limits } from '../gateway/limit.ts';
import { fetchesOf, planner } from '../gateway/plan.ts';
import { type BuiltSupergraph, buildSupergraph } from '../gateway/supergraph.ts';
import type { Caller } from '../lib/caller.ts';
import { HubError, messageOf } from '../lib/errors.ts';
import type { Composition } from '../schema/compose.ts';
import type { PolicyTable } from '../schema/policy-table.ts';
import type { Decision } from '../sharing/policy/decide.ts';
import type { GrantView, Use } from '../sharing/policy/grant.ts';

export interface Explaining {
  readonly composition: Composition;
  readonly grants: GrantView;
  readonly limits: Limits;
  readonly caller: Caller;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What the endpoint would do with a query of this caller at this moment. */
export interface Explanation {
  readonly caller: Caller;
  readonly release: string;
  readonly epoch: number;
  readonly items: readonly ExplainedItem[];
  /** What would be asked of the subgraphs; null where nothing is left of the query. */
  readonly operation: string | null;
  readonly plan: ExplainedPlan | null;
}

export interface ExplainedItem {
  readonly coordinate: string;
  /** What the query does with it: shows it, or reads it by an argument or for another item. */
  readonly use: Use;
  readonly decision: Decision['kind'];
  /** Why: the class, the right or the mask it is decided by, or the reason of the refusal. */
  readonly reason: string;
  readonly owner: string | null;
  readonly grants: readonly string[];
  /** When the decision has to be made again if no grant is changed; null where it holds for good. */
  readonly until: string | null;
}

export interface ExplainedPlan {
  /** As the planner prints it. */
  readonly text: string;
  readonly fetches: readonly { readonly subgraph: string; readonly operation: string }[];
}

/**
 * Decides and plans a query as the endpoint does, and asks no subgraph.
 * @throws HubError BAD_QUERY or LIMIT_EXCEEDED, as the endpoint would refuse it.
 */
export function explain(explaining: Explaining): Explanation {
  const { composition, grants, caller, at } = explaining;
  const supergraph = buildSupergraph(composition.supergraphSdl);
  const { document, operation, variables } = readQuery(supergraph, explaining);
  limiter(supergraph.apiSchema, explaining.limits)(document, operation, variables);

  const decided: Decided[] = [];
  const authorise = authoriser(supergraph, { onDecision: (each) => decided.push(each) });
  const policy = { table: composition.policy, grants, stale: false };
  const authorised = authorise({ source: explaining.query, document, operation, variables, caller }, policy, at);
  return {
    caller,
    release: supergraph.release,
    epoch: authorised.epoch,
    items: distinct(decided).map((each) => explained(each, composition.policy, caller)),
    operation: authorised.pruned?.text ?? null,
    plan: authorised.pruned ? planned(supergraph, authorised.pruned) : null,
  };
}

interface ReadQuery {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

function readQuery({ apiSchema }: BuiltSupergraph, { query, operationName, variables = {} }: Explaining): ReadQuery {
  const document = parsed(query);
  const problems = validate(apiSchema, document);
  if (problems.length > 0) throw badQuery(problems.map(messageOf));
  const operation = getOperationAST(document, operationName);
  if (!operation) throw badQuery(['Name the operation to explain: there is not exactly one.']);
  const coerced = getVariableValues(apiSchema, operation.variableDefinitions ?? [], variables);
  if (coerced.errors) throw badQuery(coerced.errors.map(messageOf));
  return { document, operation, variables: coerced.coerced };
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query);
  } catch (thrown) {
    throw badQuery([messageOf(thrown)]);
  }
}

function badQuery(problems: readonly string[]): HubError {
  return new HubError('BAD_QUERY', problems.join('\n'));
}

/** An item that is met several times is decided alike each time. */
function distinct(decided: readonly Decided[]): readonly Decided[] {
  return [...new Map(decided.map((each) => [`${each.coordinate} ${each.use}`, each])).values()];
}

function explained({ coordinate, use, decision }: Decided, table: PolicyTable, caller: Caller): ExplainedItem {
  const item = table.items.get(coordinate);
  const { kind, validUntil } = decision;
  return {
    coordinate,
    use,
    decision: kind,
    reason: reasonOf(decision, { use, own: item?.owner === caller.department, free: item?.class === 'UNCONDITIONAL' }),
    owner: item?.owner ?? null,
    grants: kind === 'ALLOW' ? decision.grants : [],
    until: Number.isFinite(validUntil) ? new Date(validUntil).toISOString() : null,
  };
}

function reasonOf(decision: Decision, { use, own, free }: { use: Use; own: boolean; free: boolean }): string {
  if (decision.kind === 'DENY') return decision.reason;
  if (decision.kind === 'MASK') return decision.mask;
  if (decision.grants.length > 0) return 'GRANT';
  if (use === 'WRITE') return 'ROLE';
  return free ? 'UNCONDITIONAL' : own ? 'OWN' : 'GRANT';
}

function planned(supergraph: BuiltSupergraph, pruned: { document: DocumentNode; text: string }): ExplainedPlan {
  const { queryPlan } = planner(supergraph)(pruned);
  return {
    text: prettyFormatQueryPlan(queryPlan),
    fetches: fetchesOf(queryPlan).map(({ serviceName, operation }) => ({
      subgraph: serviceName,
      operation: print(parse(operation)),
    })),
  };
}
