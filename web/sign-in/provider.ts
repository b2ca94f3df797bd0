import * as client from 'openid-client';
import type { SignInSettings } from '../../lib/settings.ts';
import { allowUnencrypted } from './unencrypted.ts';

/** What is kept in the browser between leaving for the provider and coming back. */
export interface Leaving {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** An OpenID provider by whom people sign in. */
export interface Provider {
  /** Where to send the browser, and what has to be known when it comes back. @param callback where it comes back to. */
  leave(callback: string): Promise<{ readonly to: URL; readonly leaving: Leaving }>;
  /**
   * The access token for what the browser brought back. State, nonce, issuer and the signature of the ID token are checked.
   * @returns undefined where any of it is wrong or the provider refuses.
   * @throws whatever keeps the provider from being reached.
   */
  comeBack(address: URL, leaving: Leaving): Promise<string | undefined>;
  /** Where a browser ends its session at the provider, where this has such a page. */
  endSession(after: string): Promise<URL | undefined>;
}

/** Milliseconds for which the metadata of a provider are used. */
const KNOWN_FOR = 3_600_000;
/** Seconds a request to the provider may take. */
const PATIENCE = 10;

/**
 * @param configure gives the provider's metadata and our place there; called again now and then, and after it failed.
 * @param audience of the endpoint; a provider that knows resources by their URL (RFC 8707) is told it.
 */
export function provider(
  configure: () => Promise<client.Configuration>,
  { scope, audience }: { readonly scope: string; readonly audience: string },
): Provider {
  let known: { readonly at: number; readonly configuration: Promise<client.Configuration> } | undefined;
  // Whoever comes while the provider is asked waits for that answer: anybody may open /sign-in, as often as they like.
  const configured = (): Promise<client.Configuration> => {
    if (known && Date.now() - known.at <= KNOWN_FOR) return known.configuration;
    const asked = { at: Date.now(), configuration: configure() };
    known = asked;
    asked.configuration.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked.configuration;
  };
  const resource: Record<string, string> = URL.canParse(audience) ? { resource: audience } : {};

  return {
    async leave(callback) {
      const leaving = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const to = client.buildAuthorizationUrl(await configured(), {
        response_type: 'code',
        redirect_uri: callback,
        scope,
        state: leaving.state,
        nonce: leaving.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(leaving.verifier),
        code_challenge_method: 'S256',
        ...resource,
      });
      return { to, leaving };
    },
    async comeBack(address, { state, nonce, verifier }) {
      try {
        const tokens = await client.authorizationCodeGrant(
          await configured(),
          address,
          { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
          resource,
        );
        return tokens.access_token;
      } catch (thrown) {
        if (isRefusal(thrown)) return undefined;
        throw thrown;
      }
    },
    async endSession(after) {
      const configuration = await configured();
      if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
      // Without id_token_hint: a token does not belong into a URL; the provider asks the person instead.
      return client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: after });
    },
  };
}

/** A provider found by its issuer (OpenID Connect Discovery). */
export function discoveredProvider(settings: SignInSettings, audience: string): Provider {
  const { issuer, clientId, clientSecret, scope } = settings;
  const authentication = clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret);
  const insecure = issuer.startsWith('http://') ? [allowUnencrypted] : [];
  return provider(
    () =>
      client.discovery(new URL(issuer), clientId, undefined, authentication, {
        timeout: PATIENCE,
        execute: [client.enableNonRepudiationChecks, ...insecure],
      }),
    { scope, audience },
  );
}

/** What a browser or the provider brought and cannot be accepted, as against what could not be asked. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  'OAUTH_AUTHORIZATION_RESPONSE_ERROR',
  'OAUTH_RESPONSE_BODY_ERROR',
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
]);

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && REFUSALS.has(thrown.code);
}
