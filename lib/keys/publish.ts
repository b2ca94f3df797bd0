import { join } from 'node:path';
import type { PublicJwks, PublicJwk } from './jwk.ts';
import { replaceFile, type StoredKey } from './key-file.ts';

/** Where the gateway's public keys are for subgraphs on this machine. */
export function publicPath(dir: string): string {
  return join(dir, 'gateway.jwks.json');
}

/** Writes the gateway's public keys where subgraphs of this machine read them. */
export async function publish(dir: string, keys: readonly StoredKey[]): Promise<void> {
  await replaceFile(publicPath(dir), publicHalves(keys), 0o644);
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
