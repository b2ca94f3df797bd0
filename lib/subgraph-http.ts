import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { HubError } from './errors.ts';
import { addHealthRoutes } from './health-routes.ts';
import { createHttpServer } from './http-server.ts';
import type { Metrics } from './metrics.ts';
import type { SubgraphServer } from './subgraph-server.ts';
import { childTrace, formatTraceparent } from './trace-context.ts';
import type { SubgraphResponse } from './transport.ts';

export interface SubgraphHttpOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly production: boolean;
  /** Milliseconds after which a fetch is given up, should its gateway have vanished without a word. */
  readonly timeoutMs: number;
}

export interface ServedSubgraph {
  /** URL of the GraphQL endpoint. */
  readonly url: string;
  beginClosing(): void;
  /** Ends what is in flight. The subgraph itself is stopped by whoever opened it. */
  close(): Promise<void>;
}

const fetchBody = z.object({
  query: z.string().min(1),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** Media type of GraphQL over HTTP: the status tells about the answer, not about the transport. */
const GRAPHQL_JSON = 'application/graphql-response+json; charset=utf-8';

/**
 * Serves one subgraph over HTTP: POST /graphql with the gateway's signed context in the header `shuniu-context`, besides
 * `x-request-id` and `traceparent`; and /health, /ready, /freshness, /metrics.
 */
export async function serveSubgraph(subgraph: SubgraphServer, options: SubgraphHttpOptions): Promise<ServedSubgraph> {
  const { logger, metrics, production, timeoutMs } = options;
  const server = createHttpServer({ logger, production });
  addHealthRoutes(server, { ready: () => subgraph.ready(), metrics });

  server.app.post('/graphql', async (request, reply) => {
    const { query, variables, operationName } = readFetch(request);
    const started = performance.now();
    const ended = metrics.began();
    const context = headerOf(request, 'shuniu-context');
    try {
      const answer = await subgraph.answer({
        query,
        variables: variables ?? {},
        ...(operationName && { operationName }),
        ...(context !== undefined && { context }),
        requestId: request.id,
        traceparent: formatTraceparent(childTrace(headerOf(request, 'traceparent'))),
        signal: AbortSignal.any([gone(reply), AbortSignal.timeout(timeoutMs)]),
      });
      metrics.answered(answer.errors ? 'error' : 'ok', performance.now() - started);
      return await reply.code(statusOf(answer)).header('content-type', GRAPHQL_JSON).send(JSON.stringify(answer));
    } finally {
      ended();
    }
  });

  // As public as /ready: names of types and moments, no data.
  server.app.get('/freshness', async () => subgraph.freshness());

  const origin = await server.listen(options.host, options.port);
  return {
    url: `${origin}/graphql`,
    beginClosing: () => server.beginClosing(),
    close: () => server.close(),
  };
}

function readFetch(request: FastifyRequest): z.infer<typeof fetchBody> {
  const read = fetchBody.safeParse(request.body);
  if (read.success) return read.data;
  const member = read.error.issues[0]?.path.join('.') || 'the body';
  throw new HubError('BAD_REQUEST', `${member}: not of a GraphQL request. Send {"query":"…","variables":{…}}.`);
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Aborts when the gateway hangs up before it has its answer: its caller has gone, or its deadline has passed. */
function gone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

function statusOf(answer: SubgraphResponse): number {
  if (answer.data !== undefined) return 200;
  const code = answer.errors?.[0]?.extensions?.['code'];
  if (code === 'CONTEXT_REQUIRED' || code === 'CONTEXT_REFUSED') return 401;
  if (code === 'NOT_PERMITTED') return 403;
  return code === 'INTERNAL_SERVER_ERROR' ? 500 : 400;
}
