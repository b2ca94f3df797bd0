import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jwtVerify } from 'jose';
import { jwksFrom } from '../../lib/keys/jwks-from.ts';
import { keyId } from '../../lib/keys/jwk.ts';
import { createKeys, readKeys } from '../../lib/keys/key-file.ts';
import { openKeyring } from '../../lib/keys/keyring.ts';
import { listKeys } from '../../lib/keys/list.ts';
import { makeKey } from '../../lib/keys/make-key.ts';
import { initKeys, rotateKey } from '../../lib/keys/rotate.ts';
import type { KeySettings } from '../../lib/settings.ts';
import { contextVerifier, type SignedContext, signContext } from '../../lib/signed-context.ts';

const HOUR = 3600 * 1000;
const PRIVATE_KEY = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
} as const;
const context: SignedContext = {
  caller: { department: 'civil-affairs', application: 'relief', roles: [] },
  fetches: ['x'],
  asked: [],
  internal: [],
  divisions: ['*'],
  grants: [],
  epoch: 1,
  release: '1',
};

let dir: string;
let development: KeySettings;
let production: KeySettings;

beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), 'keys-'));
  dir = join(root, 'keys');
  development = { dir, production: false, secrets: {} };
  production = { ...development, production: true };
});
afterEach(() => rm(join(dir, '..'), { recursive: true }));

const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);
const file = (name: string): string => join(dir, name);
const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(file(name), 'utf8'));

