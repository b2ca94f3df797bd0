import { errors, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { HubError } from '../../lib/errors.ts';
import type { SigningKey } from '../../lib/signed-context.ts';
import { contentDigest, recordDigest, type Release } from './release.ts';

const TYPE = 'shuniu-release+jwt';

const claims = z.object({ number: z.number(), digest: z.string(), record: z.string() });

/** Signs what a release is: its number, its content, what it follows, and who made it of what. */
export function signRelease(release: Omit<Release, 'signature'>, key: SigningKey): Promise<string> {
  const { number, digest } = release;
  return new SignJWT({ number, digest, record: recordDigest(release) })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: TYPE })
    .sign(key.privateKey);
}

/**
 * Checks that the hub made this release and that nobody changed it since: whoever can write the store must not be able to
 * decide what is shared.
 * @throws HubError RELEASE_REFUSED
 */
export async function verifyRelease(release: Release, keys: JWTVerifyGetKey): Promise<void> {
  const { number, digest } = release;
  if (contentDigest(release) !== digest) throw refused(number, 'its content is not what its digest says');
  const signed = await signedClaims(release, keys);
  if (signed.number !== number || signed.digest !== digest || signed.record !== recordDigest(release))
    throw refused(number, 'its signature is that of another release');
}

async function signedClaims({ number, signature }: Release, keys: JWTVerifyGetKey): Promise<z.infer<typeof claims>> {
  try {
    const { payload } = await jwtVerify(signature, keys, { algorithms: ['EdDSA'], typ: TYPE });
    return claims.parse(payload);
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError || thrown instanceof z.ZodError)
      throw refused(number, 'its signature is none of this hub’s release key');
    throw thrown;
  }
}

function refused(number: number, problem: string): HubError {
  return new HubError(
    'RELEASE_REFUSED',
    `Release ${number} in the store cannot be trusted: ${problem}. The release before stays in force; find out who wrote it, and see that gateways have the public half of the key that signs (release.jwks.json).`,
  );
}
