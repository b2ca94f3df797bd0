import { type DocumentNode, getVariableValues, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { HubError } from '../lib/errors.ts';
import type { PolicyTable } from '../schema/policy-table.ts';
import type { Policy } from '../sharing/policy/decide.ts';
import type { GrantView } from '../sharing/policy/grant.ts';
import { answer, type Answer } from './answer.ts';
import { type Asking, type Authorise, type Authorised } from './authorise.ts';
import type { Execute } from './execute.ts';
import { variableProblem } from './given-values.ts';
import type { Limit } from './limit.ts';
import { normalised } from './operation.ts';
import type { Planner } from './plan.ts';
import { QUOTA_EXCEEDED, type Reserve, type Reserved } from './quota.ts';
import type { BuiltSupergraph } from './supergraph.ts';
import type { Trail } from './trail.ts';

/** The grants as this gateway knows them now. */
export interface PolicySource {
  view(): GrantView;
  stale(): boolean;
}

/** The steps of one release, built once. */
export interface Steps extends Planner {
  readonly supergraph: BuiltSupergraph;
  readonly table: PolicyTable;
  readonly grants: PolicySource;
  readonly limit: Limit;
  readonly authorise: Authorise;
  readonly execute: Execute;
  readonly reserve: Reserve;
  readonly subjectKey: string;
  /** Milliseconds a mutation may take; as long as a query where it is absent. */
  readonly actionTimeoutMs?: number | undefined;
  /** When resources were last brought up to date, by type. */
  readonly freshness: () => ReadonlyMap<string, Date>;
}

export interface OperationRequest {
  readonly source: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Steps 3 to 7 for one authenticated operation; what happened is left in the trail for the record. */
export async function answerOperation(steps: Steps, request: OperationRequest, trail: Trail): Promise<Answer> {
  trail.operation = normalised(request.document, request.operation);
  trail.release = steps.supergraph.release;
  if (request.operation.operation === OperationTypeNode.SUBSCRIPTION)
    throw new HubError('NOT_SERVED', 'Subscriptions are not served here. Ask by a query.');
  // Whoever does not hear how an action ended has to look it up.
  if (request.operation.operation === OperationTypeNode.MUTATION && trail.gone && steps.actionTimeoutMs !== undefined)
    trail.signal = AbortSignal.any([trail.gone, AbortSignal.timeout(steps.actionTimeoutMs)]);
  trail.outcome = 'LIMIT';
  const variables = coerced(steps.supergraph, request, trail);
  steps.limit(request.document, request.operation, variables);
  trail.outcome = 'ERROR';
  const asking: Asking = { ...request, variables, caller: trail.caller };
  const { authorised, data, reserved } = await decideAndFetch(steps, asking, trail);
  const result = answer(data, authorised, trail, {
    resources: steps.table.resources,
    subjectKey: steps.subjectKey,
    freshness: steps.freshness(),
  });
  await settle(reserved, trail);
  conclude(trail, authorised, result);
  return result;
}

/**
 * Authorises, plans and executes. Grants may change while subgraphs answer: then everything is decided again, and what a
 * changed decision leaves is fetched afresh, so that no answer shows what was revoked before its first byte.
 */
async function decideAndFetch(
  steps: Steps,
  asking: Asking,
  trail: Trail,
): Promise<{ authorised: Authorised; data: Record<string, unknown> | null; reserved: Reserved }> {
  let authorised = decideNow(steps, asking);
  for (let attempt = 0; attempt < 2; attempt++) {
    trail.epoch = authorised.epoch;
    const reserved = await withinQuota(trail, () => steps.reserve(authorised, asking.variables));
    const data = await fetched(steps, { authorised, reserved, variables: asking.variables }, trail);
    const now = decideNow(steps, asking);
    trail.epoch = now.epoch;
    if (sameRights(authorised, now)) return { authorised: now, data, reserved };
    await reserved.release();
    // 200, as whoever repeats a request that failed would act twice.
    if (asking.operation.operation === OperationTypeNode.MUTATION)
      throw policyChanged(
        'the action was being carried out: its answer is not shown. Do not repeat it, look it up.',
        200,
      );
    authorised = now;
    trail.failures = [];
  }
  throw policyChanged('the answer was being computed. Ask again.', 503);
}

/** What the subgraphs give, empty where nothing is asked of them. What was taken of a quota goes back where that fails. */
async function fetched(
  steps: Steps,
  { authorised, reserved, variables }: { authorised: Authorised; reserved: Reserved; variables: Asking['variables'] },
  trail: Trail,
): Promise<Record<string, unknown> | null> {
  if (!authorised.pruned) return {};
  try {
    const plan = steps.plan(authorised.pruned);
    return await steps.execute({ plan, authorised, variables, trail });
  } catch (thrown) {
    await reserved.release();
    throw thrown;
  }
}

async function settle(reserved: Reserved, trail: Trail): Promise<void> {
  try {
    await withinQuota(trail, () => reserved.settle(trail.charges));
  } catch (thrown) {
    // Nothing of what was fetched is shown, and the record must not say so.
    trail.rows.clear();
    trail.subjects.clear();
    throw thrown;
  }
}

async function withinQuota<Done>(trail: Trail, action: () => Promise<Done>): Promise<Done> {
  try {
    return await action();
  } catch (thrown) {
    if (thrown instanceof HubError && thrown.code === QUOTA_EXCEEDED) trail.outcome = 'LIMIT';
    throw thrown;
  }
}

function policyChanged(meanwhile: string, status: number): HubError {
  return new HubError('POLICY_CHANGED', `Grants changed while ${meanwhile}`, { http: { status } });
}

function decideNow({ authorise, grants, table }: Steps, asking: Asking): Authorised {
  const policy: Policy = { table, grants: grants.view(), stale: grants.stale() };
  return authorise(asking, policy, Date.now());
}

function sameRights(before: Authorised, now: Authorised): boolean {
  return (
    before === now ||
    (before.pruned?.text === now.pruned?.text &&
      JSON.stringify([before.masked, before.scopes, before.quotas]) ===
        JSON.stringify([now.masked, now.scopes, now.quotas]))
  );
}

/** @throws the first GraphQL error of the variables; values are not repeated in it. */
function coerced({ apiSchema }: BuiltSupergraph, request: OperationRequest, trail: Trail): Record<string, unknown> {
  const result = getVariableValues(apiSchema, request.operation.variableDefinitions ?? [], request.variables, {
    maxErrors: 5,
  });
  if (!result.errors) return result.coerced;
  trail.outcome = 'INVALID';
  throw new HubError('BAD_USER_INPUT', result.errors.map(variableProblem).join(' '));
}

function conclude(trail: Trail, authorised: Authorised, { data }: Answer): void {
  const masked = new Set(authorised.masked.map(({ coordinate }) => coordinate));
  const denied = new Map(
    authorised.refusals.map(({ coordinate, reason }) => [`${coordinate} ${reason}`, { coordinate, reason }]),
  );
  trail.grants = authorised.grants;
  trail.items = {
    allowed: authorised.asked.filter((coordinate) => !masked.has(coordinate)),
    masked: [...masked].sort(),
    denied: [...denied.values()],
  };
  trail.outcome = outcomeOf(trail, authorised, data);
}

function outcomeOf(trail: Trail, authorised: Authorised, data: Answer['data']): Trail['outcome'] {
  if (trail.signal.aborted)
    return (trail.signal.reason as Error | undefined)?.name === 'TimeoutError' ? 'TIMEOUT' : 'CANCELLED';
  if (authorised.refusals.length > 0 && (data === null || authorised.pruned === undefined)) return 'REFUSED';
  if (trail.failures.some(({ code }) => code === 'SUBGRAPH_TIMEOUT')) return 'TIMEOUT';
  if (authorised.refusals.length + authorised.masked.length + trail.failures.length > 0) return 'PARTIAL';
  return 'ANSWERED';
}
