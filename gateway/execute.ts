import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import { type FieldNode, GraphQLError, Kind, parse, type SelectionSetNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { HubError, messageOf } from '../lib/errors.ts';
import { TransportError } from '../lib/transport-error.ts';
import type { SubgraphTransport } from '../lib/transport.ts';
import type { Authorised } from './authorise.ts';
import type { ContextFor } from './contexts.ts';
import type { Plan } from './plan.ts';
import { callersKey } from './shape.ts';
import { failureOf, internalNames, type SubgraphFailure } from './subgraph-failure.ts';
import type { BuiltSupergraph } from './supergraph.ts';
import type { Trail } from './trail.ts';

export interface Execution {
  readonly plan: Plan;
  readonly authorised: Authorised;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly trail: Trail;
}

export interface ExecutorOptions {
  readonly supergraph: BuiltSupergraph;
  readonly transports: ReadonlyMap<string, SubgraphTransport>;
  /** Absent for subgraphs that do not take part in sharing. */
  readonly contextFor: ContextFor | undefined;
  readonly subgraphTimeoutMs: number;
  /** Of a fetch for a mutation; as long as others where it is absent. */
  readonly actionTimeoutMs?: number | undefined;
  readonly logger: Logger;
  readonly onFetch?: ((subgraph: string, outcome: 'ok' | 'error', milliseconds: number) => void) | undefined;
}

export type Execute = (execution: Execution) => Promise<Record<string, unknown> | null>;

type DataSourceRequest = Parameters<GraphQLDataSource['process']>[0];

/**
 * Executes plans with Apollo's executor. A fetch that fails leaves its fields null and its reason in the trail, so that one
 * dead or slow subgraph costs its own fields only.
 */
export function executor(options: ExecutorOptions): Execute {
  const { supergraph, transports, logger } = options;
  const keysOf = responseKeys();
  const names = internalNames(supergraph);
  const sources = Object.fromEntries(
    [...supergraph.subgraphs.keys()].map((name) => [
      name,
      { process: (request: DataSourceRequest) => fetchFrom(name, request) },
    ]),
  );

  const fetchFrom = async (subgraph: string, request: DataSourceRequest): ReturnType<GraphQLDataSource['process']> => {
    const { trail, authorised, plan } = request.context as Execution;
    const query = request.request.query ?? '';
    const path = ('pathInIncomingRequest' in request ? (request.pathInIncomingRequest ?? []) : []).flatMap(callersStep);
    const started = performance.now();
    const lost = (code: SubgraphFailure['code'], message: string): void => {
      for (const key of keysOf(query)) trail.failures.push({ subgraph, code, message, path: [...path, key] });
    };
    const variables = request.request.variables ?? {};
    const { subgraphTimeoutMs, actionTimeoutMs = subgraphTimeoutMs } = options;
    const deadline = AbortSignal.timeout(plan.isMutation ? actionTimeoutMs : subgraphTimeoutMs);
    try {
      const response = await transportOf(subgraph).send({
        query,
        variables,
        operationName: request.request.operationName,
        context: await options.contextFor?.(subgraph, {
          ...{ authorised, plan, caller: trail.caller },
          ...(plan.isMutation && { variables }),
        }),
        requestId: trail.requestId,
        traceparent: trail.traceparent,
        signal: AbortSignal.any([trail.signal, deadline]),
      });
      const errors = response.errors ?? [];
      options.onFetch?.(subgraph, errors.length > 0 ? 'error' : 'ok', performance.now() - started);
      for (const error of errors) {
        const { message, code } = failureOf(subgraph, error, { names, variables: request.request.variables });
        if (code === 'SUBGRAPH_ERROR')
          logger.warn({ requestId: trail.requestId, subgraph, error }, 'a subgraph answered with an error');
        if (error.path) trail.failures.push({ subgraph, code, message, path: [...path, ...inner(error.path)] });
        else lost(code, message);
      }
      const data = response.data ?? null;
      if (data === null || fits(data, request.request)) return { data };
      logger.warn(
        { requestId: trail.requestId, subgraph },
        'a subgraph answered for other references than it was asked',
      );
      if (errors.length === 0) lost('SUBGRAPH_ERROR', `The subgraph ${subgraph} could not answer this field.`);
      return { data: null };
    } catch (thrown) {
      options.onFetch?.(subgraph, 'error', performance.now() - started);
      const [code, message] = explain(subgraph, { trail, deadline, thrown });
      if (code === 'SUBGRAPH_ERROR')
        logger.error({ err: thrown, requestId: trail.requestId, subgraph }, 'a fetch could not be sent');
      else logger.warn({ requestId: trail.requestId, subgraph, reason: messageOf(thrown) }, 'a fetch failed');
      lost(code, message);
      return { data: null };
    }
  };

  const transportOf = (subgraph: string): SubgraphTransport => {
    const transport = transports.get(subgraph);
    if (!transport) throw new Error(`no transport for the subgraph ${subgraph}`);
    return transport;
  };

  return async (execution) => {
    const { authorised, plan, variables, trail } = execution;
    if (!authorised.pruned) return {};
    // Introspection is answered from this schema: the API schema, where inaccessible items do not exist.
    const operation = buildOperationContext({
      schema: supergraph.apiSchema,
      operationDocument: authorised.pruned.document,
    });
    const request = { request: { variables }, context: execution, logger, metrics: {} };
    const result = await executeQueryPlan(
      plan.queryPlan,
      sources,
      request as unknown as Parameters<typeof executeQueryPlan>[2],
      operation,
      supergraph.fullSchema,
      supergraph.lenient,
    );
    for (const error of [...(result.errors ?? []), ...completionErrors(result.extensions)]) {
      logger.warn(
        { requestId: trail.requestId, reason: error.message },
        'the answer of a subgraph does not fit the schema',
      );
      trail.failures.push({
        subgraph: '',
        code: 'SUBGRAPH_ERROR',
        message: 'A subgraph answered without a value the schema promises.',
        path: (error.path ?? []).flatMap(callersStep),
      });
    }
    return (result.data as Record<string, unknown> | null | undefined) ?? null;
  };
}

/** One value for each reference, or one person's data would be shown as another's. */
function fits(data: Record<string, unknown>, { query, variables }: DataSourceRequest['request']): boolean {
  if (!query?.includes('_entities(')) return true;
  const { _entities: entities } = data;
  const references: unknown = variables?.['representations'];
  return Array.isArray(entities) && Array.isArray(references) && entities.length === references.length;
}

function explain(
  subgraph: string,
  { trail, deadline, thrown }: { trail: Trail; deadline: AbortSignal; thrown: unknown },
): [SubgraphFailure['code'], string] {
  if (deadline.aborted || (trail.signal.reason as Error | undefined)?.name === 'TimeoutError')
    return ['SUBGRAPH_TIMEOUT', `The subgraph ${subgraph} did not answer in time. Ask again for these fields.`];
  if (trail.signal.aborted) return ['CANCELLED', 'The request was cancelled.'];
  if (thrown instanceof HubError && thrown.code === 'CONTEXT_TOO_LARGE') return [thrown.code, thrown.message];
  // What no transport threw is a fault of the gateway: a key it cannot read, a plan it may not sign.
  if (!(thrown instanceof TransportError)) return ['SUBGRAPH_ERROR', `The subgraph ${subgraph} could not be asked.`];
  return ['SUBGRAPH_UNAVAILABLE', `The subgraph ${subgraph} cannot be reached at present. Ask again for these fields.`];
}

function completionErrors(extensions: Readonly<Record<string, unknown>> | null | undefined): readonly GraphQLError[] {
  const errors: unknown = extensions?.['valueCompletion'];
  return Array.isArray(errors) ? errors.filter((error): error is GraphQLError => error instanceof GraphQLError) : [];
}

/** A step of a response path as the caller knows it; none for list indexes and for what only the federation asked. */
function callersStep(step: string | number): string[] {
  const key = typeof step === 'string' && step !== '@' ? callersKey(step) : undefined;
  return key === undefined ? [] : [key];
}

/** The part of a subgraph's error path that lies in the caller's answer. */
function inner(path: readonly (string | number)[]): string[] {
  return (path[0] === '_entities' ? path.slice(2) : path).flatMap(callersStep);
}

/** The response keys a fetch text fills at its path, those of `_entities` by their fragments. */
function responseKeys(): (text: string) => readonly string[] {
  const known = new LRUCache<string, readonly string[]>({ max: 2_000 });
  return (text) => {
    const keys = known.get(text) ?? [...new Set(topFields(text).map(({ alias, name }) => alias?.value ?? name.value))];
    known.set(text, keys);
    return keys.flatMap(callersStep);
  };
}

function topFields(text: string): FieldNode[] {
  const spread = (set: SelectionSetNode): FieldNode[] =>
    set.selections.flatMap((selection) => {
      if (selection.kind === Kind.INLINE_FRAGMENT) return spread(selection.selectionSet);
      if (selection.kind !== Kind.FIELD) return [];
      return selection.name.value === '_entities' && selection.selectionSet
        ? spread(selection.selectionSet)
        : [selection];
    });
  const [operation] = parse(text, { noLocation: true }).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION ? spread(operation.selectionSet) : [];
}
