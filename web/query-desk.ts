import type { FastifyInstance } from 'fastify';
import type { Ask } from './ask.ts';
import type { FrontDesk } from './front-desk.ts';
import { isOurs } from './origin.ts';

/** Where GraphiQL sends its queries. */
export const DESK = '/graphiql/ask';

/** As the endpoint refuses: the page of the desk, and any program, reads GraphQL and no HTML. */
const FORGED = {
  message: 'This was not asked by a page of this hub. Send JSON from /graphiql, or ask /graphql with a token.',
  extensions: { code: 'FORBIDDEN' },
};

/**
 * Passes what somebody types into GraphiQL on to the endpoint: by the token they put into its headers, or else by the one
 * they are signed in with, so that nobody has to copy a token. What it answers is what the endpoint answers.
 */
export function registerDesk(scope: FastifyInstance, desk: FrontDesk, ask: Ask): void {
  scope.post(
    DESK,
    desk.step(async ({ request, reply, origin }, session) => {
      // A cookie comes with what any site sends; only JSON of our own pages is asked with it.
      if (!isOurs(request, origin) || request.body instanceof URLSearchParams)
        return reply
          .code(403)
          .header('cache-control', 'no-store')
          .send({ errors: [FORGED] });
      const { authorization, 'sharing-purpose': purpose } = request.headers;
      const gone = new AbortController();
      reply.raw.on('close', () => {
        if (!reply.raw.writableFinished) gone.abort();
      });
      const { status, headers, body } = await ask({
        authorization: authorization ?? (session && `Bearer ${session.token}`),
        purpose: typeof purpose === 'string' ? purpose : undefined,
        body: request.body,
        address: request.ip,
        requestId: request.id,
        signal: gone.signal,
      });
      return reply.code(status).headers(headers).send(body);
    }),
  );
}
