import { randomUUID } from 'node:crypto';
import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HubError } from '../../lib/errors.ts';
import { allPages } from '../../web/all-pages.ts';
import { registerPages } from '../../web/pages.ts';
import type { Provider } from '../../web/sign-in/provider.ts';
import { SIGNED_IN } from './signed-in-token.ts';

const ORIGIN = 'http://127.0.0.1:4000';
const FORM = { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' };
const SECRET = Buffer.alloc(32, 5);

let app: FastifyInstance;
let logged: string[];
let secret: () => Promise<Buffer>;
let token: string | undefined;

const provider: Provider = {
  leave: () => Promise.resolve({ to: new URL(ORIGIN), leaving: { state: randomUUID(), nonce: 'n', verifier: 'v' } }),
  comeBack: () => Promise.resolve(token),
  endSession: () => Promise.resolve(undefined),
};

beforeAll(async () => {
  app = fastify({ logger: { level: 'warn', stream: { write: (line: string) => void logged.push(line) } } });
  registerPages(app, {
    ask: () => Promise.resolve({ status: 200, headers: {}, body: '{"data":{}}' }),
    pages: allPages('532300'),
    provider,
    secret: () => secret(),
    origin: undefined,
    listens: () => ORIGIN,
  });
  await app.ready();
});
beforeEach(() => {
  logged = [];
  token = SIGNED_IN;
  secret = () => Promise.resolve(SECRET);
});
afterAll(() => app.close());

type Jar = Record<string, string>;
type Answer = Awaited<ReturnType<typeof look>>;

const look = (url: string, { cookies = {}, ...headers }: { cookies?: Jar; [header: string]: string | Jar } = {}) =>
  app.inject({ url, cookies, headers: { accept: 'text/html', ...(headers as Record<string, string>) } });
const jar = ({ cookies }: Answer): Jar => Object.fromEntries(cookies.map(({ name, value }) => [name, value]));
const problem = ({ body }: Answer): string | undefined => /data-problem="(\w+)"/.exec(body)?.[1];

async function signedIn(): Promise<{ readonly cookies: Jar; readonly csrf: string }> {
  const back = await look('/sign-in/callback?code=c&state=s', { cookies: jar(await look('/sign-in')) });
  const cookies = Object.fromEntries(Object.entries(jar(back)).filter(([, value]) => value !== ''));
  const { body } = await look('/access', { cookies });
  return { cookies, csrf: /name="csrf" value="([^"]+)"/.exec(body)?.[1] ?? '' };
}

describe('an address or a host that cannot be read', () => {
  it.each(['//', '//[', '///张三', '//a:b'])(
    '%j is a page that is not there, and nothing of it is logged',
    async (url) => {
      const seen = await look(url);
      expect([seen.statusCode, problem(seen)]).toEqual([404, 'NOT_FOUND']);
      expect(logged).toEqual([]);
    },
  );

  it.each(['localhost:99999', '127.0.0.999:4000', '127.999.0.1'])('Host: %s is none of ours', async (host) => {
    const seen = await look('/dashboard', { host });
    expect([seen.statusCode, problem(seen)]).toEqual([401, 'SIGNED_OUT']);
    expect(logged).toEqual([]);
  });
});

