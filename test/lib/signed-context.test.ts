import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { HubError } from '../../lib/errors.ts';
import {
  type ContextVerifier,
  contextVerifier,
  type SignedContext,
  signContext,
  type SigningKey,
} from '../../lib/signed-context.ts';

const LIMIT = 6_144;
const CONTEXT: SignedContext = {
  caller: { department: 'civil-affairs', application: 'relief', roles: [] },
  fetches: ['x'],
  asked: [],
  internal: [],
  divisions: ['*'],
  grants: [],
  epoch: 1,
  release: '1',
};

let key: SigningKey;
let verify: ContextVerifier;
/** Times a key was looked up to verify a signature. */
let lookups = 0;

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  key = { kid: 'test', privateKey };
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: key.kid, alg: 'EdDSA' }] });
  verify = contextVerifier('population', (header, token) => {
    lookups += 1;
    return keys(header, token);
  });
});

const withName = (characters: number): SignedContext => ({ ...CONTEXT, asked: ['x'.repeat(characters)] });

const failure = async (attempt: Promise<unknown>): Promise<HubError> => {
  const thrown: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof HubError)) throw new Error('a HubError was expected', { cause: thrown });
  return thrown;
};

/** As a gateway without a limit would sign. */
const unlimited = async (context: SignedContext): Promise<string> =>
  new SignJWT({ ...context })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'shuniu-context+jwt' })
    .setIssuer('shuniu-gateway')
    .setAudience('population')
    .setIssuedAt()
    .setExpirationTime('10s')
    .sign(key.privateKey);

describe('a signed context', () => {
  it('is signed and accepted up to its limit, and refused from there on, by the gateway and by the subgraph', async () => {
    const base = (await unlimited(withName(0))).length;
    // Three bytes of JSON are four characters of base64url.
    const most = Math.floor(((LIMIT - base) * 3) / 4);
    const longest = await signContext(withName(most), 'population', key);
    expect(longest.length).toBeGreaterThan(LIMIT - 4);
    expect((await verify(longest)).asked).toEqual(['x'.repeat(most)]);

    for (const more of [1, 3, 10_000]) {
      const token = await unlimited(withName(most + more));
      if (token.length <= LIMIT) continue;
      expect((await failure(signContext(withName(most + more), 'population', key))).code).toBe('CONTEXT_TOO_LARGE');
      expect((await failure(verify(token))).code).toBe('CONTEXT_TOO_LARGE');
    }
  });

  it('is refused for its length before a key is looked up, whoever signed it', async () => {
    const honest = await unlimited(withName(5_000));
    lookups = 0;
    for (const token of [honest, 'a.b.c'.padEnd(LIMIT + 1, 'x'), 'x'.repeat(1_000_000)]) {
      const error = await failure(verify(token));
      expect(error.code).toBe('CONTEXT_TOO_LARGE');
      expect(error.message).toBe(
        `The signed context has ${token.length} characters; ${LIMIT} is the limit. Send a shorter one.`,
      );
    }
    expect(lookups).toBe(0);
    expect((await failure(verify(honest.slice(0, LIMIT)))).code).toBe('CONTEXT_REFUSED');
  });

  it('that cannot be signed tells the caller the subgraph, the size, the limit and what to do', async () => {
    const error = await failure(signContext(withName(5_000), 'population', key));
    expect(error.message).toMatch(
      /^What this operation asks of the subgraph population makes a signed context of 7\d{3} characters; 6144 is the limit\. Ask for fewer items/,
    );
  });

  it('is verified once, and again when it has expired', async () => {
    const token = await signContext(CONTEXT, 'population', key);
    lookups = 0;
    const first = await verify(token);
    expect(await verify(token)).toBe(first);
    expect(lookups).toBe(1);
  });
});
