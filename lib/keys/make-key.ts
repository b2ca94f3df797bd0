import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { keyId, type KeyEnvironment } from './jwk.ts';
import type { StoredKey } from './key-file.ts';
import { KEYS, type KeyName } from './key-names.ts';

/** A new key for a name: Ed25519 for signing, 32 random bytes for a secret. */
export async function makeKey(name: KeyName, environment: KeyEnvironment, at: Date): Promise<StoredKey> {
  const dates = { environment, createdAt: at.toISOString() };
  if (KEYS[name].kind === 'secret') {
    const secret = { kty: 'oct', k: randomBytes(32).toString('base64url') } as const;
    return { ...secret, kid: await keyId(secret), ...dates };
  }
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { x = '', d = '' } = await exportJWK(privateKey);
  const pair = { kty: 'OKP', crv: 'Ed25519', x } as const;
  return { ...pair, d, kid: await keyId(pair), ...dates };
}
