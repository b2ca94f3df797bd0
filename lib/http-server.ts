import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type FastifyBaseLogger, fastify, type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import { answerError, answerNotFound } from './http-errors.ts';

/** Bytes a request may carry: the largest sensible query with its variables is far below. */
const BODY_LIMIT = 1_048_576;
/** Bytes of all headers together. */
const HEADER_LIMIT = 16_384;
/** Longer than load balancers keep idle connections (60 s), so that they close first and no request meets a closed one. */
const KEEP_ALIVE = 72_000;
/** Milliseconds a request may take to arrive; slower ones hold sockets, nothing else. */
const RECEIVE_WITHIN = 15_000;
/** Milliseconds that requests in flight have to end once the server closes. */
const GRACE = 10_000;

export interface HttpServerOptions {
  readonly logger: Logger;
  readonly production: boolean;
  /** See `Settings.trustProxy`. */
  readonly trustProxy?: false | number | readonly string[] | undefined;
  readonly receiveWithinMs?: number | undefined;
}

export interface HttpServer {
  readonly app: FastifyInstance;
  /** @returns the origin, such as http://127.0.0.1:4000; port 0 takes a free one. */
  listen(host: string, port: number): Promise<string>;
  /** From here on /ready says no and connections are not kept, while requests are still answered. */
  beginClosing(): void;
  closing(): boolean;
  /** Accepts no more and waits for requests in flight, at most `graceMs`; then their connections are cut. */
  close(graceMs?: number): Promise<void>;
}

/** A fastify with the hub's limits, request ids, log lines, security headers and error answers; the caller adds routes. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  let closing = false;
  const loggerInstance: FastifyBaseLogger = options.logger;
  const receiveWithin = options.receiveWithinMs ?? RECEIVE_WITHIN;
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestIdOf,
    bodyLimit: BODY_LIMIT,
    keepAliveTimeout: KEEP_ALIVE,
    requestTimeout: receiveWithin,
    forceCloseConnections: 'idle',
    trustProxy: trusted(options.trustProxy ?? false),
    frameworkErrors: (error, request, reply) => answerError(error, request, reply as never),
    http: {
      maxHeaderSize: HEADER_LIMIT,
      headersTimeout: Math.min(receiveWithin, 10_000),
      connectionsCheckingInterval: Math.min(receiveWithin, 5_000),
    },
  });
  // What a form can send without asking first (text/plain) is not accepted: no cross-site request reaches a route.
  // The pages take forms, and look where each comes from.
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);

  const headers = securityHeaders(options.production);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers).header('x-request-id', request.id);
  });
  // Decided when the answer goes: a connection kept by a request that was in flight would hold up closing.
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request, reply) => {
    // The route, not the URL: a path or a query string may hold anything.
    const route = request.routeOptions.url ?? 'none';
    const line = {
      method: request.method,
      route,
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime),
    };
    request.log[isProbe(route) ? 'debug' : 'info'](line, 'answered');
  });

  return {
    app,
    listen: (host, port) => app.listen({ host, port }),
    beginClosing: () => (closing = true),
    closing: () => closing,
    async close(graceMs = GRACE) {
      closing = true;
      const cut = setTimeout(() => app.server.closeAllConnections(), graceMs);
      await app.close();
      clearTimeout(cut);
    },
  };
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** The caller's request id where it is a UUID: anything freer could carry a personal value into the log and the record. */
function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && UUID.test(given) ? given.toLowerCase() : randomUUID();
}

function securityHeaders(production: boolean): Readonly<Record<string, string>> {
  return {
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
    ...(production && { 'strict-transport-security': 'max-age=31536000' }),
  };
}

function trusted(
  proxies: false | number | readonly string[],
): false | string[] | ((address: string, hop: number) => boolean) {
  if (typeof proxies === 'number') return (_address, hop) => hop < proxies;
  return proxies === false ? false : [...proxies];
}

function isProbe(route: string): boolean {
  return route === '/health' || route === '/ready' || route === '/metrics';
}
