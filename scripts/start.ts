import { registerGraphql } from '../gateway/routes.ts';
import { HubError } from '../lib/errors.ts';
import { addHealthRoutes } from '../lib/health-routes.ts';
import { addJwksRoute } from '../lib/jwks-route.ts';
import { createHttpServer } from '../lib/http-server.ts';
import { createLogger } from '../lib/logger.ts';
import { createMetrics } from '../lib/metrics.ts';
import type { Settings } from '../lib/settings.ts';
import { banner } from './banner.ts';
import { storeDevelopmentGrants } from './development-grants.ts';
import { fillNewStores, fillStores } from './fill-stores.ts';
import { openHub } from './open-hub.ts';
import { servePages } from './serve-pages.ts';
import { discoverSubgraphs } from './subgraphs.ts';

export interface RunningHub {
  /** Origin such as http://127.0.0.1:4000. */
  readonly origin: string;
  /**
   * Ends in order: /ready says no, requests in flight are finished, then the gateway, the audit log, the subgraphs and the
   * stores are closed.
   */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Aborts what a first start does before it serves: filling the stores. */
  readonly signal?: AbortSignal | undefined;
  /** Where the banner goes; nowhere when absent. */
  readonly say?: ((text: string) => void) | undefined;
}

/** Starts the whole hub: every subgraph that does not run elsewhere, the gateway and its HTTP server. */
export async function start(settings: Settings, options: StartOptions = {}): Promise<RunningHub> {
  const { production, logLevel, host, port, trustProxy } = settings;
  const { signal = new AbortController().signal, say } = options;
  const logger = createLogger({ level: logLevel, production, service: 'hub' });
  const metrics = createMetrics(logger);
  if (!production) await fillNewStores(settings, signal);
  const hub = await openHub({
    settings,
    definitions: await discoverSubgraphs(),
    logger,
    metrics,
    welcome: (models, table) => (production ? Promise.resolve() : storeDevelopmentGrants(models, table, Date.now())),
    prepare: (hosted) => (production ? Promise.resolve() : fillStores(hosted, { settings, signal })),
  });
  const server = createHttpServer({ logger, production, trustProxy });
  addHealthRoutes(server, { ready: async () => (await hub.unready()).length === 0, metrics });
  addJwksRoute(server, hub.gatewayKeys);
  registerGraphql(server.app, hub.gateway);
  const stop = async (): Promise<void> => {
    server.beginClosing();
    await server.close();
    await hub.close();
  };
  try {
    if (signal.aborted)
      throw new HubError('INTERRUPTED', 'Stopped before the hub was ready; the next start goes on from here.');
    const pages = await servePages(server.app, { settings, gateway: hub.gateway });
    const origin = await server.listen(host, port);
    pages.listening(origin);
    say?.(await banner(origin, settings));
    return { origin, stop };
  } catch (thrown) {
    await stop();
    throw (thrown as NodeJS.ErrnoException).code === 'EADDRINUSE' ? inUse(host, port) : thrown;
  }
}

function inUse(host: string, port: number): HubError {
  return new HubError(
    'PORT_IN_USE',
    `${host}:${port} is in use. Stop what listens there, or set HUB_PORT to another port.`,
  );
}
