import { HeaderMap } from '@apollo/server';
import type { Logger } from 'pino';
import { type Caller, isAggregateOnly } from '../lib/caller.ts';
import { HubError } from '../lib/errors.ts';
import type { SigningKey } from '../lib/signed-context.ts';
import type { SubgraphTransport } from '../lib/transport.ts';
import { aggregateSchema, nothingServed } from '../schema/aggregate-schema.ts';
import type { PolicyTable } from '../schema/policy-table.ts';
import type { Outcome } from '../sharing/store/audit-entry.ts';
import type { AuditLog } from '../sharing/store/audit-log.ts';
import type { QuotaStore } from '../sharing/store/quota-store.ts';
import { answerOperation, type PolicySource, type Steps } from './answer-operation.ts';
import { startApollo, unexpected } from './apollo.ts';
import { ANYBODY, type Authenticate, type Authenticated, AuthenticationError } from './authenticate.ts';
import { authoriser } from './authorise.ts';
import { contextSigner } from './contexts.ts';
import { executor } from './execute.ts';
import { foresee, type Foreseen } from './foresee.ts';
import { type Limits, limiter } from './limit.ts';
import { planner } from './plan.ts';
import { warm } from './warm.ts';
import { NOTHING_TAKEN, quotaKeeper } from './quota.ts';
import { type RateLimit, rateLimiter } from './rate.ts';
import { failureRecorder, recordRequest } from './record.ts';
import type { BuiltSupergraph } from './supergraph.ts';
import { beginTrail, type Trail } from './trail.ts';

