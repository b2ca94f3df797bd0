import { createHash } from 'node:crypto';
import { decodeJwt, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { type Caller, LONGEST_AUTHORIZATION } from '../lib/caller.ts';
import { HubError } from '../lib/errors.ts';

export interface TokenRules {
  readonly keys: JWTVerifyGetKey;
  readonly issuer: string;
  readonly audience: string;
  /** Milliseconds for which a verified token is not verified again; a key its issuer withdrew counts for so long. */
  readonly rememberMs?: number | undefined;
}

export type FailureReason =
  | 'MISSING'
  | 'TOO_LARGE'
  | 'MALFORMED'
  | 'EXPIRED'
  | 'AUDIENCE'
  | 'ISSUER'
  | 'SIGNATURE'
  | 'CLAIMS'
  /** The call cites a purpose that the token does not allow. */
  | 'PURPOSE'
  | 'KEYS_UNAVAILABLE';

export interface Authenticated {
  readonly caller: Caller;
  /** The token's id, for the record. */
  readonly token?: string | undefined;
}

/** The caller of a gateway without sharing. */
export const ANYBODY: Caller = { department: 'anybody', application: 'anybody', roles: [] };

export class AuthenticationError extends HubError {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, status = 401) {
    super(status === 403 ? 'FORBIDDEN' : 'UNAUTHENTICATED', message, { reason, http: { status } });
    this.reason = reason;
  }
}

const REMEMBER_MS = 60_000;

const code = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
const claims = z.object({
  exp: z.number(),
  jti: z.string().max(128).optional(),
  department: code,
  application: code,
  officer: z.string().max(64).transform(named).optional(),
  onBehalfOf: code.optional(),
  purpose: code.optional(),
  purposes: z.array(code).max(32).optional(),
  roles: z.array(code).max(32).default([]),
  // RFC 8693: a list separated by spaces.
  scope: z.string().max(4_096).optional(),
});

/** A name without the space around it; none where it has no letter or digit: blanks or a dash would stand for an officer. */
function named(officer: string): string | undefined {
  return /[\p{L}\p{N}]/u.test(officer) ? officer.trim() : undefined;
}

/**
 * @param authorization the header of this name.
 * @param purpose the header `sharing-purpose`: which of the purposes that the token allows this call is for.
 */
export type Authenticate = (authorization: string | undefined, purpose?: string) => Promise<Authenticated>;

/** A verified token, before a call says which of its purposes it is for. */
interface Verified extends Authenticated {
  readonly purposes: readonly string[];
}

/**
 * Turns a bearer token into a Caller. Only signatures are accepted (EdDSA, ES256, RS256), never `none` or a shared secret,
 * and only tokens that name this hub as their audience and expire. A token allows the one purpose of its claim `purpose`, and
 * those of `purposes`; a call cites one of them, and without a word of its own it is for `purpose`.
 * @throws AuthenticationError; its reason goes to the audit entry and to the caller.
 */
export function authenticator(rules: TokenRules): Authenticate {
  const ttl = rules.rememberMs ?? REMEMBER_MS;
  const known = new LRUCache<string, { verified: Verified; expires: number }>({ max: 5_000, ttl });
  const verifiedOf = async (authorization: string | undefined): Promise<Verified> => {
    if (!authorization) throw refused('MISSING');
    if (authorization.length > LONGEST_AUTHORIZATION) throw refused('TOO_LARGE');
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
    if (!token) throw refused('MALFORMED');
    const key = createHash('sha256').update(token).digest('base64url');
    const remembered = known.get(key);
    if (remembered && remembered.expires > Date.now()) return remembered.verified;
    const { exp, jti, scope, purposes = [], ...claimed } = await verify(token, rules);
    const caller = { ...claimed, ...(scope !== undefined && { scopes: scope.split(/ +/).filter(Boolean) }) };
    const verified = { caller, token: jti, purposes };
    known.set(key, { verified, expires: exp * 1000 });
    return verified;
  };
  return async (authorization, purpose) => {
    const { purposes, ...authenticated } = await verifiedOf(authorization);
    const { caller } = authenticated;
    if (purpose === undefined || purpose === caller.purpose) return authenticated;
    if (!purposes.includes(purpose)) throw refused('PURPOSE');
    return { ...authenticated, caller: { ...caller, purpose } };
  };
}

async function verify(token: string, { keys, issuer, audience }: TokenRules): Promise<z.infer<typeof claims>> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ['EdDSA', 'ES256', 'RS256'],
      requiredClaims: ['exp', 'aud', 'iss'],
      clockTolerance: 5,
    });
    const parsed = claims.safeParse(payload);
    if (!parsed.success) throw refused('CLAIMS', parsed.error.issues.map((issue) => issue.path.join('.')).join(', '));
    return parsed.data;
  } catch (thrown) {
    if (thrown instanceof AuthenticationError) throw thrown;
    throw refused(reasonOf(thrown, token));
  }
}

function reasonOf(thrown: unknown, token: string): FailureReason {
  if (thrown instanceof errors.JWTExpired) return 'EXPIRED';
  if (thrown instanceof errors.JWTClaimValidationFailed)
    return thrown.claim === 'aud' ? 'AUDIENCE' : thrown.claim === 'iss' ? 'ISSUER' : 'CLAIMS';
  if (thrown instanceof errors.JWSSignatureVerificationFailed || thrown instanceof errors.JWKSNoMatchingKey)
    return 'SIGNATURE';
  if (thrown instanceof errors.JOSEAlgNotAllowed || thrown instanceof errors.JOSENotSupported) return 'SIGNATURE';
  if (thrown instanceof errors.JOSEError) return isReadable(token) ? 'SIGNATURE' : 'MALFORMED';
  return 'KEYS_UNAVAILABLE';
}

function isReadable(token: string): boolean {
  try {
    return typeof decodeJwt(token) === 'object';
  } catch {
    // Only the kind of failure is asked here; what cannot be decoded is malformed.
    return false;
  }
}

const SENTENCES: Readonly<Record<FailureReason, string>> = {
  MISSING: 'Send a token: Authorization: Bearer <token>.',
  TOO_LARGE: `The Authorization header is longer than ${LONGEST_AUTHORIZATION} characters.`,
  MALFORMED: 'The Authorization header is not a bearer token in three parts.',
  EXPIRED: 'The token has expired: get a new one from its issuer.',
  AUDIENCE: 'The token was not issued for this hub (aud).',
  ISSUER: 'The token was not issued by an issuer this hub trusts (iss).',
  SIGNATURE: 'The signature of the token cannot be verified with the keys of its issuer.',
  CLAIMS: 'The token lacks a claim or one is not well formed',
  PURPOSE:
    'sharing-purpose: the token does not allow this purpose. Cite one of its claims `purpose` and `purposes`, or get a token for it.',
  KEYS_UNAVAILABLE: 'The keys of the token issuer cannot be read at present. Try again shortly.',
};

const STATUS: Readonly<Partial<Record<FailureReason, number>>> = { KEYS_UNAVAILABLE: 503, PURPOSE: 403 };

function refused(reason: FailureReason, detail?: string): AuthenticationError {
  const sentence = detail === undefined ? SENTENCES[reason] : `${SENTENCES[reason]}: ${detail}.`;
  return new AuthenticationError(reason, sentence, STATUS[reason]);
}
