import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { HubError } from './errors.ts';
import type { Keyring } from './keys/keyring.ts';
import type { Settings } from './settings.ts';

const code = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
const NEEDS_CODE = 'lower-case letters, digits and hyphens, such as civil-affairs';

const wanted = z.object({
  department: code.describe(NEEDS_CODE),
  application: code.describe(NEEDS_CODE),
  officer: z.string().min(1).max(64).optional().describe('up to 64 characters'),
  onBehalfOf: code.optional().describe(NEEDS_CODE),
  purpose: code.optional().describe(NEEDS_CODE),
  purposes: z.array(code).max(32).optional().describe(NEEDS_CODE),
  roles: z.array(code).max(32).default([]).describe(NEEDS_CODE),
  expires: z
    .string()
    .regex(/^[1-9]\d{0,4}[smhd]$/)
    .default('8h')
    .describe('a number and s, m, h or d, such as 8h'),
});

/** Who a token is for; codes as the policy knows them. `expires` is a time span such as `8h`. */
export type WantedToken = z.input<typeof wanted>;

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 };
const LONGEST = 30 * 86_400;

/**
 * Issues a token by the development issuer (RFC 9068, EdDSA), as a department's identity service would.
 * @throws HubError BAD_TOKEN_REQUEST naming the claim; KEYS_REFUSED in production, which has no development issuer.
 */
export async function issueDevelopmentToken(
  request: WantedToken,
  keyring: Keyring,
  { issuer, audience }: Settings['tokens'],
): Promise<IssuedToken> {
  const { expires, department, application, ...claims } = parse(request);
  const issuedAt = Math.floor(Date.now() / 1000);
  const expiresAt = issuedAt + seconds(expires);
  const key = await keyring.signing('development-issuer');
  const token = await new SignJWT({ department, application, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(`${department}/${application}`)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .setJti(randomUUID())
    .sign(key.privateKey);
  return { token, expiresAt: new Date(expiresAt * 1000) };
}

function parse(request: WantedToken): z.infer<typeof wanted> {
  const read = wanted.safeParse(request);
  if (read.success) return read.data;
  const claim = String(read.error.issues[0]?.path[0]) as keyof typeof wanted.shape;
  throw refused(claim, expectation(wanted.shape[claim]));
}

function seconds(span: string): number {
  const count = Number(span.slice(0, -1)) * SECONDS[span.slice(-1) as keyof typeof SECONDS];
  if (count > LONGEST) throw refused('expires', 'at most 30d');
  return count;
}

function expectation(schema: z.ZodType): string {
  return schema.description ?? 'another value';
}

function refused(claim: string, expected: string): HubError {
  return new HubError('BAD_TOKEN_REQUEST', `${claim}: cannot be used. Give ${expected}.`);
}
