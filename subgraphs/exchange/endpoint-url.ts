import { isOpenlySent } from '../../lib/settings.ts';

/** Why a gateway must not send anything to a URL that a department gives; undefined where it may. */
export function problemOfUrl(url: string, production: boolean): string | undefined {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url) || new URL(url).username !== '')
    return 'url: no URL of an endpoint. Give one such as https://population.example/graphql, without user or password.';
  if (isOpenlySent(url))
    return 'url: its data would go unencrypted. Give an https URL, or one of the gateway’s own host.';
  // Signed contexts would go to whatever listens there: a gateway's own host is its operator's to name, in its settings.
  if (production && isOwnHost(url))
    return 'url: it is one of the gateway’s own host. Give the URL by which the gateway reaches your endpoint.';
  return undefined;
}

/** Loopback, link-local and unspecified addresses. */
function isOwnHost(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(localhost|(.+\.)?localhost\.?|127\..+|0\.0\.0\.0|169\.254\..+|\[(::1?|::ffff:.+|fe[89ab].:.+)\])$/i.test(
    hostname,
  );
}
