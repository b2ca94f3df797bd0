import { exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { authenticator } from '../../gateway/authenticate.ts';
import { AUDIENCE, ISSUER, smallHub } from '../support/small-hub.ts';

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: 'type Query { ping: String @sharing(class: UNCONDITIONAL) pong: String @sharing(class: CONDITIONAL) }',
  resolvers: { Query: { ping: () => 'pong', pong: () => 'ping' } },
};
const hub = await smallHub({ subgraphs: [people] });
afterAll(() => hub.close());

const caller = { department: 'civil-affairs', application: 'relief', roles: [] };

interface Forging {
  readonly claims?: JWTPayload;
  readonly key?: Parameters<SignJWT['sign']>[0];
  readonly header?: { alg?: string; kid?: string };
  readonly issuer?: string;
  readonly audience?: string;
  readonly expires?: string | number | undefined;
}

/** A token that is right but for what is given. */
async function token({ claims, key, header, issuer, audience, ...rest }: Forging = {}): Promise<string> {
  const jwt = new SignJWT({ ...caller, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: hub.key.kid, ...header })
    .setIssuer(issuer ?? ISSUER)
    .setAudience(audience ?? AUDIENCE);
  const expires = 'expires' in rest ? rest.expires : '1h';
  if (expires !== undefined) jwt.setExpirationTime(expires);
  return jwt.sign(key ?? hub.key.privateKey);
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Asks with this Authorization header and expects 401, the reason, nothing fetched and an entry that says so. */
async function expectRefused(authorization: string | undefined, reason: string): Promise<void> {
  const before = hub.entries.length;
  // Each from an address of its own: many from one are counted instead.
  const address = `192.0.2.${before}`;
  const answer = await hub.ask('{ ping }', { headers: { authorization }, address });
  expect(answer).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED', reason } }] });
  expect(answer).not.toHaveProperty('data');
  expect(answer.headers['www-authenticate']).toBe('Bearer');
  expect(hub.fetches).toHaveLength(0);
  const entry = hub.entries.at(-1);
  expect(hub.entries).toHaveLength(before + 1);
  expect(entry).toMatchObject({
    kind: 'AUTHENTICATION_FAILED',
    outcome: 'UNAUTHENTICATED',
    failure: { reason, address, count: 1 },
  });
  if (authorization && authorization.length > 20)
    expect(JSON.stringify([entry, answer])).not.toContain(authorization.slice(7, 40));
}

describe('a token is refused', () => {
  it('that is missing', () => expectRefused(undefined, 'MISSING'));

  it('that is no bearer token', async () => {
    await expectRefused('Basic dXNlcjpwYXNzd29yZA==', 'MALFORMED');
    await expectRefused('Bearer not-a-token', 'MALFORMED');
    await expectRefused('Bearer a.b.c', 'MALFORMED');
  });

  it('without a signature (alg none), whether or not something stands in its place', async () => {
    const claims = { ...caller, iss: ISSUER, aud: AUDIENCE, exp: Math.floor(Date.now() / 1000) + 3600 };
    const unsigned = `${base64url({ alg: 'none' })}.${base64url(claims)}`;
    await expectRefused(`Bearer ${unsigned}.`, 'MALFORMED');
    await expectRefused(`Bearer ${unsigned}.AAAA`, 'SIGNATURE');
  });

  it('signed by HS256 with the public key as its secret', async () => {
    const spki = new TextEncoder().encode(await exportSPKI(hub.key.publicKey));
    await expectRefused(`Bearer ${await token({ key: spki, header: { alg: 'HS256' } })}`, 'SIGNATURE');
  });

  it('signed by a forged key, under the name of the true one and under its own', async () => {
    const forged = await generateKeyPair('EdDSA');
    await expectRefused(`Bearer ${await token({ key: forged.privateKey })}`, 'SIGNATURE');
    await expectRefused(`Bearer ${await token({ key: forged.privateKey, header: { kid: 'mine' } })}`, 'SIGNATURE');
    const other = await generateKeyPair('ES256');
    await expectRefused(`Bearer ${await token({ key: other.privateKey, header: { alg: 'ES256' } })}`, 'SIGNATURE');
  });

  it('whose claims were changed after it was signed', async () => {
    const [header, , signature] = (await token()).split('.');
    const claims = { ...caller, roles: ['auditor'], iss: ISSUER, aud: AUDIENCE, exp: 9_999_999_999 };
    await expectRefused(`Bearer ${header}.${base64url(claims)}.${signature}`, 'SIGNATURE');
  });

  it('for another audience or by another issuer', async () => {
    await expectRefused(`Bearer ${await token({ audience: 'urn:test:other' })}`, 'AUDIENCE');
    await expectRefused(`Bearer ${await token({ issuer: 'urn:test:other' })}`, 'ISSUER');
  });

  it('that has expired, or never does', async () => {
    await expectRefused(`Bearer ${await token({ expires: Math.floor(Date.now() / 1000) - 60 })}`, 'EXPIRED');
    await expectRefused(`Bearer ${await token({ expires: undefined })}`, 'CLAIMS');
  });

  it('that is huge, before it is parsed', () => expectRefused(`Bearer ${'a'.repeat(9_000)}.b.c`, 'TOO_LARGE'));

  it('that does not say who asks, or says it in a form no policy knows', async () => {
    for (const claims of [
      { department: undefined },
      { application: undefined },
      { department: 'Civil Affairs' },
      { department: 'a'.repeat(65) },
      { purpose: 'x" or "1' },
      { roles: 'auditor' },
      { roles: Array.from({ length: 33 }, (_, index) => `r${index}`) },
    ])
      await expectRefused(`Bearer ${await token({ claims })}`, 'CLAIMS');
  });
});

describe('a token is accepted', () => {
  it('that a trusted issuer signed for this hub, and the entry names its caller and its id', async () => {
    const { data } = await hub.ask('{ ping }', {
      headers: {
        authorization: `Bearer ${await token({ claims: { jti: 'T-1', officer: 'O-7', purpose: 'checks' } })}`,
      },
    });
    expect(data).toEqual({ ping: 'pong' });
    expect(hub.entries.at(-1)).toMatchObject({
      kind: 'REQUEST',
      token: 'T-1',
      caller: { ...caller, officer: 'O-7', purpose: 'checks' },
    });
  });

  it('without a purpose, for unconditional items only; the refusal says that a purpose is missing', async () => {
    const { data, errors } = await hub.ask('{ ping pong }', { caller: { purpose: undefined } });
    expect(data).toEqual({ ping: 'pong', pong: null });
    expect(errors?.[0]?.extensions['reason']).toBe('NO_PURPOSE');
    expect(errors?.[0]?.extensions['howToApply']).toContain('purpose');
  });
});

describe('what was verified', () => {
  it('is forgotten after a while, so that a key its issuer withdrew counts no longer', async () => {
    let withdrawn = false;
    const authenticate = authenticator({
      keys: () => (withdrawn ? Promise.reject(new Error('no such key')) : Promise.resolve(hub.key.publicKey)),
      issuer: ISSUER,
      audience: AUDIENCE,
      rememberMs: 50,
    });
    const authorization = `Bearer ${await token()}`;
    await expect(authenticate(authorization)).resolves.toMatchObject({ caller });
    withdrawn = true;
    await expect(authenticate(authorization)).resolves.toMatchObject({ caller });
    await new Promise((resolve) => setTimeout(resolve, 80));
    await expect(authenticate(authorization)).rejects.toMatchObject({ reason: 'KEYS_UNAVAILABLE' });
  });

  it('never outlives the token', async () => {
    const authenticate = authenticator({
      keys: () => Promise.resolve(hub.key.publicKey),
      issuer: ISSUER,
      audience: AUDIENCE,
    });
    // Expired by two seconds: within the tolerance for clocks that differ, yet not remembered.
    const authorization = `Bearer ${await token({ expires: Math.floor(Date.now() / 1000) - 2 })}`;
    await expect(authenticate(authorization)).resolves.toMatchObject({ caller });
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    await expect(authenticate(authorization)).rejects.toMatchObject({ reason: 'EXPIRED' });
  });
});
