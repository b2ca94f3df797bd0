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
import { type Caller, isAggregateOnly } from '../lib/caller.ts';
import { HubError, messageOf } from '../lib/errors.ts';
import { aggregateSchema, nothingServed } from '../schema/aggregate-schema.ts';
import type { Composition } from '../schema/compose.ts';
import type { ItemPolicy, Mask, PolicyTable, SharingClass } from '../schema/policy-table.ts';
import type { Decision } from '../sharing/policy/decide.ts';
import {
  type Grant,
  grantKey,
  type GrantView,
  type Obligation,
  type Quota,
  type Use,
} from '../sharing/policy/grant.ts';
import { howToApply } from '../sharing/policy/how-to-apply.ts';

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

/** What the endpoint would do with a query of this caller at this moment, and why: for owners, auditors and operators. */
export interface Explanation {
  readonly view: 'full';
  /** Names the decision on the whole of it: the operation, the caller, the epoch, and until when it holds. */
  readonly decision: string;
  readonly caller: Caller;
  readonly release: string;
  readonly epoch: number;
  readonly items: readonly ExplainedItem[];
  /** The grants of the caller that cover any of the items, those not relied on included. */
  readonly grants: readonly ExplainedGrant[];
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
  /** What its owner says of it; null where no subgraph classified it. */
  readonly rule: ExplainedRule | null;
  /** Ids of the grants it relies on. */
  readonly grants: readonly string[];
  /** Codes of the divisions of whose rows it is allowed; `*` is everywhere. */
  readonly divisions: readonly string[];
  /** What the decision turned on of the caller; null where the token does not say it. */
  readonly turnsOn: Readonly<Partial<Record<keyof Caller, string | readonly string[] | null>>>;
  /** Where it is not shown as it is: what the asker can do. */
  readonly howToApply: string | null;
  /** When the decision has to be made again if no grant is changed; null where it holds for good. */
  readonly until: string | null;
}

export interface ExplainedRule {
  readonly class: SharingClass;
  readonly mask: Mask | null;
  readonly basis: string | null;
  readonly subgraph: string;
}

export interface ExplainedGrant {
  readonly id: string;
  readonly owner: string;
  readonly state: 'NOT_YET' | 'IN_FORCE' | 'ENDED';
  readonly from: string;
  readonly until: string;
  readonly divisions: readonly string[];
  readonly purpose: string;
  readonly basis: string;
  readonly quota: Quota | null;
  readonly obligations: readonly Obligation[];
}

/** What the one who asks may know: no rule, grant, epoch or plan, and nothing that depends on the data. */
export interface AskersExplanation {
  readonly view: 'asker';
  readonly decision: string;
  readonly items: readonly AskersItem[];
}

export interface AskersItem {
  readonly coordinate: string;
  /** ALLOWED, MASKED, or the reason of the refusal. */
  readonly code: string;
  readonly owner: string | null;
  /** The use that a grant would have to cover. */
  readonly use: Use;
  readonly howToApply: string | null;
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
  const supergraph = servedTo(caller, composition);
  const { document, operation, variables } = readQuery(supergraph, explaining);
  limiter(supergraph.apiSchema, explaining.limits)(document, operation, variables);

  const decided: Decided[] = [];
  const authorise = authoriser(supergraph, { onDecision: (each) => decided.push(each) });
  const policy = { table: composition.policy, grants, stale: false };
  const authorised = authorise({ source: explaining.query, document, operation, variables, caller }, policy, at);
  const items = distinct(decided);
  return {
    view: 'full',
    decision: authorised.id.slice(0, SHORT),
    caller,
    release: supergraph.release,
    epoch: authorised.epoch,
    items: items.map((each) => explained(each, composition.policy, caller)),
    grants: covering(grants, caller, items).map((grant) => explainedGrant(grant, at)),
    operation: authorised.pruned?.text ?? null,
    plan: authorised.pruned ? planned(supergraph, authorised.pruned) : null,
  };
}

/** Characters of an id that tell two decisions apart. */
const SHORT = 12;

/** What an explanation may say to the one who asked. */
export function askersView({ decision, items }: Explanation): AskersExplanation {
  const codes = { ALLOW: () => 'ALLOWED', MASK: () => 'MASKED', DENY: (reason: string) => reason };
  return {
    view: 'asker',
    decision,
    items: items.map(({ coordinate, decision: kind, reason, owner, use, howToApply }) => {
      return { coordinate, code: codes[kind](reason), owner, use, howToApply };
    }),
  };
}

