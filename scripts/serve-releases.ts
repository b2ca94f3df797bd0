import type { JWTVerifyGetKey } from 'jose';
import type { Logger } from 'pino';
import type { Gateway, Release } from '../gateway/server.ts';
import { HubError, messageOf } from '../lib/errors.ts';
import { longestRequest, type Settings } from '../lib/settings.ts';
import type { SubgraphTransport } from '../lib/transport.ts';
import { type FollowedReleases, followReleases } from '../sharing/store/follow-releases.ts';
import type { SharingModels } from '../sharing/store/models.ts';
import { lastRelease } from './last-release.ts';
import { type Connections, readRelease } from './read-release.ts';

export interface ServeReleasesOptions {
  readonly settings: Settings;
  readonly logger: Logger;
  /** The public keys of those who may make releases. */
  readonly keys: JWTVerifyGetKey;
  /** Subgraphs that run in this process. */
  readonly local: ReadonlyMap<string, SubgraphTransport>;
  /** URLs that come before those of the release, by subgraph. */
  readonly subgraphUrls: Readonly<Record<string, string>>;
  /** The store does not answer yet: the release that was served last is served until it does. */
  readonly away: boolean;
}

export interface ServedReleases {
  /** The release in force when it began. */
  readonly first: Release;
  /** The transports in use, by subgraph. */
  readonly transports: () => Release['transports'];
  /** The policy in force. */
  readonly table: () => Release['table'];
  /** Number of the release in use. */
  readonly number: () => number;
  /** Serves each later release by this gateway. */
  readonly attach: (gateway: Gateway) => void;
  stop(): Promise<void>;
}

const naming = (name: string): string =>
  `HUB_SUBGRAPH_${name.toUpperCase().replaceAll('-', '_')}_URL=https://…, or have its owner publish it with one.`;

/**
 * The release in force, and each later one as it comes. What cannot be used, or is not signed, is said in the log and the one
 * before goes on.
 * @throws HubError NO_RELEASE where there is none in force that can be used.
 */
export async function serveReleases(models: SharingModels, options: ServeReleasesOptions): Promise<ServedReleases> {
  const { settings, logger, keys, local, subgraphUrls, away } = options;
  const disk = lastRelease(settings);
  let known: Connections = new Map();
  let current: Release | undefined;
  let gateway: Gateway | undefined;
  let problem = 'there is none yet. Start the process that makes the first: hub subgraph exchange, or hub start';

  const followed: FollowedReleases = await followReleases(models, {
    ...{ keys, away },
    last: await disk.read(),
    use: async (release) => {
      const { supergraph, policy, number } = release;
      const next = await readRelease({ supergraph, policy }, { settings, subgraphUrls, known, local, naming });
      const left = [...known].filter(([name, each]) => next.connections.get(name) !== each);
      const swap = await gateway?.prepare(next.release);
      swap?.();
      current = next.release;
      known = next.connections;
      await disk.write(release).catch((err: unknown) => {
        logger.warn({ err }, 'the release cannot be kept on disk: a start without the store would have none');
      });
      if (gateway) logger.info({ number, release: current.supergraph.release }, 'a new release is served');
      // Requests in flight finish on the connections they began with; none takes longer than this.
      if (left.length > 0)
        setTimeout(() => left.forEach(([, { transport }]) => void transport.close()), longestRequest(settings)).unref();
    },
    onError(thrown) {
      problem = messageOf(thrown);
      logger.error(
        { reason: problem },
        'a release cannot be used, or the store does not answer: the one before goes on',
      );
    },
  });
  const first = current;
  if (!first) {
    await followed.stop();
    throw new HubError('NO_RELEASE', `No release can be served: ${problem}.`);
  }
  return {
    first,
    transports: () => (current ?? first).transports,
    table: () => (current ?? first).table,
    number: followed.number,
    attach: (served) => (gateway = served),
    async stop() {
      await followed.stop();
      await Promise.all([...known.values()].map(({ transport }) => transport.close()));
    },
  };
}
