import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKeyring } from '../../lib/keys/keyring.ts';
import { parseSettings } from '../../lib/settings.ts';
import { openDevelopmentIssuer } from '../../scripts/dev-issuer/dev-issuer.ts';
import { servePages } from '../../scripts/serve-pages.ts';
import { registerPages } from '../../web/pages.ts';
import { SIGNED_IN } from './signed-in-token.ts';

const production = parseSettings(
  { NODE_ENV: 'production', HUB_JWKS: 'https://identity.example/jwks', HUB_ISSUER: 'https://identity.example' },
  { subgraphs: [], role: 'hub' },
);
const SECRET = Buffer.alloc(32, 7);
const keyring = openKeyring(production.keys);

describe('the pages in production', () => {
  const app = fastify();
  beforeAll(async () => {
    const pages = await servePages(app, {
      settings: production,
      gateway: {
        answer: () => Promise.reject(new Error('nothing is asked')),
        replace: () => undefined,
        prepare: () => Promise.resolve(() => undefined),
        foresee: () => Promise.resolve(),
        stop: () => Promise.resolve(),
      },
    });
    pages.listening('http://127.0.0.1:4000');
    await app.ready();
  });
  afterAll(() => app.close());

  it('have no development issuer: no page, no token, no key', async () => {
    for (const [method, url] of [
      ['GET', '/development-issuer/authorize'],
      ['POST', '/development-issuer/authorize'],
      ['POST', '/development-issuer/token'],
      ['GET', '/development-issuer/jwks.json'],
    ] as const)
      expect((await app.inject({ method, url })).statusCode).toBe(404);
    expect(() => openDevelopmentIssuer(fastify(), { settings: production, keyring, listens: () => '' })).toThrow(
      'Anybody can be anybody with the development issuer.',
    );
  });

  it('say what to set where nobody can sign in', async () => {
    const { statusCode, body } = await app.inject({ url: '/sign-in', headers: { accept: 'text/html' } });
    expect(statusCode).toBe(503);
    expect(body).toContain('HUB_OIDC_ISSUER');
  });
});

describe('the pages behind https', () => {
  const app = fastify();
  beforeAll(async () => {
    registerPages(app, {
      ask: () => Promise.resolve({ status: 200, headers: {}, body: '{"data":{}}' }),
      pages: [{ path: '/a', show: () => Promise.resolve({ kind: 'page', title: 'a', main: 'a' }) }],
      provider: {
        leave: () =>
          Promise.resolve({
            to: new URL('https://identity.example/authorize'),
            leaving: { state: 's', nonce: 'n', verifier: 'v' },
          }),
        comeBack: () => Promise.resolve(SIGNED_IN),
        endSession: () => Promise.resolve(undefined),
      },
      secret: () => Promise.resolve(SECRET),
      origin: 'https://hub.example',
      listens: () => 'http://127.0.0.1:4000',
    });
    await app.ready();
  });
  afterAll(() => app.close());

  it('keep a session in cookies that only this host sets and only https carries, whatever its length', async () => {
    const left = await app.inject({ url: '/sign-in', headers: { host: 'hub.example' } });
    const leaving = left.cookies.find(({ name }) => name === '__Host-shuniu-leaving');
    expect(leaving).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
    const back = await app.inject({
      url: '/sign-in/callback?code=c&state=s',
      headers: { host: 'hub.example' },
      cookies: { '__Host-shuniu-leaving': leaving?.value ?? '' },
    });
    const parts = back.cookies.filter(({ name, value }) => name.startsWith('__Host-shuniu') && value !== '');
    expect(parts.map(({ name }) => name)).toEqual(['__Host-shuniu', '__Host-shuniu.1']);
    for (const part of parts) {
      expect(part).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
      expect(part).not.toHaveProperty('domain');
      expect(`${part.name}=${part.value}`.length).toBeLessThan(4_000);
    }
    const cookies = Object.fromEntries(parts.map(({ name, value }) => [name, value]));
    const seen = await app.inject({ url: '/a', headers: { host: 'hub.example' }, cookies });
    expect(seen.statusCode).toBe(200);
    const torn = await app.inject({
      url: '/a',
      headers: { host: 'hub.example' },
      cookies: { '__Host-shuniu': cookies['__Host-shuniu'] ?? '' },
    });
    expect(torn.statusCode).toBe(401);
  });

  it('believe no Host: neither an address nor the origin of forms comes from it', async () => {
    const host = 'evil.example';
    const seen = await app.inject({ url: '/a?b=1', headers: { host, accept: 'text/html' } });
    expect(seen.body).not.toContain(host);
    const sent = await app.inject({
      ...{ method: 'POST', url: '/preferences', payload: 'theme=dark' },
      headers: { host, origin: `https://${host}`, 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(sent.statusCode).toBe(403);
  });
});
