import { createHash } from 'node:crypto';
import { type CryptoKey, errors, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Caller } from './caller.ts';
import { HubError } from './errors.ts';

/**
 * What a gateway tells one subgraph about one operation, signed (compact JWS, EdDSA): who asks, exactly which fetch texts
 * will come, and which items they may touch. A subgraph answers nothing without it.
 */
export interface SignedContext {
  readonly caller: Caller;
  /** Hashes (see `fetchHash`) of the fetch texts the plan sends to this subgraph. */
  readonly fetches: readonly string[];
  /** Coordinates the caller's answer is made of. */
  readonly asked: readonly string[];
  /** Coordinates fetched for the federation itself: keys and what `@requires` needs. */
  readonly internal: readonly string[];
  /** Division codes whose rows exist for this call; `*` is all of them. */
  readonly divisions: readonly string[];
  readonly grants: readonly string[];
  readonly epoch: number;
  readonly release: string;
  /** Of a mutation: hash (see `variablesHash`) of the only values it may be sent with. */
  readonly variables?: string | undefined;
}

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
}

const ISSUER = 'shuniu-gateway';
/** Seconds a context lives: long enough for one plan, short enough that a revoked grant is soon void. */
const LIFETIME = 10;
/**
 * Characters of a signed context at most. It travels in a header, of which Node and most proxies take 8 to 16 KB together.
 * Every field of half of the schema at once makes one of 2,700.
 */
const LONGEST = 6_144;

const claims = z.object({
  exp: z.number(),
  caller: z.object({
    department: z.string(),
    application: z.string(),
    officer: z.string().optional(),
    onBehalfOf: z.string().optional(),
    purpose: z.string().optional(),
    roles: z.array(z.string()),
  }),
  fetches: z.array(z.string()),
  asked: z.array(z.string()),
  internal: z.array(z.string()),
  divisions: z.array(z.string()),
  grants: z.array(z.string()),
  epoch: z.number(),
  release: z.string(),
  variables: z.string().optional(),
});

/** SHA-256 of the variables of a fetch as JSON, in the order they are sent, base64url. */
export function variablesHash(variables: Readonly<Record<string, unknown>>): string {
  return fetchHash(JSON.stringify(variables));
}

/** SHA-256 of a fetch text, base64url. */
export function fetchHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/**
 * Signs a context for one subgraph; it can be sent for `LIFETIME` seconds.
 * @throws HubError CONTEXT_TOO_LARGE, written for the caller, when the subgraph would refuse its length.
 */
export async function signContext(context: SignedContext, audience: string, key: SigningKey): Promise<string> {
  const token = await new SignJWT({ ...context })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'shuniu-context+jwt' })
    .setIssuer(ISSUER)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME}s`)
    .sign(key.privateKey);
  if (token.length > LONGEST)
    throw tooLarge(
      `What this operation asks of the subgraph ${audience} makes a signed context of ${token.length} characters`,
      'Ask for fewer items or root fields in one operation.',
    );
  return token;
}

const permissions = new WeakMap<SignedContext, ReadonlySet<string>>();

/** The coordinates a context permits, asked and internal ones; worked out once for each verified context. */
export function permittedBy(context: SignedContext): ReadonlySet<string> {
  let permitted = permissions.get(context);
  if (!permitted) {
    permitted = new Set([...context.asked, ...context.internal]);
    permissions.set(context, permitted);
  }
  return permitted;
}

export type ContextVerifier = (token: string | undefined) => Promise<SignedContext>;

/**
 * Verifies contexts meant for one subgraph. A verified one is remembered until it expires, as verifying costs 0.2 ms.
 * @throws HubError CONTEXT_REQUIRED when there is none, CONTEXT_TOO_LARGE before anything is read of one that is too long,
 * CONTEXT_REFUSED when it is not valid here and now.
 */
export function contextVerifier(audience: string, keys: JWTVerifyGetKey): ContextVerifier {
  const verified = new LRUCache<string, { context: SignedContext; expires: number }>({ max: 5_000 });
  return async (token) => {
    if (!token)
      throw new HubError('CONTEXT_REQUIRED', 'This subgraph answers the gateway only: send a signed context.');
    if (token.length > LONGEST)
      throw tooLarge(`The signed context has ${token.length} characters`, 'Send a shorter one.');
    const known = verified.get(token);
    if (known && known.expires > Date.now()) return known.context;
    const { exp, ...context } = await verify(token, audience, keys);
    verified.set(token, { context, expires: exp * 1000 });
    return context;
  };
}

async function verify(token: string, audience: string, keys: JWTVerifyGetKey): Promise<z.infer<typeof claims>> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: ISSUER,
      audience,
      algorithms: ['EdDSA'],
      typ: 'shuniu-context+jwt',
      requiredClaims: ['exp'],
      // Whatever its expiry says: a context that was signed for longer is not one of a gateway.
      maxTokenAge: LIFETIME,
    });
    return claims.parse(payload);
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError || thrown instanceof z.ZodError)
      throw new HubError('CONTEXT_REFUSED', 'The signed context is not valid for this subgraph at this time.');
    throw thrown;
  }
}

function tooLarge(what: string, fix: string): HubError {
  return new HubError('CONTEXT_TOO_LARGE', `${what}; ${LONGEST} is the limit. ${fix}`);
}
