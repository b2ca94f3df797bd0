import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerGraphql } from '../../gateway/routes.ts';
import { createHttpServer } from '../../lib/http-server.ts';
import { createLogger } from '../../lib/logger.ts';
import { smallHub } from '../support/small-hub.ts';

const hub = await smallHub({
  subgraphs: [
    {
      name: 'people',
      owner: 'public-security',
      sdl: 'type Query { ping: String @sharing(class: UNCONDITIONAL) }',
      resolvers: { Query: { ping: () => 'pong' } },
    },
  ],
});
const server = createHttpServer({
  logger: createLogger({ level: 'silent', production: true, service: 'test' }),
  production: true,
});
let url = '';
beforeAll(async () => {
  registerGraphql(server.app, hub.gateway);
  url = `${await server.listen('127.0.0.1', 0)}/graphql`;
});
afterAll(async () => {
  await server.close();
  await hub.close();
});

/** Every audit asks as an authenticated department. */
const withToken: typeof fetch = async (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${await hub.token({})}`);
  return fetch(input, { ...init, headers });
};

/**
 * What the specification allows and this endpoint does not do. A query in an address can be sent by any page and ends up in the
 * logs of every proxy on its way, with the resident number it asks for; GET is answered only to clients that say they mean it.
 */
const NOT_SERVED = new Set(['5A70', 'D6D5', '6A70']);

describe('GraphQL over HTTP, audited by graphql-http', () => {
  const audits = serverAudits({ url: () => url, fetchFn: withToken });

  it('has audits', () => {
    expect(audits.length).toBeGreaterThan(50);
    expect(audits.filter(({ id }) => NOT_SERVED.has(id)).map(({ name }) => name.slice(0, 4))).toEqual([
      'MAY ',
      'MAY ',
      'MAY ',
    ]);
  });

  it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s %s', async (id, _name, audit) => {
    const result = await audit.fn();
    if (NOT_SERVED.has(id))
      expect(result).toMatchObject({ status: 'notice', reason: 'Response status code is not 200' });
    else expect([result.status, result.status === 'ok' ? '' : result.reason]).toEqual(['ok', '']);
  });
});

describe('GET', () => {
  const get = (headers: Record<string, string> = {}): Promise<Response> =>
    withToken(`${url}?query=${encodeURIComponent('{ ping }')}`, { headers });

  it('is refused to what any page may send, and answered to a client that means it', async () => {
    expect((await get()).status).toBe(400);
    const answer = await get({ 'apollo-require-preflight': 'yes' });
    expect([answer.status, await answer.json()]).toMatchObject([200, { data: { ping: 'pong' } }]);
  });

  it('does not count as asked without a token', async () => {
    const answer = await fetch(`${url}?query=${encodeURIComponent('{ ping }')}`);
    expect(answer.status).toBe(401);
  });
});
