import { createPrivateKey, createPublicKey } from 'node:crypto';
import { type CryptoKey, importJWK, type JWTVerifyGetKey } from 'jose';
import { HubError } from '../errors.ts';
import type { KeySettings } from '../settings.ts';
import type { SigningKey } from '../signed-context.ts';
import { keyId, type PrivateKeyJwk, type PublicJwks } from './jwk.ts';
import { assertOurs, assertPrivate, keyPath, parseKeys, type StoredKey } from './key-file.ts';
import {
  isPublished,
  type KeyKind,
  type KeyName,
  KEYS,
  type PublishedName,
  type SecretName,
  type SigningName,
} from './key-names.ts';
import { parseJwks, usableKeys, watchedKeys } from './jwks-from.ts';
import { publicHalf, publicHalves, publicPath } from './publish.ts';
import { ensureKey } from './rotate.ts';
import { derived, madeWhenMissing, type Watched, watchedFile } from './watched-file.ts';

/** The keys of one key folder. Each is read when it is first asked for, and again after `hub keys rotate`. */
export interface Keyring {
  /** The current private key. */
  signing(name: SigningName): Promise<SigningKey>;
  /** The public keys that verify now, as a gateway may serve them. */
  publicJwks(name: SigningName): Promise<PublicJwks>;
  /** The same for jose's `jwtVerify`, following rotation. */
  verifying(name: SigningName): JWTVerifyGetKey;
  /** 32 bytes or more, the same in every process that shares the folder or the variable. */
  secret(name: SecretName): Promise<Buffer>;
}

/**
 * Opens a key folder; nothing is read yet. In development a key that is missing is made, and marked as made for it.
 * Its functions reject with HubError KEYS_REFUSED: for a file that others can read, for a development key in production, and
 * for a missing key there; the sentence says what to run.
 */
export function openKeyring(settings: KeySettings): Keyring {
  const stored = once((name: KeyName) => storedKeys(name, settings));
  const signing = once((name: SigningName) =>
    name === 'gateway' && settings.gatewayKey
      ? fixed(broughtKey(settings.gatewayKey))
      : derived(stored(name), (keys) => currentKey(keys, keyPath(settings.dir, name))),
  );
  const verifying = once((name: SigningName) => {
    if (name === 'gateway' && settings.gatewayKey) return fixed(broughtHalf(settings.gatewayKey));
    if (isPublished(name)) return published(settings, name);
    if (settings.production) throw missing(settings, name);
    return derived(stored(name), publicHalves);
  });

  return {
    signing: (name) => signing(name).current(),
    publicJwks: async (name) => ({ keys: usableKeys(await verifying(name).current(), settings) }),
    verifying: (name) => watchedKeys(verifying(name), settings),
    async secret(name) {
      const brought = settings.secrets[name];
      if (brought) return brought;
      const [key] = await stored(name).current();
      if (key?.kty !== 'oct') throw wrongKind(keyPath(settings.dir, name));
      return Buffer.from(key.k, 'base64url');
    },
  };
}

/** The keys of a file, which is checked each time it is read: its mode, its format, and what it was made for. */
function storedKeys(name: KeyName, settings: KeySettings): Watched<readonly StoredKey[]> {
  const path = keyPath(settings.dir, name);
  const file = watchedFile(path, async (text) => {
    await assertPrivate(path);
    const keys = parseKeys(text, path);
    if (settings.production && keys[0]?.environment === 'development')
      throw new HubError(
        'KEYS_REFUSED',
        `${path}: made for development, refused in production. Run NODE_ENV=production hub keys rotate ${name}`,
      );
    return keys;
  });
  return madeWhenMissing(file, () => makeMissing(settings, name));
}

/** The public file, which another process may have without the private key. */
function published(settings: KeySettings, name: PublishedName): Watched<PublicJwks> {
  const path = publicPath(settings.dir, name);
  const file = watchedFile(path, async (text) => {
    await assertOurs(path);
    return parseJwks(text);
  });
  return madeWhenMissing(file, () => makeMissing(settings, name));
}

async function makeMissing(settings: KeySettings, name: KeyName): Promise<void> {
  if (settings.production) throw missing(settings, name);
  await ensureKey(settings, name);
}

function missing(settings: KeySettings, name: KeyName): HubError {
  const { variable, developmentOnly }: KeyKind = KEYS[name];
  const advice = developmentOnly
    ? 'not used in production. Set HUB_JWKS, HUB_ISSUER and HUB_AUDIENCE to accept the tokens of your own issuer.'
    : `missing. Run NODE_ENV=production hub keys init, or set ${variable ?? 'its variable'}.`;
  return new HubError('KEYS_REFUSED', `${keyPath(settings.dir, name)}: ${advice}`);
}

async function currentKey([key]: readonly StoredKey[], path: string): Promise<SigningKey> {
  if (key?.kty !== 'OKP' || key.d === undefined) throw wrongKind(path);
  return { kid: key.kid, privateKey: await importPrivate(key.x, key.d) };
}

async function broughtKey(jwk: PrivateKeyJwk): Promise<SigningKey> {
  const derivedX = createPublicKey(createPrivateKey({ key: jwk, format: 'jwk' })).export({ format: 'jwk' }).x;
  if (derivedX !== jwk.x)
    throw new HubError(
      'KEYS_REFUSED',
      'HUB_GATEWAY_KEY: x is not the public half of d. Set the JWK as it was generated.',
    );
  return { kid: await keyId(jwk), privateKey: await importPrivate(jwk.x, jwk.d) };
}

async function broughtHalf(jwk: PrivateKeyJwk): Promise<PublicJwks> {
  return { keys: [publicHalf({ ...jwk, kid: await keyId(jwk) })] };
}

async function importPrivate(x: string, d: string): Promise<CryptoKey> {
  const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x, d }, 'EdDSA', { extractable: false });
  if (key instanceof Uint8Array) throw new TypeError('An Ed25519 key was imported as a secret.');
  return key;
}

function wrongKind(path: string): HubError {
  return new HubError('KEYS_REFUSED', `${path}: holds no current key of this kind. Restore it from its copy.`);
}

/** A value that does not change while the process runs. */
function fixed<Value>(value: Promise<Value>): Watched<Value> {
  return { current: () => value, refreshed: () => value };
}

function once<Name, Value>(make: (name: Name) => Value): (name: Name) => Value {
  const made = new Map<Name, Value>();
  return (name) => {
    const value = made.get(name) ?? make(name);
    made.set(name, value);
    return value;
  };
}
