import { Buffer } from 'node:buffer';
import { createHash, verify } from 'node:crypto';
import { Refused } from './refused.mjs';

/**
 * @typedef {object} SignedContext
 * @property {{ department: string, application: string, purpose?: string }} caller who asks
 * @property {readonly string[]} fetches hashes of the texts the gateway may send
 * @property {readonly string[]} asked coordinates the caller's answer is made of
 * @property {readonly string[]} internal coordinates fetched for the federation itself
 * @property {readonly string[]} divisions whose rows exist for this call; `*` is all of them
 */

/** Characters at most, and seconds of life at most, whatever the context itself says. */
const LONGEST = 6_144;
const LIFETIME = 10;
const ISSUER = 'shuniu-gateway';
const TYPE = 'shuniu-context+jwt';

/**
 * Verifies the context of one fetch (JWS in compact form, RFC 7515, EdDSA with Ed25519).
 * @param {string | undefined} token the header `shuniu-context`
 * @param {{ audience: string, keyOf: (kid: unknown) => Promise<import('node:crypto').KeyObject | undefined>, now?: number }} options
 * @returns {Promise<SignedContext>}
 */
export async function verifyContext(token, { audience, keyOf, now = Date.now() / 1000 }) {
  if (!token) throw new Refused('CONTEXT_REQUIRED', 'This service answers the gateway only: send a signed context.');
  if (token.length > LONGEST) throw new Refused('CONTEXT_TOO_LARGE', 'The signed context is too long.');
  const [head = '', body = '', signature = '', ...more] = token.split('.');
  const header = read(head);
  // The algorithm is ours to choose, not the token's: never "none", never one that takes the public key for a secret.
  if (more.length > 0 || header?.['alg'] !== 'EdDSA' || header['typ'] !== TYPE || 'crit' in header) throw refused();
  const key = await keyOf(header['kid']);
  const signed = Buffer.from(`${head}.${body}`);
  if (!key || !verify(null, signed, key, Buffer.from(signature, 'base64url'))) throw refused();
  const claims = read(body);
  if (claims?.['iss'] !== ISSUER || claims['aud'] !== audience) throw refused();
  const { iat, exp } = claims;
  if (typeof iat !== 'number' || typeof exp !== 'number') throw refused();
  if (exp <= now || iat > now || now - iat > LIFETIME) throw refused();
  for (const list of ['fetches', 'asked', 'internal', 'divisions']) if (!isTexts(claims[list])) throw refused();
  return /** @type {SignedContext} */ (/** @type {unknown} */ (claims));
}

/**
 * Permits a text only if the context names it, and every item that it touches. What the gateway asks beyond that is refused.
 * @param {SignedContext} context
 * @param {string} text exactly as it came in the body
 * @param {Iterable<string>} touched coordinates such as `Query.housingFundAccount`
 */
export function permit(context, text, touched) {
  const permitted = new Set([...context.asked, ...context.internal, 'Query._entities']);
  const hash = createHash('sha256').update(text).digest('base64url');
  if (!context.fetches.includes(hash) || [...touched].some((coordinate) => !permitted.has(coordinate)))
    throw new Refused('NOT_PERMITTED', 'The signed context does not permit this query.');
}

/**
 * @param {string} part
 * @returns {Record<string, unknown> | undefined}
 */
function read(part) {
  try {
    const value = /** @type {unknown} */ (JSON.parse(Buffer.from(part, 'base64url').toString()));
    return typeof value === 'object' && value !== null ? /** @type {Record<string, unknown>} */ (value) : undefined;
  } catch (thrown) {
    // A part that is no JSON is one of the ways not to be a context.
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

/** @param {unknown} value */
function isTexts(value) {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function refused() {
  return new Refused('CONTEXT_REFUSED', 'The signed context is not valid for this service at this time.');
}
