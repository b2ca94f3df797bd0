import type { Logger } from 'pino';
import { createGateway, type Gateway } from '../gateway/server.ts';
import type { PublicJwks } from '../lib/keys/jwk.ts';
import { openKeyring } from '../lib/keys/keyring.ts';
import { localTransport } from '../lib/local-transport.ts';
import type { Metrics } from '../lib/metrics.ts';
import type { Settings } from '../lib/settings.ts';
import type { SubgraphDefinition } from '../lib/subgraph-definition.ts';
import type { SubgraphTransport } from '../lib/transport.ts';
import type { PolicyTable } from '../schema/policy-table.ts';
import type { SharingModels } from '../sharing/store/models.ts';
import { type Closing, closing } from './closing.ts';
import { makeReleases, RELEASING } from './make-releases.ts';
import { keepUsage } from '../sharing/store/usage-keeper.ts';
import { openHubStore } from './hub-store.ts';
import { metered } from './metered.ts';
import { openSharing } from './open-sharing.ts';
import { serveReleases } from './serve-releases.ts';
import { watchFreshness } from './watch-freshness.ts';
import { type HostedSubgraph, openSubgraph, releaseKeysOf, releaseVerifier } from './subgraph-host.ts';

export interface OpenHub {
  readonly gateway: Gateway;
  /** Number of the release that is served. */
  readonly release: () => number;
  /** The public keys of the gateway. */
  readonly gatewayKeys: () => Promise<PublicJwks>;
  /** What is not ready now, by name; empty when everything would answer. */
  unready(): Promise<readonly string[]>;
  /** Stops in order: gateway, audit log, subgraphs, store. Requests under way must be finished. */
  close(): Promise<void>;
}

export interface OpenHubOptions {
  readonly settings: Settings;
  readonly definitions: readonly SubgraphDefinition[];
  readonly logger: Logger;
  readonly metrics?: Metrics | undefined;
  /** Called before anything is served, with the hub's collections and the policy in force. */
  readonly welcome?: ((models: SharingModels, table: PolicyTable) => Promise<unknown>) | undefined;
  /** Called once the stores of the subgraphs in this process are open, before anything is served. */
  readonly prepare?: ((hosted: readonly HostedSubgraph[]) => Promise<void>) | undefined;
}

/** Opens stores, subgraphs and the gateway, and connects them; what was opened is closed again where a later part fails. */
export async function openHub(options: OpenHubOptions): Promise<OpenHub> {
  const opened = closing();
  try {
    return await assemble(options, opened);
  } catch (thrown) {
    // Why it did not open is what counts; what could not be closed because of it is no news.
    await opened.close().catch(() => undefined);
    throw thrown;
  }
}

async function assemble(options: OpenHubOptions, { close, onClose }: Closing): Promise<OpenHub> {
  const { settings, definitions, logger } = options;
  const { subgraphUrls, timeouts } = settings;
  const keyring = openKeyring(settings.keys);
  const here = definitions.filter(({ name }) => subgraphUrls[name] === undefined);
  const store = await openHubStore(settings, { logger, by: 'owner', patient: here.length === 0 });
  onClose(() => store.close());
  const { models, away } = store;
  if (here.some(({ name }) => name === RELEASING))
    await makeReleases(models, { settings, definitions, logger, keys: releaseKeysOf(keyring) });

  const openings = await Promise.allSettled(
    here.map(async (definition) => {
      const subgraph = await openSubgraph(definition, { settings, keyring, logger });
      onClose(() => subgraph.close());
      return subgraph;
    }),
  );
  const hosted = openings.map((opening) => {
    if (opening.status === 'rejected') throw opening.reason;
    return opening.value;
  });
  await options.prepare?.(hosted);
  const local = new Map<string, SubgraphTransport>(hosted.map(({ server }) => [server.name, localTransport(server)]));
  const served = await serveReleases(models, {
    ...{ settings, logger, local, subgraphUrls, away },
    keys: releaseVerifier(settings, keyring),
  });
  onClose(() => served.stop());
  await options.welcome?.(models, served.first.table);
  if (here.some(({ name }) => name === RELEASING)) {
    const kept = keepUsage(models, { onError: (err) => logger.warn({ err }, 'usage cannot be rolled up') });
    onClose(() => kept.stop());
  }

  const { grants, sharing, ...opened } = await openSharing(models, {
    settings,
    keyring,
    logger,
    metrics: options.metrics,
    away,
  });
  onClose(() => opened.close());

  const freshness = watchFreshness(models, {
    ...{ logger, metrics: options.metrics },
    transports: served.transports,
    table: served.table,
  });
  onClose(() => {
    freshness.stop();
    return Promise.resolve();
  });
  void freshness.ask();

  const gateway = await createGateway({
    release: served.first,
    freshness: freshness.known,
    grants,
    sharing,
    subjectKey: await keyring.secret('subjects'),
    logger,
    limits: settings.limits,
    rate: settings.rate,
    requestTimeoutMs: timeouts.request,
    subgraphTimeoutMs: timeouts.subgraph,
    actionTimeoutMs: timeouts.action,
    ...(options.metrics && metered(options.metrics)),
  });
  onClose(() => gateway.stop());
  served.attach(gateway);

  return {
    gateway,
    close,
    release: served.number,
    gatewayKeys: () => keyring.publicJwks('gateway'),
    async unready() {
      const checks = [...served.transports()].map(async ([name, transport]) =>
        (await transport.ready()) ? [] : [name],
      );
      return [...(await Promise.all(checks)).flat(), ...(grants.stale() ? ['policy (POLICY_STALE)'] : [])];
    },
  };
}
