import type { JWTVerifyGetKey } from 'jose';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { Keyring } from '../lib/keys/keyring.ts';
import { jwksFrom } from '../lib/keys/jwks-from.ts';
import { connectStore } from '../lib/mongo/connect-store.ts';
import { type Settings, storeFor } from '../lib/settings.ts';
import type { ReleaseKeys, SubgraphDefinition } from '../lib/subgraph-definition.ts';
import { createSubgraphServer, type SubgraphServer } from '../lib/subgraph-server.ts';
import { published } from '../schema/published.ts';

export interface HostedSubgraph {
  readonly server: SubgraphServer;
  readonly connection: Connection;
  /** Stops the server, then closes its store. */
  close(): Promise<void>;
}

export interface HostOptions {
  readonly settings: Settings;
  readonly keyring: Keyring;
  readonly logger: Logger;
}

/** Opens a subgraph's store, builds its indexes and starts its server; the same for one process or many. */
export async function openSubgraph(definition: SubgraphDefinition, options: HostOptions): Promise<HostedSubgraph> {
  const database = definition.database ?? definition.name;
  const store = await connectStore(database, storeFor(options.settings, database));
  try {
    const server = await serve(definition, store.connection, options);
    for (const model of Object.values(store.connection.models)) await model.createIndexes();
    return {
      server,
      connection: store.connection,
      async close() {
        await server.stop();
        await store.close();
      },
    };
  } catch (thrown) {
    // A subgraph that cannot start must not keep its store, and with it the process, open.
    await store.close();
    throw thrown;
  }
}

async function serve(
  definition: SubgraphDefinition,
  connection: Connection,
  { settings, keyring, logger }: HostOptions,
): Promise<SubgraphServer> {
  return createSubgraphServer({
    definition,
    ...published(definition),
    connection,
    gatewayKeys: settings.gatewayJwks
      ? jwksFrom(settings.gatewayJwks, { production: settings.production })
      : keyring.verifying('gateway'),
    cursorSecret: await keyring.secret('cursor'),
    services: {
      releaseKeys: releaseKeysOf(keyring),
      checkWithinMs: settings.timeouts.check,
      production: settings.production,
    },
    logger: logger.child({ subgraph: definition.name }),
  });
}

/** The keys of a key folder that releases are signed and verified with; none is read before it is needed. */
export function releaseKeysOf(keyring: Keyring): ReleaseKeys {
  return {
    signing: () => keyring.signing('release'),
    verifying: (header, token) => keyring.verifying('release')(header, token),
  };
}

/** The public keys that verify releases: those of the settings, or of the key folder. */
export function releaseVerifier({ releaseJwks, production }: Settings, keyring: Keyring): JWTVerifyGetKey {
  return releaseJwks ? jwksFrom(releaseJwks, { production }) : keyring.verifying('release');
}
