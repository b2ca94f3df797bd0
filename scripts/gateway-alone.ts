import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { registerGraphql } from '../gateway/routes.ts';
import type { JWTVerifyGetKey } from 'jose';
import { createGateway, type Gateway, type GatewayOptions, type Release } from '../gateway/server.ts';
import { HubError, messageOf } from '../lib/errors.ts';
import { addHealthRoutes } from '../lib/health-routes.ts';
import { createHttpServer } from '../lib/http-server.ts';
import { openKeyring } from '../lib/keys/keyring.ts';
import { createLogger } from '../lib/logger.ts';
import { createMetrics, type Metrics } from '../lib/metrics.ts';
import { longestRequest, type Settings } from '../lib/settings.ts';
import { grantView } from '../sharing/policy/grant.ts';
import type { SharingModels } from '../sharing/store/models.ts';
import { type Closing, closing } from './closing.ts';
import { followFiles } from './follow-files.ts';
import { openHubStore } from './hub-store.ts';
import { metered } from './metered.ts';
import { openSharing } from './open-sharing.ts';
import { type Connections, readRelease } from './read-release.ts';
import { servePages } from './serve-pages.ts';
import { serveReleases } from './serve-releases.ts';
import { releaseVerifier } from './subgraph-host.ts';
import { watchFreshness } from './watch-freshness.ts';

export interface GatewayAlone {
  /** Absolute path of the supergraph's SDL; absent, the releases of the hub's store are followed. */
  readonly supergraphFile?: string | undefined;
  /** Absolute path of the policy table; a supergraph from a file without one must be opened to everybody. */
  readonly policyFile?: string | undefined;
  readonly open: boolean;
  /** URLs that come before those of the supergraph, by subgraph. */
  readonly subgraphUrls: Readonly<Record<string, string>>;
}

export interface RunningGateway {
  /** Origin such as http://127.0.0.1:4000. */
  readonly origin: string;
  /** Ends in order: requests in flight are finished, then gateway, connections, audit log and store are closed. */
  stop(): Promise<void>;
}

interface Opening {
  readonly settings: Settings;
  readonly alone: GatewayAlone;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly onClose: Closing['onClose'];
}

const OPEN = 'This gateway is open: everybody may read everything behind it, and nothing is recorded.';
const REPEAT_MS = 60_000;
const naming = (name: string): string => `--subgraph ${name}=https://…`;

/**
 * Serves the releases of the hub's store, or one supergraph from files that are followed, over HTTP subgraphs: a new one is
 * served from the next request on, one that cannot be used is refused in the log while the old one goes on.
 * @throws HubError OPEN_REFUSED, POLICY_REQUIRED, SUPERGRAPH_REFUSED, BAD_POLICY, FILE_UNREADABLE, NO_RELEASE
 */
export async function runGateway(settings: Settings, alone: GatewayAlone): Promise<RunningGateway> {
  refuseContradictions(settings, alone);
  const { production, logLevel, host, port, trustProxy } = settings;
  const logger = createLogger({ level: alone.open ? loud(logLevel) : logLevel, production, service: 'gateway' });
  const metrics = createMetrics(logger);
  const { onClose, close: stop } = closing();
  const opening: Opening = { settings, alone, logger, metrics, onClose };
  try {
    const guarding = alone.open ? unguarded() : await guarded(opening);
    const { supergraphFile } = alone;
    const gateway =
      supergraphFile === undefined
        ? await followingReleases(opening, guarding)
        : await followingFiles(opening, supergraphFile, guarding);
    const server = createHttpServer({ logger, production, trustProxy });
    if (alone.open) onClose(sayOpen(server.app, logger));
    addHealthRoutes(server, { ready: () => Promise.resolve(!guarding.grants.stale()), metrics });
    registerGraphql(server.app, gateway);
    const pages = alone.open ? undefined : await servePages(server.app, { settings, gateway });
    onClose(async () => {
      server.beginClosing();
      await server.close();
    });
    const origin = await server.listen(host, port);
    pages?.listening(origin);
    return { origin, stop };
  } catch (thrown) {
    // Why it did not start is what counts; what could not be closed because of it is no news.
    await stop().catch(() => undefined);
    throw thrown;
  }
}

function refuseContradictions({ production }: Settings, { open, policyFile, supergraphFile }: GatewayAlone): void {
  if (supergraphFile === undefined && (open || policyFile !== undefined))
    throw new HubError(
      'SUPERGRAPH_REFUSED',
      'Name the supergraph as well, --supergraph <file>; without it and these options the releases of the hub are served.',
    );
  if (open && production)
    throw new HubError('OPEN_REFUSED', '--open: refused in production, as it lets everybody read everything.');
  if (open && policyFile !== undefined)
    throw new HubError(
      'OPEN_REFUSED',
      '--open: lets everybody read everything, whatever --policy says. Leave one out.',
    );
  if (supergraphFile !== undefined && !open && policyFile === undefined)
    throw new HubError(
      'POLICY_REQUIRED',
      'Name the policy table, --policy <file> as `hub supergraph print --policy` prints it, or open the gateway to everybody: --open.',
    );
}

