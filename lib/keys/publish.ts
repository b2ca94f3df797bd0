import { join } from 'node:path';
import type { PublicJwks, PublicJwk } from './jwk.ts';
import { replaceFile, type StoredKey } from './key-file.ts';
import type { PublishedName } from './key-names.ts';

/** Where the public halves of a key are for processes of this machine that verify by them. */
export function publicPath(dir: string, name: PublishedName): string {
  return join(dir, `${name}.jwks.json`);
}

/** Writes the public halves of a key where other processes of this machine read them. */
export async function publish(dir: string, name: PublishedName, keys: readonly StoredKey[]): Promise<void> {
  await replaceFile(publicPath(dir, name), publicHalves(keys), 0o644);
}

/** The public halves of signing keys; `exp` is the time at which a retired one ceases to verify. */
export function publicHalves(keys: readonly StoredKey[]): PublicJwks {
  return { keys: keys.flatMap((key) => (key.kty === 'OKP' ? [publicHalf(key)] : [])) };
}

export function publicHalf(key: {
  readonly x: string;
  readonly kid: string;
  readonly environment?: PublicJwk['environment'];
  readonly expiresAt?: string | undefined;
}): PublicJwk {
  const exp = key.expiresAt === undefined ? undefined : Math.floor(Date.parse(key.expiresAt) / 1000);
  return {
    kty: 'OKP',
    crv: 'Ed25519',
    x: key.x,
    kid: key.kid,
    alg: 'EdDSA',
    use: 'sig',
    ...(key.environment && { environment: key.environment }),
    ...(exp !== undefined && { exp }),
  };
}