describe('a key folder', () => {
  it('is made with keys only its owner can read, and public keys that everybody can', async () => {
    expect(await initKeys(development)).toEqual([
      'gateway',
      'development-issuer',
      'release',
      'cursor',
      'session',
      'subjects',
    ]);
    expect(await mode(dir)).toBe('700');
    for (const name of ['gateway', 'development-issuer', 'release', 'cursor', 'session', 'subjects'])
      expect(await mode(file(`${name}.key.json`))).toBe('600');
    expect(await mode(file('gateway.jwks.json'))).toBe('644');
    expect(await initKeys(development)).toEqual([]);
  });

  it('names keys by their RFC 7638 thumbprint and publishes no private part', async () => {
    // RFC 8037, appendix A.3: the thumbprint of the key of its examples.
    expect(await keyId(PRIVATE_KEY)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
    const { kid } = await openKeyring(development).signing('gateway');
    expect(await read('gateway.jwks.json')).toEqual({
      keys: [
        {
          kty: 'OKP',
          crv: 'Ed25519',
          x: expect.stringMatching(/^[\w-]{43}$/) as string,
          kid,
          alg: 'EdDSA',
          use: 'sig',
          environment: 'development',
        },
      ],
    });
  });

  it('gives processes that start together one key', async () => {
    const rings = Array.from({ length: 8 }, () => openKeyring(development));
    const ids = await Promise.all(rings.map(async (ring) => (await ring.signing('gateway')).kid));
    expect(new Set(ids).size).toBe(1);
    const secrets = await Promise.all(rings.map((ring) => ring.secret('subjects')));
    expect(new Set(secrets.map((bytes) => bytes.toString('hex'))).size).toBe(1);
    expect(secrets[0]).toHaveLength(32);
  });

  it('never replaces a key by making one', async () => {
    const [first, second] = await Promise.all([0, 1].map(() => makeKey('subjects', 'development', new Date())));
    if (!first || !second) throw new Error('two keys are made above');
    await createKeys(dir, 'subjects', [first]);
    await createKeys(dir, 'subjects', [second]);
    expect(await readKeys(dir, 'subjects')).toEqual([first]);
    expect(await readdir(dir)).toEqual(['subjects.key.json']);
  });

  it.each(['640', '604', '620'])('refuses a key file of mode %s, until the command it names has run', async (bad) => {
    await initKeys(development);
    const ring = openKeyring(development);
    await chmod(file('gateway.key.json'), parseInt(bad, 8));
    await expect(ring.signing('gateway')).rejects.toThrow(`Run chmod 600 ${file('gateway.key.json')}`);
    await chmod(file('gateway.key.json'), 0o600);
    await expect(ring.signing('gateway')).resolves.toHaveProperty('kid');
  });

  it('refuses a folder in which others can replace keys', async () => {
    await initKeys(development);
    await chmod(dir, 0o777);
    await expect(openKeyring(development).secret('cursor')).rejects.toThrow(`Run chmod 700 ${dir}`);
  });

  it('refuses public keys that others can change', async () => {
    await initKeys(development);
    await chmod(file('gateway.jwks.json'), 0o666);
    const token = await signContext(context, 'population', await openKeyring(development).signing('gateway'));
    const verify = contextVerifier('population', openKeyring(development).verifying('gateway'));
    await expect(verify(token)).rejects.toMatchObject({ cause: { code: 'KEYS_REFUSED' } });
  });

  it('refuses a file that is none, or of a newer format, without quoting it', async () => {
    await initKeys(development);
    await writeFile(file('cursor.key.json'), '{"k":"quoted');
    await expect(openKeyring(development).secret('cursor')).rejects.toThrow(/not a key file. Restore it/);
    await writeFile(file('cursor.key.json'), '{"format":2,"sealed":"quoted"}');
    await expect(openKeyring(development).secret('cursor')).rejects.toThrow(/written by a newer version/);
  });
});

describe('a key from a variable', () => {
  it('comes before the files, and leaves none', async () => {
    const bytes = Buffer.alloc(32, 1);
    const ring = openKeyring({ ...production, gatewayKey: PRIVATE_KEY, secrets: { cursor: bytes } });
    expect((await ring.signing('gateway')).kid).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
    expect((await ring.secret('cursor')).equals(bytes)).toBe(true);
    const token = await signContext(context, 'population', await ring.signing('gateway'));
    await expect(contextVerifier('population', ring.verifying('gateway'))(token)).resolves.toEqual(context);
    await expect(stat(dir)).rejects.toThrow('ENOENT');
  });

  it('is refused when its halves do not belong together', async () => {
    const gatewayKey = { ...PRIVATE_KEY, x: 'A'.repeat(43) };
    await expect(openKeyring({ ...production, gatewayKey }).signing('gateway')).rejects.toThrow('not the public half');
  });

  it('is not rotated by the command', async () => {
    await expect(rotateKey({ ...development, gatewayKey: PRIVATE_KEY }, 'gateway')).rejects.toThrow('HUB_GATEWAY_KEY');
  });
});

describe('production', () => {
  it('makes no key by itself', async () => {
    const ring = openKeyring(production);
    await expect(ring.signing('gateway')).rejects.toThrow(
      'Run NODE_ENV=production hub keys init, or set HUB_GATEWAY_KEY',
    );
    await expect(ring.secret('subjects')).rejects.toThrow('HUB_SUBJECTS_SECRET');
    await expect(stat(dir)).rejects.toThrow('ENOENT');
  });

  it('has no development issuer', async () => {
    expect(await initKeys(production)).toEqual(['gateway', 'release', 'cursor', 'session', 'subjects']);
    const ring = openKeyring(production);
    await expect(ring.signing('development-issuer')).rejects.toThrow('not used in production');
    expect(() => ring.verifying('development-issuer')).toThrow('not used in production');
  });

  it('refuses keys made for development, wherever they stand', async () => {
    await initKeys(development);
    const ring = openKeyring(production);
    for (const attempt of [() => ring.signing('gateway'), () => ring.secret('cursor'), () => ring.secret('subjects')])
      await expect(attempt()).rejects.toThrow(/made for development, refused in production/);
    const token = await signContext(context, 'population', await openKeyring(development).signing('gateway'));
    for (const keys of [ring.verifying('gateway'), jwksFrom(file('gateway.jwks.json'), { production: true })])
      await expect(contextVerifier('population', keys)(token)).rejects.toThrow('not valid');
  });

  it('replaces keys made for development when they are rotated', async () => {
    await initKeys(development);
    const old = await signContext(context, 'population', await openKeyring(development).signing('gateway'));
    const fresh = await rotateKey(production, 'gateway');
    const ring = openKeyring(production);
    expect(await ring.publicJwks('gateway')).toMatchObject({ keys: [{ kid: fresh.kid, environment: 'production' }] });
    await expect(contextVerifier('population', ring.verifying('gateway'))(old)).rejects.toThrow('not valid');
  });
});

describe('rotation', () => {
  it('signs with the new key at once, in processes that run too, and still verifies what the old one signed', async () => {
    const gateway = openKeyring(development);
    const subgraph = openKeyring(development).verifying('gateway');
    const old = await signContext(context, 'population', await gateway.signing('gateway'));
    await expect(contextVerifier('population', subgraph)(old)).resolves.toEqual(context);

    const fresh = await rotateKey(development, 'gateway');
    await expect.poll(async () => (await gateway.signing('gateway')).kid, { timeout: 3_000 }).toBe(fresh.kid);
    const now = await signContext(context, 'population', await gateway.signing('gateway'));
    await expect(contextVerifier('population', subgraph)(now)).resolves.toEqual(context);
    await expect(contextVerifier('population', subgraph)(old)).resolves.toEqual(context);
  });

  it('refuses the old key from its expiry on', async () => {
    const old = await signContext(context, 'population', await openKeyring(development).signing('gateway'));
    await rotateKey(development, 'gateway', new Date(Date.now() - 23 * HOUR));
    const verify = () => contextVerifier('population', openKeyring(development).verifying('gateway'))(old);
    await expect(verify()).resolves.toEqual(context);
    await rm(dir, { recursive: true });

    const older = await signContext(context, 'population', await openKeyring(development).signing('gateway'));
    await rotateKey(development, 'gateway', new Date(Date.now() - 25 * HOUR));
    const late = contextVerifier('population', openKeyring(development).verifying('gateway'));
    await expect(late(older)).rejects.toThrow('not valid');
    expect((await openKeyring(development).publicJwks('gateway')).keys).toHaveLength(1);
  });

  it('keeps no private part of a retired key, and drops it after its expiry', async () => {
    const { kid } = await openKeyring(development).signing('gateway');
    await rotateKey(development, 'gateway');
    const { keys } = (await read('gateway.key.json')) as { keys: Record<string, string>[] };
    expect(keys.map((key) => [key['kid'] === kid, 'd' in key])).toEqual([
      [false, true],
      [true, false],
    ]);
    expect(Date.parse(keys[1]?.['expiresAt'] ?? '') - Date.parse(keys[1]?.['retiredAt'] ?? '')).toBe(24 * HOUR);
    await rotateKey(development, 'gateway', new Date(Date.now() + 48 * HOUR));
    expect((await listKeys(development)).filter(({ name }) => name === 'gateway')).toHaveLength(2);
  });

  it('keeps every secret by which data subjects were hashed, and no cursor secret', async () => {
    await initKeys(development);
    const before = await openKeyring(development).secret('subjects');
    await rotateKey(development, 'subjects');
    await rotateKey(development, 'cursor');
    expect((await openKeyring(development).secret('subjects')).equals(before)).toBe(false);
    const { keys } = (await read('subjects.key.json')) as { keys: { k: string }[] };
    expect(keys.map(({ k }) => k)).toContain(before.toString('base64url'));
    const listed = await listKeys(development);
    expect(listed.filter(({ name }) => name === 'subjects').map(({ status }) => status)).toEqual([
      'current',
      'retired',
    ]);
    expect(listed.filter(({ name }) => name === 'cursor').map(({ status }) => status)).toEqual(['current']);
  });

  it('lists no private part', async () => {
    await initKeys(development);
    const secret = (await openKeyring(development).secret('cursor')).toString('base64url');
    const text = JSON.stringify(await listKeys(development));
    expect(text).not.toContain(secret);
    expect(text).not.toContain('"d"');
  });
});

describe('keys in a file of another issuer', () => {
  it('are refused at the start when there are none, or private ones', async () => {
    expect(() => jwksFrom(file('absent.json'), { production: false })).toThrow(/Put the public keys there/);
    await initKeys(development);
    for (const content of [
      '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}',
      JSON.stringify({ keys: [PRIVATE_KEY] }),
      'nWGx',
    ]) {
      await writeFile(file('issuer.json'), content);
      expect(() => jwksFrom(file('issuer.json'), { production: false })).toThrow(
        /is not what a set of public keys holds/,
      );
    }
  });

  it('are read again when a token names a key that was not there', async () => {
    const ring = openKeyring(development);
    const { kid } = await ring.signing('gateway');
    await writeFile(file('issuer.json'), JSON.stringify({ keys: [] }));
    const keys = jwksFrom(file('issuer.json'), { production: false });
    const token = await signContext(context, 'population', await ring.signing('gateway'));
    await expect(jwtVerify(token, keys)).rejects.toThrow('no applicable key');
    await writeFile(file('issuer.json'), await readFile(file('gateway.jwks.json')));
    await expect(jwtVerify(token, keys)).resolves.toMatchObject({ protectedHeader: { kid } });
    await writeFile(file('issuer.json'), JSON.stringify({ keys: [] }));
    await expect.poll(() => jwtVerify(token, keys).then(String, () => 'refused'), { timeout: 3_000 }).toBe('refused');
  });
});