/** How a gateway decides: by grants and on record, or not at all. */
type Guarding = Pick<GatewayOptions, 'grants' | 'sharing' | 'subjectKey' | 'freshness'> & {
  readonly releases?: { readonly models: SharingModels; readonly keys: JWTVerifyGetKey; readonly away: boolean };
};

function unguarded(): Guarding {
  const grants = { view: () => grantView(0, []), stale: () => false };
  return { grants, sharing: undefined, subjectKey: randomBytes(32) };
}

async function guarded({ settings, alone, logger, metrics, onClose }: Opening): Promise<Guarding> {
  const keyring = openKeyring(settings.keys);
  const store = await openHubStore(settings, { logger, by: 'guest', patient: alone.supergraphFile === undefined });
  onClose(() => store.close());
  const { models, away } = store;
  const opened = await openSharing(models, { settings, keyring, logger, metrics, away });
  onClose(() => opened.close());
  const keys = releaseVerifier(settings, keyring);
  const { grants, sharing } = opened;
  return { grants, sharing, subjectKey: await keyring.secret('subjects'), releases: { models, keys, away } };
}

/** A gateway over the release in force in the hub's store, and each that follows it. */
async function followingReleases(opening: Opening, guarding: Guarding): Promise<Gateway> {
  const { settings, alone, logger, onClose } = opening;
  if (!guarding.releases) throw new Error('an open gateway serves no releases');
  const { models, keys, away } = guarding.releases;
  const subgraphUrls = { ...settings.subgraphUrls, ...alone.subgraphUrls };
  const served = await serveReleases(models, { settings, logger, keys, away, local: new Map(), subgraphUrls });
  onClose(() => served.stop());
  const { transports, table } = served;
  const freshness = watchFreshness(models, { transports, table, logger, metrics: opening.metrics });
  onClose(() => {
    freshness.stop();
    return Promise.resolve();
  });
  void freshness.ask();
  const gateway = await over(served.first, opening, { ...guarding, freshness: freshness.known });
  served.attach(gateway);
  return gateway;
}

async function over(
  release: Release,
  { settings, logger, metrics, onClose }: Opening,
  { grants, sharing, subjectKey, freshness }: Guarding,
): Promise<Gateway> {
  const { limits, rate, timeouts } = settings;
  const gateway = await createGateway({
    release,
    ...{ grants, sharing, subjectKey, freshness, logger, limits, rate },
    requestTimeoutMs: timeouts.request,
    subgraphTimeoutMs: timeouts.subgraph,
    actionTimeoutMs: timeouts.action,
    ...metered(metrics),
  });
  onClose(() => gateway.stop());
  return gateway;
}

/** A gateway over the release that the files hold, replaced when they change. */
async function followingFiles(opening: Opening, supergraphFile: string, guarding: Guarding): Promise<Gateway> {
  const { settings, alone, logger, onClose } = opening;
  const { policyFile } = alone;
  const files = await followFiles([supergraphFile, ...(policyFile === undefined ? [] : [policyFile])], {
    onError: (error) => logger.error({ reason: error.message }, 'the files cannot be read: the old ones stay in force'),
  });
  const subgraphUrls = { ...settings.subgraphUrls, ...alone.subgraphUrls };
  let known: Connections = new Map();
  const read = ([supergraph = '', policy]: readonly string[]) =>
    readRelease({ supergraph, policy }, { settings, subgraphUrls, known, naming });

  const { release, connections } = await read(files.first);
  known = connections;
  onClose(async () => {
    await Promise.all([...known.values()].map(({ transport }) => transport.close()));
  });
  const gateway = await over(release, opening, guarding);

  files.start(async (texts) => {
    try {
      const next = await read(texts);
      const left = [...known.values()].filter((each) => ![...next.connections.values()].includes(each));
      const swap = await gateway.prepare(next.release);
      swap();
      known = next.connections;
      logger.info({ release: next.release.supergraph.release }, 'a new supergraph is served');
      // Requests in flight finish on the connections they began with; none takes longer than this.
      setTimeout(() => left.forEach(({ transport }) => void transport.close()), longestRequest(settings)).unref();
    } catch (thrown) {
      logger.error({ reason: messageOf(thrown) }, 'the new supergraph cannot be used: the old one goes on');
    }
  });
  onClose(() => files.stop());
  return gateway;
}

/** No log level silences the warning that everything is open. */
function loud(level: string): string {
  return ['silent', 'fatal', 'error'].includes(level) ? 'warn' : level;
}

/** Says to its operator and to each of its readers that nothing is protected here. */
function sayOpen(app: FastifyInstance, logger: Logger): () => void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('shuniu-open-gateway', 'everybody may read everything; nothing is recorded');
  });
  logger.warn(OPEN);
  const timer = setInterval(() => logger.warn(OPEN), REPEAT_MS);
  return () => clearInterval(timer);
}
