import { HubError } from '../lib/errors.ts';
import { openKeyring } from '../lib/keys/keyring.ts';
import { createLogger } from '../lib/logger.ts';
import { createMetrics } from '../lib/metrics.ts';
import { serveSubgraph } from '../lib/subgraph-http.ts';
import type { Settings } from '../lib/settings.ts';
import { openSubgraph } from './subgraph-host.ts';
import { discoverSubgraphs } from './subgraphs.ts';

export interface RunningSubgraph {
  /** URL of its GraphQL endpoint. */
  readonly url: string;
  /** Ends in order: /ready says no, fetches in flight are answered, then the subgraph and its store are closed. */
  stop(): Promise<void>;
}

/** Runs one subgraph over its own store and HTTP port. */
export async function runSubgraph(name: string, settings: Settings): Promise<RunningSubgraph> {
  const definition = (await discoverSubgraphs()).find((each) => each.name === name);
  if (!definition) throw new HubError('NO_SUCH_SUBGRAPH', `${name}: there is no such subgraph.`);
  const { production, logLevel, host, port, timeouts } = settings;
  const logger = createLogger({ level: logLevel, production, service: name });
  const metrics = createMetrics(logger);
  const hosted = await openSubgraph(definition, { settings, keyring: openKeyring(settings.keys), logger });
  try {
    const served = await serveSubgraph(hosted.server, {
      host,
      port,
      logger,
      metrics,
      production,
      timeoutMs: timeouts.subgraph,
    });
    return {
      url: served.url,
      async stop() {
        served.beginClosing();
        await served.close();
        await hosted.close();
      },
    };
  } catch (thrown) {
    await hosted.close();
    throw thrown;
  }
}
