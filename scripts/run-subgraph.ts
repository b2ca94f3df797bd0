import { HubError } from '../lib/errors.ts';
import { openKeyring } from '../lib/keys/keyring.ts';
import { createLogger } from '../lib/logger.ts';
import { createMetrics } from '../lib/metrics.ts';
import { connectStore } from '../lib/mongo/connect-store.ts';
import { HUB_DATABASE, longestFetch, type Settings, storeFor } from '../lib/settings.ts';
import { serveSubgraph } from '../lib/subgraph-http.ts';
import { createSharingIndexes, sharingModels } from '../sharing/store/models.ts';
import { makeReleases, type MakeReleasesOptions, RELEASING } from './make-releases.ts';
import { openSubgraph, releaseKeysOf } from './subgraph-host.ts';
import { discoverSubgraphs } from './subgraphs.ts';

export interface RunningSubgraph {
  /** URL of its GraphQL endpoint. */
  readonly url: string;
  /** Ends in order: /ready says no, fetches in flight are answered, then the subgraph and its store are closed. */
  stop(): Promise<void>;
}

/**
 * Runs one subgraph over its own store and HTTP port. The process of `exchange` makes the first release of the hub before it
 * answers, so that a gateway that waits for it finds one.
 */
export async function runSubgraph(name: string, settings: Settings): Promise<RunningSubgraph> {
  const definitions = await discoverSubgraphs();
  const definition = definitions.find((each) => each.name === name);
  if (!definition) throw new HubError('NO_SUCH_SUBGRAPH', `${name}: there is no such subgraph.`);
  const { production, logLevel, host, port } = settings;
  const logger = createLogger({ level: logLevel, production, service: name });
  const metrics = createMetrics(logger);
  const keyring = openKeyring(settings.keys);
  if (name === RELEASING) await releaseFirst({ settings, definitions, logger, keys: releaseKeysOf(keyring) });
  const hosted = await openSubgraph(definition, { settings, keyring, logger });
  try {
    const served = await serveSubgraph(hosted.server, {
      host,
      port,
      logger,
      metrics,
      production,
      timeoutMs: longestFetch(settings),
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

async function releaseFirst(options: MakeReleasesOptions): Promise<void> {
  const store = await connectStore(HUB_DATABASE, storeFor(options.settings, HUB_DATABASE));
  try {
    const models = sharingModels(store.connection);
    await createSharingIndexes(models);
    await makeReleases(models, options);
  } finally {
    await store.close();
  }
}
