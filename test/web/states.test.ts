import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allPages } from '../../web/all-pages.ts';
import type { Ask } from '../../web/ask.ts';
import { registerPages } from '../../web/pages.ts';
import { SIGNED_IN } from './signed-in-token.ts';

let app: FastifyInstance;
let cookies: Record<string, string>;
let ask: Ask;
const ORIGIN = 'http://127.0.0.1:4000';

beforeAll(async () => {
  app = fastify();
  registerPages(app, {
    ask: (question) => ask(question),
    pages: allPages('532300'),
    provider: {
      leave: () =>
        Promise.resolve({ to: new URL('http://127.0.0.1/'), leaving: { state: 's', nonce: 'n', verifier: 'v' } }),
      comeBack: () => Promise.resolve(SIGNED_IN),
      endSession: () => Promise.resolve(undefined),
    },
    secret: () => Promise.resolve(SECRET),
    origin: undefined,
    listens: () => ORIGIN,
  });
  const jar = ({ cookies: set }: { cookies: readonly { name: string; value: string }[] }) =>
    Object.fromEntries(set.map(({ name, value }) => [name, value]));
  const left = await app.inject({ url: '/sign-in' });
  cookies = jar(await app.inject({ url: '/sign-in/callback?code=c&state=s', cookies: jar(left) }));
});
afterAll(() => app.close());

const SECRET = Buffer.alloc(32, 9);

const answering = (status: number, body: unknown): Ask => {
  return () => Promise.resolve({ status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) });
};
const look = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ url, cookies, headers: { accept: 'text/html', 'accept-language': 'en', ...headers } });

describe('a page without an answer', () => {
  it.each([
    [401, { errors: [{ message: 'The token has expired.' }] }, 401, 'EXPIRED'],
    [403, { errors: [{ message: 'Not for you.' }] }, 403, 'NOT_ALLOWED'],
    [429, { errors: [{ message: 'wait 3 s' }] }, 429, 'BUSY'],
    [503, { errors: [{ message: 'The keys cannot be read.' }] }, 503, 'DOWN'],
    [502, '<html>bad gateway</html>', 503, 'DOWN'],
    [200, '[]', 503, 'DOWN'],
  ])('says what to do next: the endpoint answered %i %j', async (status, body, shown, kind) => {
    ask = answering(status, body);
    for (const url of ['/catalogue', '/access', '/owner', '/dashboard']) {
      const seen = await look(url);
      expect([seen.statusCode, /data-problem="(\w+)"/.exec(seen.body)?.[1]]).toEqual([shown, kind]);
      expect(seen.body).toMatch(/class="actions"/);
    }
  });

  it('shows what there is when a part is missing, and in the words of the endpoint why', async () => {
    ask = answering(200, {
      data: { grants: null, requests: null, auditEntries: null },
      errors: [{ message: 'exchange does not answer <b>', extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
    });
    const seen = await look('/access');
    expect(seen.statusCode).toBe(200);
    expect(seen.body).toContain('exchange does not answer &lt;b&gt;');
    expect(seen.body).toContain('data-partial="1"');
  });

  it('tells nothing of what went wrong inside', async () => {
    ask = () => Promise.reject(new Error('mongodb://secret@host'));
    const seen = await look('/access');
    expect([seen.statusCode, /data-problem="(\w+)"/.exec(seen.body)?.[1]]).toEqual([500, 'FAILED']);
    expect(seen.body).not.toContain('secret');
  });

  it('is one where there is no such page; a program gets the answer it knows', async () => {
    expect(/data-problem="(\w+)"/.exec((await look('/nowhere')).body)?.[1]).toBe('NOT_FOUND');
    expect((await look('/nowhere', { accept: 'application/json' })).headers['content-type']).toMatch(/json/);
  });
});

describe('what pages ask', () => {
  it('is asked with the token of the session and nothing else', async () => {
    const asked: (string | undefined)[] = [];
    ask = (question) => {
      asked.push(question.authorization);
      return answering(200, { data: {} })(question);
    };
    for (const url of ['/catalogue', '/access', '/owner']) await look(url);
    expect(asked.length).toBeGreaterThan(2);
    expect(new Set(asked)).toEqual(new Set([`Bearer ${SIGNED_IN}`]));
  });

  it('is nothing where nobody is signed in', async () => {
    let asked = 0;
    ask = (question) => {
      asked += 1;
      return answering(200, { data: {} })(question);
    };
    for (const url of [
      '/dashboard',
      '/catalogue',
      '/catalogue/resource?type=Person',
      '/access',
      '/owner',
      '/supervisor',
    ]) {
      const seen = await app.inject({ url, headers: { accept: 'text/html' } });
      expect([seen.statusCode, /data-problem="(\w+)"/.exec(seen.body)?.[1]]).toEqual([401, 'SIGNED_OUT']);
    }
    expect(asked).toBe(0);
  });

  it('from the query desk goes with the token that is typed in, or that of the session, and never from another site', async () => {
    const asked: (string | undefined)[] = [];
    ask = (question) => {
      asked.push(question.authorization);
      return answering(200, { data: { a: 1 } })(question);
    };
    const send = (headers: Record<string, string>) =>
      app.inject({ method: 'POST', url: '/graphiql/ask', cookies, headers, payload: { query: '{ a }' } });
    expect((await send({ origin: ORIGIN })).json()).toEqual({ data: { a: 1 } });
    expect((await send({ origin: ORIGIN, authorization: 'Bearer own' })).statusCode).toBe(200);
    expect((await send({ origin: 'https://evil.example' })).statusCode).toBe(403);
    expect((await send({})).statusCode).toBe(403);
    expect(asked).toEqual([`Bearer ${SIGNED_IN}`, 'Bearer own']);
  });
});

describe('assets', () => {
  it('are compressed, and not sent again while they are the same', async () => {
    const first = await app.inject({ url: '/assets/style.css', headers: { 'accept-encoding': 'gzip, br' } });
    expect(first.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    const etag = String(first.headers.etag);
    const again = await app.inject({ url: '/assets/style.css', headers: { 'if-none-match': etag } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    const plain = await app.inject({ url: '/assets/style.css', headers: { 'accept-encoding': 'gzip;q=0' } });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body).toContain('--ink');
    expect((await app.inject({ url: '/assets/echarts.min.js' })).body.length).toBeGreaterThan(500_000);
  });

  it.each(['../html.ts', '..%2fhtml.ts', 'tsconfig.json', 'nothing.css', '%2e%2e%2fpackage.json'])(
    'are not found by %j',
    async (name) => {
      expect((await app.inject({ url: `/assets/${name}` })).statusCode).toBe(404);
    },
  );
});
