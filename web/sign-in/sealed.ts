import { hkdfSync } from 'node:crypto';
import { EncryptJWT, errors, jwtDecrypt, type JWTPayload } from 'jose';

/** What a browser keeps for the hub and can neither read nor change. */
export interface Sealed {
  /** @param until second (Unix) from which it is nothing any more. */
  readonly seal: (content: JWTPayload, until: number) => Promise<string>;
  /** @returns undefined for what is expired, changed, sealed for something else or by a former key. */
  readonly open: (text: string) => Promise<JWTPayload | undefined>;
}

/**
 * Seals by a key of its own for each use, so that what was sealed for one is nothing for another.
 * @param secret 32 random bytes or more; asked each time, as the key may be rotated.
 */
export function sealed(secret: () => Promise<Buffer>, use: string): Sealed {
  let known: { readonly from: Buffer; readonly key: Uint8Array } | undefined;
  const keyOf = async (): Promise<Uint8Array> => {
    const from = await secret();
    if (known?.from !== from)
      known = { from, key: new Uint8Array(hkdfSync('sha256', from, Buffer.alloc(0), `shuniu ${use}`, 32)) };
    return known.key;
  };
  return {
    seal: async (content, until) =>
      new EncryptJWT(content)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setExpirationTime(until)
        .encrypt(await keyOf()),
    async open(text) {
      const key = await keyOf();
      try {
        const { payload } = await jwtDecrypt(text, key, {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
          requiredClaims: ['exp'],
        });
        return payload;
      } catch (thrown) {
        // A cookie comes from outside: whatever is wrong with it, its holder is not signed in.
        if (thrown instanceof errors.JOSEError || thrown instanceof TypeError) return undefined;
        throw thrown;
      }
    },
  };
}
