import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { childTrace, formatTraceparent } from '../lib/trace-context.ts';
import type { Gateway, Reply } from './server.ts';

/** Serves a gateway at /graphql of an HTTP server. */
export function registerGraphql(app: FastifyInstance, gateway: Gateway): void {
  void app.register((scope, _options, done) => {
    readBodies(scope);
    scope.route({
      method: ['GET', 'POST'],
      url: '/graphql',
      handler: async (request, reply) => {
        const controller = new AbortController();
        reply.raw.on('close', () => {
          if (!reply.raw.writableFinished) controller.abort();
        });
        return send(reply, await gateway.answer(questionOf(request, controller.signal)));
      },
    });
    done();
  });
}

/**
 * A body that is no JSON must still reach the gateway: its sender may be authenticated, and then the request is recorded.
 * Keys such as `__proto__` are refused by fastify's parser like any other fault.
 */
function readBodies(scope: FastifyInstance): void {
  const parse = scope.getDefaultJsonParser('error', 'error');
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'string' }, (request, text, done) => {
    const type = request.headers['content-type'] ?? '';
    if (!/^application\/json\s*(;|$)/i.test(type)) done(null, undefined);
    else void parse(request, text as string, (error, body) => done(null, error ? undefined : body));
  });
}

function questionOf(request: FastifyRequest, signal: AbortSignal): Parameters<Gateway['answer']>[0] {
  const { headers } = request;
  const [, search = ''] = /(\?.*)$/.exec(request.url) ?? [];
  const parent = headers['traceparent'];
  return {
    method: request.method,
    search,
    headers,
    body: request.body,
    address: request.ip,
    requestId: request.id,
    traceparent: formatTraceparent(childTrace(typeof parent === 'string' ? parent : undefined)),
    signal,
  };
}

function send(reply: FastifyReply, { status, headers, body }: Reply): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}
