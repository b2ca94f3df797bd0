import { type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';
import type { Logger } from 'pino';
import { createGateway, type Gateway } from '../gateway/server.ts';
import { buildSupergraph } from '../gateway/supergraph.ts';
import type { PublicJwks } from '../lib/keys/jwk.ts';
import { openKeyring } from '../lib/keys/keyring.ts';
import { localTransport } from '../lib/local-transport.ts';
import type { Metrics } from '../lib/metrics.ts';
import { connectStore } from '../lib/mongo/connect-store.ts';
import { HUB_DATABASE, type Settings, storeFor } from '../lib/settings.ts';
import type { SubgraphDefinition } from '../lib/subgraph-definition.ts';
import type { SubgraphTransport } from '../lib/transport.ts';
import { compose, type Composition } from '../schema/compose.ts';
import { writeCatalogue } from '../sharing/store/catalogue.ts';
import { createSharingIndexes, sharingModels } from '../sharing/store/models.ts';
import { type Closing, closing } from './closing.ts';
import { storeDevelopmentGrants } from './development-grants.ts';
import { metered } from './metered.ts';
import { openSharing } from './open-sharing.ts';
import { type HostedSubgraph, openSubgraph } from './subgraph-host.ts';

export interface OpenHub {
  readonly gateway: Gateway;
  readonly composition: Composition;
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
  /** Called once the stores of the subgraphs in this process are open, before anything is served. */
  readonly prepare?: ((hosted: readonly HostedSubgraph[]) => Promise<void>) | undefined;
}

/** Opens stores, subgraphs and the gateway, and connects them; what was opened is closed again where a later part fails. */
export async function openHub(options: OpenHubOptions): Promise<OpenHub> {
  const opened = closing();
  try {
    return await assemble(options, opened);
  } catch (thrown) {
    await opened.close();
    throw thrown;
  }
}

async function assemble(options: OpenHubOptions, { close, onClose }: Closing): Promise<OpenHub> {
  const { settings, definitions, logger } = options;
  const keyring = openKeyring(settings.keys);
  const composition = compose(
    definitions.map((each) => ({ ...each, url: settings.subgraphUrls[each.name] ?? `local:${each.name}` })),
  );

  const store = await connectStore(HUB_DATABASE, storeFor(settings, HUB_DATABASE));
  onClose(() => store.close());
  const models = sharingModels(store.connection);
  await createSharingIndexes(models);
  const supergraph = buildSupergraph(composition.supergraphSdl);
  await writeCatalogue(models, composition.policy, isVisibleIn(supergraph.apiSchema));
  if (!settings.production) await storeDevelopmentGrants(models, composition.policy, Date.now());

  const local = definitions.filter(({ name }) => settings.subgraphUrls[name] === undefined);
  const openings = await Promise.allSettled(
    local.map(async (definition) => {
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
  const transports = new Map<string, SubgraphTransport>(
    hosted.map(({ server }) => [server.name, localTransport(server)]),
  );
  for (const [subgraph, url] of Object.entries(settings.subgraphUrls)) {
    const { httpTransport } = await import('../lib/http-transport.ts');
    transports.set(subgraph, httpTransport({ subgraph, url, timeoutMs: settings.timeouts.subgraph }));
  }
  onClose(async () => {
    await Promise.all([...transports.values()].map((transport) => transport.close()));
  });

  const { grants, sharing, ...opened } = await openSharing(models, {
    settings,
    keyring,
    logger,
    metrics: options.metrics,
  });
  onClose(() => opened.close());

  const gateway = await createGateway({
    release: { supergraph, table: composition.policy, transports },
    grants,
    sharing,
    subjectKey: await keyring.secret('subjects'),
    logger,
    limits: settings.limits,
    rate: settings.rate,
    requestTimeoutMs: settings.timeouts.request,
    subgraphTimeoutMs: settings.timeouts.subgraph,
    ...(options.metrics && metered(options.metrics)),
  });
  onClose(() => gateway.stop());

  return {
    gateway,
    composition,
    close,
    gatewayKeys: () => keyring.publicJwks('gateway'),
    async unready() {
      const checks = [...transports].map(async ([name, transport]) => ((await transport.ready()) ? [] : [name]));
      return [...(await Promise.all(checks)).flat(), ...(grants.stale() ? ['policy (POLICY_STALE)'] : [])];
    },
  };
}

function isVisibleIn(schema: GraphQLSchema): (coordinate: string) => boolean {
  return (coordinate) => {
    const [name = '', field = ''] = coordinate.split('.');
    const type = schema.getType(name);
    return (isObjectType(type) || isInterfaceType(type)) && field in type.getFields();
  };
}