describe('a session that was signed out', () => {
  it('is over for who has a copy of its cookie, and another of the same person is not', async () => {
    const [{ cookies, csrf }, other] = [await signedIn(), await signedIn()];
    expect((await look('/access', { cookies })).statusCode).toBe(200);
    const left = await app.inject({
      ...{ method: 'POST', url: '/sign-out', cookies, headers: FORM },
      payload: new URLSearchParams({ csrf }).toString(),
    });
    expect([left.statusCode, left.headers.location]).toEqual([303, '/signed-out']);
    const copied = await look('/access', { cookies });
    expect([copied.statusCode, problem(copied)]).toEqual([401, 'EXPIRED']);
    const asked = await app.inject({
      ...{ method: 'POST', url: '/owner', cookies, headers: FORM },
      payload: new URLSearchParams({ csrf, decide: 'approve', id: 'R-1' }).toString(),
    });
    expect(asked.statusCode).toBe(401);
    expect((await look('/access', { cookies: other.cookies })).statusCode).toBe(200);
  });

  it('leaves no query or variable of the query desk in the browser', async () => {
    const { cookies, csrf } = await signedIn();
    const left = await app.inject({
      ...{ method: 'POST', url: '/sign-out', cookies, headers: FORM },
      payload: new URLSearchParams({ csrf }).toString(),
    });
    expect(left.headers['clear-site-data']).toBe('"storage"');
  });
});

describe('a page of a problem', () => {
  it('repeats no code or state that the provider sent', async () => {
    token = undefined;
    const url = '/sign-in/callback?code=the-code-itself&state=the-state-itself';
    const seen = await look(url, { cookies: jar(await look('/sign-in')) });
    expect(problem(seen)).toBe('SIGN_IN_FAILED');
    expect(seen.body).not.toMatch(/the-(code|state)-itself/);
  });

  it('says nothing of the files of the hub', async () => {
    const path = '/var/lib/hub/keys/session.json';
    secret = () =>
      Promise.reject(new HubError('KEYS_REFUSED', `${path}: others can read this key. Run chmod 600 ${path}`));
    for (const seen of [await look('/access', { cookies: { shuniu: '1~x' } }), await look('/sign-in')]) {
      expect([seen.statusCode, problem(seen)]).toEqual([503, 'DOWN']);
      expect(seen.body).not.toMatch(/session\.json|chmod/);
    }
    expect(logged.join()).toContain(path);
  });
});

describe('a token that the endpoint would not read', () => {
  const longer = (by: number): string => {
    const [header, payload = '', signature] = SIGNED_IN.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const text = JSON.stringify({ ...claims, padding: 'x'.repeat(by) });
    return [header, Buffer.from(text).toString('base64url'), signature].join('.');
  };
  const signIn = async () => look('/sign-in/callback?code=c&state=s', { cookies: jar(await look('/sign-in')) });

  it.each([6_200, 12_000])('begins no session, and is called too long and not expired (%i)', async (by) => {
    token = longer(by);
    expect(token.length).toBeGreaterThan(8_185);
    const seen = await signIn();
    expect([seen.statusCode, problem(seen)]).toEqual([400, 'SIGN_IN_FAILED']);
    expect(seen.body).toContain(`has ${token.length} characters; 8185 is the limit`);
    expect(Object.entries(jar(seen)).filter(([name, value]) => /^shuniu(\.|$)/.test(name) && value !== '')).toEqual([]);
    expect(logged).toEqual([]);
  });

  it('is told from the longest that it reads', async () => {
    token = longer(5_900);
    expect(token.length).toBeLessThanOrEqual(8_185);
    expect((await signIn()).statusCode).toBe(303);
  });
});

describe('what the query desk refuses', () => {
  it.each([
    ['a form', FORM, 'query=%7B%20a%20%7D'],
    [
      'JSON of another site',
      { origin: 'https://elsewhere.example', 'content-type': 'application/json' },
      '{"query":"{ a }"}',
    ],
    ['JSON of nobody knows whom', { 'content-type': 'application/json' }, '{"query":"{ a }"}'],
  ])('is told as the endpoint tells it: %s', async (_, headers, payload) => {
    const { cookies } = await signedIn();
    const seen = await app.inject({ method: 'POST', url: '/graphiql/ask', cookies, headers, payload });
    expect([seen.statusCode, seen.headers['content-type']]).toEqual([403, 'application/json; charset=utf-8']);
    expect(seen.json()).toEqual({
      errors: [{ message: expect.stringContaining('/graphiql') as string, extensions: { code: 'FORBIDDEN' } }],
    });
  });
});
