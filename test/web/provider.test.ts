import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import OidcProvider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PagesHub, pagesHub } from './pages-hub.ts';
import { type Seen, type Visitor, visitor } from './visitor.ts';

const AUDIENCE = 'https://hub.example/graphql';

let hub: PagesHub;
let issuer: string;
let server: Server;
let handle: ReturnType<OidcProvider['callback']>;

/** An OpenID provider of another make: discovery, ES256, a client with a secret, tokens for a resource (RFC 8707). */
async function openProvider(redirect: string): Promise<OidcProvider> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return new OidcProvider(issuer, {
    clients: [
      {
        client_id: 'hub-pages',
        client_secret: 'a-secret-of-the-client',
        redirect_uris: [redirect],
        post_logout_redirect_uris: [redirect.replace('/sign-in/callback', '/signed-out')],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig' }] },
    cookies: { keys: ['a key of the test'] },
    pkce: { required: () => true },
    ttl: { AccessToken: 600, Interaction: 600, Session: 600, Grant: 600, IdToken: 600 },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    extraTokenClaims: () => ({
      department: 'civil-affairs',
      application: 'relief',
      officer: '王芳',
      purpose: 'low-income-check',
    }),
    features: {
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: '',
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
        useGrantedResource: () => true,
      },
    },
  });
}

async function freePort(): Promise<number> {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  await new Promise((resolve) => taken.close(resolve));
  return port;
}

beforeAll(async () => {
  server = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const port = await freePort();
  handle = (await openProvider(`http://127.0.0.1:${port}/sign-in/callback`)).callback();
  hub = await pagesHub({
    port,
    variables: {
      HUB_OIDC_ISSUER: issuer,
      HUB_OIDC_CLIENT_ID: 'hub-pages',
      HUB_OIDC_CLIENT_SECRET: 'a-secret-of-the-client',
      HUB_JWKS: `${issuer}/jwks`,
      HUB_ISSUER: issuer,
      HUB_AUDIENCE: AUDIENCE,
    },
  });
});
afterAll(async () => {
  await hub.close();
  server.closeAllConnections();
  server.close();
});

/** Goes through the provider's own pages: who one is, and that the hub may know it. */
async function through(who: Visitor, to: string): Promise<Seen> {
  let seen = await who.get(`/sign-in?to=${encodeURIComponent(to)}`);
  for (let step = 0; step < 10 && !seen.location.startsWith(`${hub.origin}/sign-in/callback`); step += 1) {
    const form = /<form[^>]*action="([^"]+)"/.exec(seen.text)?.[1];
    const prompt = /name="prompt" value="(\w+)"/.exec(seen.text)?.[1] ?? '';
    seen = form
      ? await who.post(form, { prompt, login: 'wang.fang', password: 'any' }, { origin: issuer })
      : await who.get(new URL(seen.location, issuer).href);
  }
  return seen;
}

describe('signing in by a provider of another make', { timeout: 60_000 }, () => {
  it('gives the pages its access token for the endpoint, found by discovery', async () => {
    const who = visitor(hub.origin);
    const { location } = await through(who, '/access');
    expect(new URL(location).searchParams.get('iss')).toBe(issuer);
    const back = await who.get(location);
    expect([back.status, back.location]).toEqual([303, '/access']);
    const page = await who.get('/access');
    expect(page.status).toBe(200);
    expect(page.text).toContain('王芳');
    expect(page.text).toContain('G-');
  });

  it('takes a code once', async () => {
    const who = visitor(hub.origin);
    const { location } = await through(who, '/access');
    const copy = new Map(who.cookies);
    await who.get(location);
    const thief = visitor(hub.origin);
    for (const [name, value] of copy) thief.cookies.set(name, value);
    expect((await thief.get(location)).text).toContain('data-problem="SIGN_IN_FAILED"');
  });

  it('offers to end the session there, too, and sends no token with it', async () => {
    const who = visitor(hub.origin);
    const { text } = await who.get('/signed-out');
    expect(text).toContain(`href="${issuer}/session/end?`);
    expect(text).not.toContain('id_token_hint');
  });

  it('has no development issuer beside it', async () => {
    const who = visitor(hub.origin);
    for (const path of ['/development-issuer/authorize', '/development-issuer/jwks.json'])
      expect((await who.get(path)).status).toBe(404);
    expect((await who.post('/development-issuer/token', {})).status).toBe(404);
  });

  it('says that the sign-in service is away, without saying where it is', async () => {
    const away = await pagesHub({ variables: { HUB_OIDC_ISSUER: 'http://127.0.0.1:9', HUB_OIDC_CLIENT_ID: 'x' } });
    try {
      const seen = await visitor(away.origin).get('/sign-in');
      expect([seen.status, /data-problem="(\w+)"/.exec(seen.text)?.[1]]).toEqual([503, 'DOWN']);
      expect(seen.text).not.toContain('127.0.0.1:9');
    } finally {
      await away.close();
    }
  });
});
