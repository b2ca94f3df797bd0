import type { FastifyInstance } from 'fastify';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { issueDevelopmentToken } from '../../lib/dev-token.ts';
import type { Keyring } from '../../lib/keys/keyring.ts';
import type { Settings } from '../../lib/settings.ts';
import { CLIENT } from './authorise-page.ts';
import type { Authorisation, Codes } from './codes.ts';

export const TOKEN = '/development-issuer/token';
export const JWKS = '/development-issuer/jwks.json';

const brought = z.object({
  grant_type: z.literal('authorization_code'),
  client_id: z.literal(CLIENT),
  code: z.string().max(128),
  redirect_uri: z.string(),
  code_verifier: z.string().regex(/^[\w.~-]{43,128}$/),
});

export interface Issuing {
  readonly keyring: Keyring;
  readonly tokens: Settings['tokens'];
  readonly codes: Codes;
}

/** Where a code becomes a token (RFC 6749 §4.1.3), and the keys that verify it. */
export function registerTokenRoutes(app: FastifyInstance, issuing: Issuing): void {
  const { codes, keyring } = issuing;
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, parsed) =>
      parsed(null, Object.fromEntries(new URLSearchParams(text as string))),
    );
    scope.post(TOKEN, async (request, reply) => {
      const read = brought.safeParse(request.body);
      if (!read.success) return reply.code(400).send({ error: 'invalid_request' });
      const { code, redirect_uri: redirect, code_verifier: verifier } = read.data;
      const authorisation = codes.take(code, { redirect, verifier });
      if (!authorisation) return reply.code(400).send({ error: 'invalid_grant' });
      return tokensFor(authorisation, issuing);
    });
    scope.get(JWKS, async () => keyring.publicJwks('development-issuer'));
    done();
  });
}

async function tokensFor({ person, nonce }: Authorisation, { keyring, tokens }: Issuing) {
  const { token, expiresAt } = await issueDevelopmentToken(person.token, keyring, tokens);
  const key = await keyring.signing('development-issuer');
  // For the pages, not for the endpoint: its audience is the client.
  const identity = await new SignJWT({ ...(nonce !== undefined && { nonce }) })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid })
    .setIssuer(tokens.issuer)
    .setAudience(CLIENT)
    .setSubject(person.id)
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(key.privateKey);
  const seconds = Math.floor((expiresAt.getTime() - Date.now()) / 1000);
  return { access_token: token, token_type: 'Bearer', expires_in: seconds, id_token: identity };
}