/** The supergraph with the schema that the endpoint serves this caller. */
function servedTo(caller: Caller, { supergraphSdl, policy }: Composition): BuiltSupergraph {
  const supergraph = buildSupergraph(supergraphSdl);
  if (!isAggregateOnly(caller)) return supergraph;
  const apiSchema = aggregateSchema(supergraph.apiSchema, policy);
  if (!apiSchema) throw nothingServed();
  return { ...supergraph, apiSchema };
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
  if (!apiSchema.getRootType(operation.operation)) throw badQuery([`No ${operation.operation} is served here.`]);
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
  const reason = reasonOf(decision, {
    use,
    own: item?.owner === caller.department,
    free: item?.class === 'UNCONDITIONAL',
  });
  return {
    coordinate,
    use,
    decision: kind,
    reason,
    owner: item?.owner ?? null,
    rule: item ? ruleOf(item) : null,
    grants: kind === 'ALLOW' ? decision.grants : [],
    divisions: kind === 'ALLOW' ? decision.divisions : [],
    turnsOn: Object.fromEntries((TURNS_ON[reason] ?? HOLDER).map((name) => [name, caller[name] ?? null])),
    howToApply: remedy({ coordinate, use, decision }, table, caller),
    until: Number.isFinite(validUntil) ? new Date(validUntil).toISOString() : null,
  };
}

const HOLDER = ['department', 'application', 'purpose'] as const;

/** What of the caller each reason turns on; where none is named, who holds a grant. */
const TURNS_ON: Readonly<Record<string, readonly (keyof Caller)[]>> = {
  UNCONDITIONAL: [],
  NOT_CLASSIFIED: [],
  OWN: ['department'],
  WITHHELD: ['department'],
  ROLE: ['roles'],
  NOT_AN_ACTOR: ['roles'],
  ACCESS_REQUIREMENT: ['roles', 'scopes'],
  OFFICER_REQUIRED: [...HOLDER, 'officer'],
};

function ruleOf({ class: shared, mask, basis, subgraph }: ItemPolicy): ExplainedRule | null {
  return shared === undefined ? null : { class: shared, mask: mask ?? null, basis: basis ?? null, subgraph };
}

/** As the endpoint says it; what is masked would be shown by a grant. */
function remedy({ coordinate, use, decision }: Decided, table: PolicyTable, caller: Caller): string | null {
  if (decision.kind === 'ALLOW') return null;
  const reason = decision.kind === 'DENY' ? decision.reason : caller.purpose === undefined ? 'NO_PURPOSE' : 'NO_GRANT';
  const refusal = { path: [], coordinate, use, reason, owner: table.items.get(coordinate)?.owner };
  return howToApply(refusal, caller, { byMutation: table.resources.has('SharingRequest') });
}

function covering(grants: GrantView, caller: Caller, decided: readonly Decided[]): readonly Grant[] {
  const held = grants.byHolder.get(grantKey(caller)) ?? [];
  const ordered = [...held].sort((one, other) => (one.id < other.id ? -1 : 1));
  return ordered.filter(({ items }) =>
    decided.some(({ coordinate, use }) =>
      items.some((item) => item.coordinate === coordinate && item.uses.includes(use)),
    ),
  );
}

function explainedGrant(grant: Grant, at: number): ExplainedGrant {
  const { id, owner, validFrom, validUntil, divisions, purpose, basis, quota, obligations } = grant;
  return {
    id,
    owner,
    state: at < validFrom ? 'NOT_YET' : at < validUntil ? 'IN_FORCE' : 'ENDED',
    from: new Date(validFrom).toISOString(),
    until: new Date(validUntil).toISOString(),
    divisions,
    purpose,
    basis,
    quota: quota ?? null,
    obligations: obligations ?? [],
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
  const { queryPlan } = planner(supergraph).plan(pruned);
  return {
    text: prettyFormatQueryPlan(queryPlan),
    fetches: fetchesOf(queryPlan).map(({ serviceName, operation }) => ({
      subgraph: serviceName,
      operation: print(parse(operation)),
    })),
  };
}
