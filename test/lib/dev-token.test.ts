import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueDevelopmentToken, type WantedToken } from '../../lib/dev-token.ts';
import { type Keyring, openKeyring } from '../../lib/keys/keyring.ts';

const tokens = { issuer: 'urn:shuniu:development-issuer', audience: 'shuniu' };
const relief: WantedToken = { department: 'civil-affairs', application: 'relief' };

let dir: string;
let keyring: Keyring;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'token-'));
  keyring = openKeyring({ dir: join(dir, 'keys'), production: false, secrets: {} });
});
afterEach(() => rm(dir, { recursive: true }));

describe('a development token', () => {
  it('says who asks and for what, for eight hours', async () => {
    const { token, expiresAt } = await issueDevelopmentToken(
      { ...relief, purpose: 'low-income-check', officer: 'officer-7', roles: ['reader', 'steward'] },
      keyring,
      tokens,
    );
    const { payload, protectedHeader } = await jwtVerify(token, keyring.verifying('development-issuer'), {
      ...tokens,
      algorithms: ['EdDSA'],
      typ: 'at+jwt',
    });
    expect(payload).toEqual({
      iss: tokens.issuer,
      aud: 'shuniu',
      sub: 'civil-affairs/relief',
      department: 'civil-affairs',
      application: 'relief',
      officer: 'officer-7',
      purpose: 'low-income-check',
      roles: ['reader', 'steward'],
      iat: payload.iat,
      exp: (payload.iat ?? 0) + 8 * 3600,
      jti: expect.stringMatching(/^[\da-f-]{36}$/) as string,
    });
    expect(expiresAt.getTime()).toBe((payload.exp ?? 0) * 1000);
    expect(protectedHeader).toEqual({
      alg: 'EdDSA',
      typ: 'at+jwt',
      kid: (await keyring.signing('development-issuer')).kid,
    });
  });

  it('leaves out what was not asked for', async () => {
    const { token } = await issueDevelopmentToken({ ...relief, expires: '5m' }, keyring, tokens);
    const claims = decodeJwt(token);
    expect(claims).not.toHaveProperty('officer');
    expect(claims).not.toHaveProperty('purpose');
    expect(claims['roles']).toEqual([]);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300);
  });

  it('does not verify as a gateway’s signature', async () => {
    const { token } = await issueDevelopmentToken(relief, keyring, tokens);
    await expect(jwtVerify(token, keyring.verifying('gateway'))).rejects.toThrow('no applicable key');
    expect(decodeProtectedHeader(token).kid).not.toBe((await keyring.signing('gateway')).kid);
  });

  it.each([
    [{ ...relief, department: 'Civil Affairs' }, 'department: cannot be used. Give lower-case letters'],
    [{ ...relief, purpose: '-' }, 'purpose: cannot be used'],
    [{ ...relief, roles: ['reader', 'Über'] }, 'roles: cannot be used'],
    [{ ...relief, expires: '8 hours' }, 'expires: cannot be used. Give a number and s, m, h or d, such as 8h.'],
    [{ ...relief, expires: '31d' }, 'expires: cannot be used. Give at most 30d.'],
  ])('is refused for %j', async (request, sentence) => {
    await expect(issueDevelopmentToken(request, keyring, tokens)).rejects.toThrow(sentence);
  });

  it('is not issued in production', async () => {
    const production = openKeyring({ dir, production: true, secrets: {} });
    await expect(issueDevelopmentToken(relief, production, tokens)).rejects.toThrow('not used in production');
  });
});