/** An HTTP request for GraphQL, its body parsed as JSON. */
export interface Question {
  readonly method: string;
  readonly search: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
  /** Network address it came from. */
  readonly address: string;
  readonly requestId: string;
  readonly traceparent: string;
  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a supergraph is served with; replaced as a whole when a new one comes. */
export interface Release {
  readonly supergraph: BuiltSupergraph;
  readonly table: PolicyTable;
  readonly transports: ReadonlyMap<string, SubgraphTransport>;
}

export interface GatewayOptions {
  readonly release: Release;
  readonly grants: PolicySource;
  /** Absent on a gateway that is open to everybody: then nothing is authenticated, decided or recorded. */
  readonly sharing:
    | {
        readonly authenticate: Authenticate;
        readonly audit: AuditLog;
        readonly quotas: QuotaStore;
        readonly contextKey: () => Promise<SigningKey>;
      }
    | undefined;
  readonly subjectKey: Buffer;
  /** When resources were last brought up to date, by type; told in answers that show them. */
  readonly freshness?: (() => ReadonlyMap<string, Date>) | undefined;
  readonly logger: Logger;
  readonly limits?: Limits | undefined;
  readonly rate?: RateLimit | undefined;
  readonly requestTimeoutMs: number;
  readonly subgraphTimeoutMs: number;
  /** Of a mutation, and of each fetch for it; as long as others where it is absent. */
  readonly actionTimeoutMs?: number | undefined;
  /** Called when a request has come; what it returns, when it has been answered. */
  readonly onBegan?: (() => () => void) | undefined;
  readonly onFetch?: ((subgraph: string, outcome: 'ok' | 'error', milliseconds: number) => void) | undefined;
  readonly onAnswered?: ((outcome: Outcome, milliseconds: number, trail: Trail) => void) | undefined;
}

export interface Gateway {
  /** Answers one HTTP request; never rejects. */
  answer(question: Question): Promise<Reply>;
  /** Serves a new supergraph from the next request on; requests in flight finish on the one they began with. */
  replace(release: Release): void;
  /** Plans for a new supergraph what was asked last; resolves with what puts it in the place of the one served. */
  prepare(release: Release): Promise<() => void>;
  /** Plans operations before they are asked, for callers with these roles. */
  foresee(operations: readonly Foreseen[], roles: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Whom a schema is for. Each has steps of its own, so that nothing that is remembered of one is found by the other. */
interface Audiences {
  readonly everybody: Steps;
  /** Callers who see no row; undefined where the schema has nothing else. */
  readonly aggregates: Steps | undefined;
}

/** Which of the purposes that the token allows a call is for. */
const PURPOSE_HEADER = 'sharing-purpose';

const UNKNOWN: ReadonlyMap<string, Date> = new Map();

/**
 * The one endpoint. A request goes through these steps, one file each:
 * receive (lib/http-server, apollo) → authenticate → limit (rate, limit) → authorise (decide-field, prune) → reserve (quota) →
 * plan → execute → answer → settle (quota) → record.
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { sharing, logger } = options;
  let steps = audiencesOf(options, options.release);
  const listeners: (() => void)[] = [];
  const open = (audience: keyof Audiences): ReturnType<typeof startApollo> =>
    startApollo(
      () => steps[audience]?.supergraph,
      (request, trail) => {
        const now = steps[audience];
        if (!now) throw nothingServed();
        return answerOperation(now, request, trail);
      },
      { logger, onUpdate: (listener) => listeners.push(listener) },
    );
  const doors: Partial<Record<keyof Audiences, ReturnType<typeof startApollo>>> = { everybody: open('everybody') };
  await doors.everybody;
  const failures = sharing && failureRecorder(sharing.audit, logger);
  const rate = rateLimiter(options.rate);

  const authenticated = async (question: Question): Promise<Authenticated> => {
    if (!sharing) return { caller: ANYBODY };
    const { authorization, [PURPOSE_HEADER]: purpose } = question.headers;
    try {
      return await sharing.authenticate(
        typeof authorization === 'string' ? authorization : undefined,
        Array.isArray(purpose) ? purpose.join() : purpose,
      );
    } catch (thrown) {
      if (thrown instanceof AuthenticationError) await failures?.record({ ...question, reason: thrown.reason });
      throw thrown;
    }
  };

  const answer = async (question: Question): Promise<Reply> => {
    const startedAt = performance.now();
    const { caller, token } = await authenticated(question);
    const signal = AbortSignal.any([question.signal, AbortSignal.timeout(options.requestTimeoutMs)]);
    const { requestId, traceparent } = question;
    const trail = beginTrail({ requestId, traceparent, startedAt, signal, gone: question.signal, caller, token });
    // Before the request is parsed, as refusing what is not valid costs time too.
    const tooOften = rate(sharing ? caller : { ...caller, application: question.address }, startedAt);
    if (tooOften) trail.outcome = 'LIMIT';
    const audience = audienceOf(caller);
    const reply = tooOften ? errorReply(tooOften) : await throughDoor(audience, question, trail);
    const entry = sharing && (await recordRequest(sharing.audit, trail));
    options.onAnswered?.(trail.outcome, performance.now() - startedAt, trail);
    return entry === undefined ? reply : { ...reply, headers: { ...reply.headers, 'shuniu-audit-entry': entry } };
  };

  const audienceOf = (caller: Pick<Caller, 'roles'>): keyof Audiences =>
    sharing && isAggregateOnly(caller) ? 'aggregates' : 'everybody';
  const doorOf = (audience: keyof Audiences): ReturnType<typeof startApollo> => (doors[audience] ??= open(audience));

  const throughDoor = async (audience: keyof Audiences, question: Question, trail: Trail): Promise<Reply> => {
    if (steps[audience]) return throughApollo(await doorOf(audience), question, trail);
    trail.outcome = 'REFUSED';
    return errorReply(nothingServed());
  };

  // By its name only: its message may repeat a literal of the operation, such as a resident number.
  const notPlanned = (thrown: unknown): void =>
    logger.info(
      { error: thrown instanceof Error ? thrown.name : 'unknown' },
      'an operation could not be planned ahead',
    );

  const swap = (next: Audiences): void => {
    steps = next;
    for (const listener of listeners) listener();
  };

  return {
    async answer(question) {
      const ended = options.onBegan?.();
      try {
        return await answer(question);
      } catch (thrown) {
        if (thrown instanceof HubError) return errorReply(thrown);
        logger.error({ err: thrown, requestId: question.requestId }, 'a request failed');
        return errorReply(unexpected(question.requestId));
      } finally {
        ended?.();
      }
    },
    replace: (release) => swap(audiencesOf(options, release)),
    async prepare(release) {
      const next = audiencesOf(options, release);
      for (const audience of ['everybody', 'aggregates'] as const) {
        const [before, after] = [steps[audience], next[audience]];
        if (before && after) await warm(after, before.planned(), notPlanned);
      }
      return () => swap(next);
    },
    async foresee(operations, roles) {
      const audience = audienceOf({ roles });
      const now = steps[audience];
      if (!now) return;
      await doorOf(audience);
      await foresee(now, operations, notPlanned);
    },
    async stop() {
      for (const door of Object.values(doors)) await (await door).stop();
      await failures?.close();
    },
  };
}

function audiencesOf(options: GatewayOptions, release: Release): Audiences {
  const { supergraph, table } = release;
  const apiSchema = options.sharing && aggregateSchema(supergraph.apiSchema, table);
  return {
    everybody: stepsOf(options, release),
    aggregates: apiSchema && stepsOf(options, { ...release, supergraph: { ...supergraph, apiSchema } }),
  };
}

function stepsOf(options: GatewayOptions, { supergraph, table, transports }: Release): Steps {
  const { sharing, logger } = options;
  return {
    supergraph,
    table,
    grants: options.grants,
    limit: limiter(supergraph.apiSchema, options.limits),
    authorise: authoriser(supergraph, { open: sharing === undefined }),
    ...planner(supergraph),
    execute: executor({
      supergraph,
      transports,
      contextFor: sharing && contextSigner(supergraph, table, sharing.contextKey),
      subgraphTimeoutMs: options.subgraphTimeoutMs,
      actionTimeoutMs: options.actionTimeoutMs,
      logger,
      onFetch: options.onFetch,
    }),
    reserve: sharing ? quotaKeeper(sharing.quotas) : () => Promise.resolve(NOTHING_TAKEN),
    subjectKey: options.subjectKey.toString('base64url'),
    actionTimeoutMs: options.actionTimeoutMs,
    freshness: options.freshness ?? (() => UNKNOWN),
  };
}

async function throughApollo(
  apollo: Awaited<ReturnType<typeof startApollo>>,
  question: Question,
  trail: Trail,
): Promise<Reply> {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(question.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const { method, search, body } = question;
  const response = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method, headers, search, body },
    context: () => Promise.resolve({ trail }),
  });
  if (response.body.kind !== 'complete') throw new Error('incremental delivery is not served');
  const replied = Object.fromEntries(response.headers);
  return { status: statusOf(response.status ?? 200, { replied, trail }), headers: replied, body: response.body.string };
}

/**
 * In application/json the status speaks of the transport: a GraphQL request is answered 200 whatever it asks, so that a
 * client can tell our answer from a proxy's. In application/graphql-response+json it speaks of the answer (GraphQL over HTTP).
 */
function statusOf(status: number, { replied, trail }: { replied: Reply['headers']; trail: Trail }): number {
  const json = replied['content-type']?.startsWith('application/json');
  return status === 400 && json && trail.wellFormed ? 200 : status;
}

/** A refusal before there was a GraphQL request: still a GraphQL answer, so that clients need one parser. */
function errorReply(error: HubError): Reply {
  const { http, ...extensions } = error.extensions;
  const status = http?.status ?? 500;
  const { retryAfterSeconds } = extensions;
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...(typeof retryAfterSeconds === 'number' && { 'retry-after': String(retryAfterSeconds) }),
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
    body: JSON.stringify({ errors: [{ message: error.message, extensions }] }),
  };
}
