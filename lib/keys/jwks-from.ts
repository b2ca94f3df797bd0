import { readFileSync } from 'node:fs';
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { HubError, messageOf } from '../errors.ts';
import { publicJwks, type PublicJwks } from './jwk.ts';
import { type Watched, watchedFile } from './watched-file.ts';

/** The keys cannot be had now; it says nothing about the token. Not for the caller: it names places inside. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

export interface JwksOptions {
  /** In production, keys that were generated for development do not count. */
  readonly production: boolean;
}

/**
 * The verification keys at a file or an http(s) URL, for jose's `jwtVerify`. A key that is new there counts at once (URL: five
 * seconds after the last look at the latest), one that is withdrawn or past its `exp` within a second (URL: five minutes).
 * @throws HubError KEYS_REFUSED when the file is not there or holds no JWK Set; later failures reject with KeysUnavailableError.
 */
export function jwksFrom(fileOrUrl: string, options: JwksOptions): JWTVerifyGetKey {
  return /^https?:\/\//.test(fileOrUrl) ? remoteKeys(new URL(fileOrUrl), options) : fileKeys(fileOrUrl, options);
}

function fileKeys(path: string, options: JwksOptions): JWTVerifyGetKey {
  try {
    parseJwks(readFileSync(path, 'utf8'));
  } catch (thrown) {
    throw new HubError(
      'KEYS_REFUSED',
      `${path}: ${messageOf(thrown)}. Put the public keys there as a JWK Set, {"keys":[…]}.`,
    );
  }
  return watchedKeys(watchedFile(path, parseJwks), options);
}

/** Verification keys out of a file that is looked at again for a key it did not have. */
export function watchedKeys(file: Watched<PublicJwks>, options: JwksOptions): JWTVerifyGetKey {
  const keySetOf = byContent(options);
  return async (header, token) => {
    try {
      return await keySetOf(await available(file.current()))(header, token);
    } catch (thrown) {
      if (!(thrown instanceof errors.JWKSNoMatchingKey)) throw thrown;
      return keySetOf(await available(file.refreshed()))(header, token);
    }
  };
}

/** jose imports each key once per key set, so the set is kept while its content is the same. */
function byContent(options: JwksOptions): (jwks: PublicJwks) => JWTVerifyGetKey {
  let known: { readonly jwks: PublicJwks; readonly count: number; readonly keySet: JWTVerifyGetKey } | undefined;
  return (jwks) => {
    const keys = usableKeys(jwks, options);
    if (known?.jwks !== jwks || known.count !== keys.length)
      known = { jwks, count: keys.length, keySet: createLocalJWKSet({ keys }) };
    return known.keySet;
  };
}

function remoteKeys(url: URL, options: JwksOptions): JWTVerifyGetKey {
  const keySet = createRemoteJWKSet(url, {
    timeoutDuration: 3_000,
    // Bounds what tokens with made-up key ids can cost the issuer, and how long a fresh key may be unknown.
    cooldownDuration: 5_000,
    cacheMaxAge: 300_000,
    [customFetch]: async (...request: Parameters<typeof fetch>) => {
      const response = await fetch(...request);
      if (!response.ok) return response;
      return Response.json({ keys: usableKeys(parseJwks(await response.text()), options) });
    },
  });
  return async (header, token) => {
    try {
      return await keySet(header, token);
    } catch (thrown) {
      if (saysOfToken(thrown)) throw thrown;
      throw new KeysUnavailableError(`The keys at ${url.origin}${url.pathname} cannot be read.`, { cause: thrown });
    }
  };
}

/** jose throws for a token without a matching key, and for an issuer that does not answer (also its generic error). */
function saysOfToken(thrown: unknown): boolean {
  if (!(thrown instanceof errors.JOSEError)) return false;
  return !['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'].includes(thrown.code);
}

/** The keys that count now. */
export function usableKeys({ keys }: PublicJwks, { production }: JwksOptions): PublicJwks['keys'] {
  const now = Date.now() / 1000;
  return keys.filter(
    ({ exp, environment }) => (exp === undefined || exp > now) && !(production && environment === 'development'),
  );
}

export function parseJwks(text: string): PublicJwks {
  const read = publicJwks.safeParse(json(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new TypeError(`${issue?.path.join('.') || 'the content'} is not what a set of public keys holds`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser would quote the text, which may be a private key put in the wrong place; it is refused as not a key set.
    return undefined;
  }
}

async function available(keys: Promise<PublicJwks>): Promise<PublicJwks> {
  try {
    return await keys;
  } catch (thrown) {
    throw new KeysUnavailableError('The file of the keys cannot be read.', { cause: thrown });
  }
}
