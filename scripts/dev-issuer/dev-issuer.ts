import type { FastifyInstance } from 'fastify';
import * as client from 'openid-client';
import { HubError } from '../../lib/errors.ts';
import type { Keyring } from '../../lib/keys/keyring.ts';
import type { Settings } from '../../lib/settings.ts';
import { type Provider, provider } from '../../web/sign-in/provider.ts';
import { allowUnencrypted } from '../../web/sign-in/unencrypted.ts';
import type { Page } from '../../web/visit.ts';
import { AUTHORISE, authorisePage, CLIENT } from './authorise-page.ts';
import { oneTimeCodes } from './codes.ts';
import { JWKS, registerTokenRoutes, TOKEN } from './token-routes.ts';

export interface DevelopmentIssuer {
  /** Where one chooses whom to sign in as. */
  readonly page: Page;
  readonly provider: Provider;
}

export interface DevelopmentIssuerOptions {
  readonly settings: Pick<Settings, 'production' | 'tokens'>;
  readonly keyring: Keyring;
  /** Origin at which the hub listens. */
  readonly listens: () => string;
}

/**
 * An OpenID provider that comes with the hub, so that its pages can be tried at once: authorisation code with PKCE, and no
 * password. Nothing of it exists in production, neither a route nor a key.
 * @throws HubError DEVELOPMENT_ISSUER_REFUSED in production.
 */
export function openDevelopmentIssuer(app: FastifyInstance, options: DevelopmentIssuerOptions): DevelopmentIssuer {
  const { settings, keyring, listens } = options;
  const { tokens, production } = settings;
  if (production || tokens.jwks !== undefined)
    throw new HubError(
      'DEVELOPMENT_ISSUER_REFUSED',
      'Anybody can be anybody with the development issuer. Set HUB_OIDC_ISSUER and HUB_OIDC_CLIENT_ID to sign in by your own.',
    );
  const codes = oneTimeCodes();
  registerTokenRoutes(app, { keyring, tokens, codes });
  const inner = provider(() => Promise.resolve(configuration(listens(), tokens.issuer)), {
    scope: 'openid',
    audience: tokens.audience,
  });
  return {
    page: authorisePage(codes, tokens.issuer),
    provider: {
      ...inner,
      async leave(callback) {
        const { to, leaving } = await inner.leave(callback);
        // By the name of this host that the browser uses: a form may not lead to another.
        return { to: new URL(`${to.pathname}${to.search}`, callback), leaving };
      },
    },
  };
}

/** Its issuer is a name, no URL, so that there is nothing to discover. */
function configuration(origin: string, issuer: string): client.Configuration {
  const made = new client.Configuration(
    {
      issuer,
      authorization_endpoint: `${origin}${AUTHORISE}`,
      token_endpoint: `${origin}${TOKEN}`,
      jwks_uri: `${origin}${JWKS}`,
      id_token_signing_alg_values_supported: ['EdDSA'],
      authorization_response_iss_parameter_supported: true,
    },
    CLIENT,
    undefined,
    client.None(),
  );
  allowUnencrypted(made);
  client.enableNonRepudiationChecks(made);
  return made;
}
