import type { FastifyInstance } from 'fastify';
import { registerGraphiql } from '../gateway/graphiql.ts';
import type { Gateway } from '../gateway/server.ts';
import { openKeyring } from '../lib/keys/keyring.ts';
import type { Settings } from '../lib/settings.ts';
import { allPages } from '../web/all-pages.ts';
import { firstLooks } from '../web/dashboard/query.ts';
import { registerPages } from '../web/pages.ts';
import { DESK } from '../web/query-desk.ts';
import { discoveredProvider } from '../web/sign-in/provider.ts';
import { askGateway } from './ask-gateway.ts';
import { openDevelopmentIssuer } from './dev-issuer/dev-issuer.ts';
import { EXAMPLE_QUERIES } from './example-queries.ts';

export interface ServedPages {
  /** Says where the server listens, once it does. */
  listening(origin: string): void;
}

/**
 * Serves the pages and GraphiQL beside the endpoint; people sign in by the provider of the settings, or in development by ours.
 * What the dashboard asks is planned when this resolves: its first visitor would wait a second for it.
 */
export async function servePages(
  app: FastifyInstance,
  { settings, gateway }: { readonly settings: Settings; readonly gateway: Gateway },
): Promise<ServedPages> {
  const { production, tokens, origin } = settings;
  const keyring = openKeyring(settings.keys);
  let at = '';
  const listens = (): string => at;
  const byOwn = settings.signIn && discoveredProvider(settings.signIn, tokens.audience);
  const development =
    byOwn || production || tokens.jwks !== undefined
      ? undefined
      : openDevelopmentIssuer(app, { settings, keyring, listens });
  if (development && !isLoopback(settings.host))
    app.log.warn('anybody who reaches this hub can sign in as anybody: it runs with the development issuer');
  registerGraphiql(app, { examples: EXAMPLE_QUERIES, endpoint: DESK });
  registerPages(app, {
    ask: askGateway(gateway),
    pages: [...allPages(settings.home), ...(development ? [development.page] : [])],
    provider: byOwn ?? development?.provider,
    secret: () => keyring.secret('session'),
    origin,
    listens,
  });
  await gateway.foresee(firstLooks(settings.home, Date.now()), ['leader']);
  return { listening: (origin) => (at = origin) };
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|::1)$/.test(host);
}
