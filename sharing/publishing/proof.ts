import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, errors, importJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { PrivateKeyJwk } from '../../lib/keys/jwk.ts';
import { HubError } from '../../lib/errors.ts';
import type { PublishingKeyRecord } from '../store/publishing-models.ts';
import { versionOf } from './release.ts';

const TYPE = 'shuniu-publish+jwt';
/** Longer than a check takes, shorter than a copied proof is of use; the release it follows bounds it besides. */
const LIFETIME = '5m';

/** What a department signs when it publishes. */
export interface Published {
  readonly subgraph: string;
  readonly sdl: string;
  readonly url: string;
  /** Number of the release it was made against: the proof is worth nothing after the next one. */
  readonly after: number;
  /** Why it is published, and why it may break what is used: what officers and consumers will read under the department's name. */
  readonly message: string;
  readonly breaking?: string | undefined;
}

/** The hash that a proof binds: nothing of what is published can be exchanged under it. */
function boundTo({ subgraph, sdl, url, after, message, breaking }: Published): string {
  return createHash('sha256')
    .update(JSON.stringify([subgraph, versionOf(sdl), url, after, message, breaking ?? null]))
    .digest('base64url');
}

/** Signs what is to be published with a department's publishing key. */
export async function signPublishing(published: Published, jwk: PrivateKeyJwk): Promise<string> {
  const key = await importJWK({ kty: jwk.kty, crv: jwk.crv, x: jwk.x, d: jwk.d }, 'EdDSA');
  return new SignJWT({ published: boundTo(published) })
    .setProtectedHeader({ alg: 'EdDSA', kid: await keyIdOf(jwk.x), typ: TYPE })
    .setIssuedAt()
    .setExpirationTime(LIFETIME)
    .sign(key);
}

/**
 * Checks that a key of the owner signed exactly this, now.
 * @param keys of the owner, those that ended included.
 * @throws HubError PROOF_REFUSED saying what to do; never which keys there are.
 */
export async function verifyPublishing(
  proof: string,
  published: Published,
  { keys, at }: { readonly keys: readonly PublishingKeyRecord[]; readonly at: Date },
): Promise<void> {
  const payload = await payloadOf(proof, { keys, at });
  if (payload['published'] !== boundTo(published))
    throw refused(
      'it was signed for another schema, URL, subgraph, release, message or reason. Sign what you publish, now',
    );
}

async function payloadOf(
  proof: string,
  { keys, at }: { readonly keys: readonly PublishingKeyRecord[]; readonly at: Date },
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(
      proof,
      async ({ kid }) => {
        const known = keys.find(({ _id }) => _id === kid);
        if (!known) throw refused('no publishing key of this department signed it. Register the key first');
        if (known.revokedAt) throw refused('its key was revoked. Make a new one and have it registered');
        if (known.validUntil <= at)
          throw refused(
            `its key ended on ${known.validUntil.toISOString().slice(0, 10)}. Make a new one and have it registered`,
          );
        return importJWK({ kty: 'OKP', crv: 'Ed25519', x: known.x }, 'EdDSA');
      },
      { algorithms: ['EdDSA'], typ: TYPE, maxTokenAge: LIFETIME, requiredClaims: ['exp'], currentDate: at },
    );
    return payload;
  } catch (thrown) {
    if (thrown instanceof errors.JWTExpired) throw refused('it was signed more than five minutes ago. Publish again');
    if (thrown instanceof errors.JOSEError) throw refused('it is no signature of this hub’s kind. Use hub publish');
    throw thrown;
  }
}

/** The name of a public Ed25519 key, RFC 7638. */
export function keyIdOf(x: string): Promise<string> {
  return calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x });
}

function refused(problem: string): HubError {
  return new HubError('PROOF_REFUSED', `proof: ${problem}.`, { http: { status: 403 } });
}
