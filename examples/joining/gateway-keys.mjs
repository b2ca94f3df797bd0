import { createPublicKey } from 'node:crypto';

/** @typedef {import('node:crypto').KeyObject} KeyObject */

/** Milliseconds: a gateway publishes a key long before it signs with it, so asking seldom is enough. */
const AT_MOST_EVERY = 10_000;

/**
 * The gateway's public keys from its JWK Set (RFC 7517), asked for again when a key is named that is not known.
 * @param {string} url such as https://hub.example/.well-known/jwks.json
 * @returns {(kid: unknown) => Promise<KeyObject | undefined>}
 */
export function gatewayKeys(url) {
  /** @type {Map<unknown, KeyObject>} */
  let known = new Map();
  let asked = -Infinity;
  return async (kid) => {
    if (!known.has(kid) && Date.now() - asked > AT_MOST_EVERY) {
      asked = Date.now();
      known = await fetchKeys(url);
    }
    return known.get(kid);
  };
}

/** @param {string} url */
async function fetchKeys(url) {
  const response = await globalThis.fetch(url, { signal: globalThis.AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`the keys of the gateway could not be fetched: status ${String(response.status)}`);
  const { keys } = /** @type {{ keys: (import('node:crypto').JsonWebKey & { kid: string })[] }} */ (
    await response.json()
  );
  // Only what signs contexts: another curve or an RSA key in the set is for somebody else.
  const signing = keys.filter(({ kty, crv }) => kty === 'OKP' && crv === 'Ed25519');
  return new Map(
    signing.map((jwk) => [/** @type {unknown} */ (jwk.kid), createPublicKey({ key: jwk, format: 'jwk' })]),
  );
}
