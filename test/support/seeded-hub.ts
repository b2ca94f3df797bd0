import { rm } from 'node:fs/promises';
import type { Connection } from 'mongoose';
import { pino } from 'pino';
import { registerGraphql } from '../../gateway/routes.ts';
import { createHttpServer } from '../../lib/http-server.ts';
import { httpTransport } from '../../lib/http-transport.ts';
import { createMetrics } from '../../lib/metrics.ts';
import { localTransport } from '../../lib/local-transport.ts';
import { connectStore } from '../../lib/mongo/connect-store.ts';
import { serveSubgraph } from '../../lib/subgraph-http.ts';
import type { SubgraphServer } from '../../lib/subgraph-server.ts';
import type { SubgraphTransport } from '../../lib/transport.ts';
import { discoverSubgraphs } from '../../scripts/subgraphs.ts';
import { createSharingIndexes, sharingModels } from '../../sharing/store/models.ts';
import { seededStores } from './seeded-stores.ts';
import { type GraphqlAnswer, type SmallHub, smallHub } from './small-hub.ts';

export type Over = 'local' | 'http';

export interface SeededHub extends Omit<SmallHub, 'ask'> {
  /** Asks over HTTP. */
  ask(query: string, caller: Record<string, unknown> | undefined): Promise<GraphqlAnswer>;
  readonly connections: ReadonlyMap<string, Connection>;
  /** How subgraphs are reached from here on; in process until it is said, over HTTP only where they were told to listen. */
  reachOver(over: Over): void;
}

/** All subgraphs over embedded stores with generated data and their first statistical release, behind one gateway that listens on a port. */
export async function seededHub(options: { persons: number; listening?: boolean }): Promise<SeededHub> {
  const dataDir = await seededStores(options.persons);
  const logger = pino({ level: 'silent' });
  const closing: (() => Promise<unknown>)[] = [];
  const definitions = await discoverSubgraphs();
  const connections = new Map<string, Connection>();
  for (const { name, database } of definitions) {
    const store = await connectStore(database ?? name, { dataDir });
    closing.push(() => store.close());
    connections.set(name, store.connection);
  }
  const connectionOf = (name: string): Connection => {
    const connection = connections.get(name);
    if (!connection) throw new Error(`no subgraph ${name}`);
    return connection;
  };
  await createSharingIndexes(sharingModels(connectionOf('exchange')));

  let over: Over = 'local';
  /** In process and over HTTP. */
  const bothWays = async (server: SubgraphServer): Promise<SubgraphTransport> => {
    const served = await serveSubgraph(server, {
      host: '127.0.0.1',
      port: 0,
      logger,
      metrics: createMetrics(logger),
      production: false,
      timeoutMs: 15_000,
    });
    closing.push(() => served.close());
    const ways = {
      local: localTransport(server),
      http: httpTransport({ subgraph: server.name, url: served.url, timeoutMs: 15_000 }),
    };
    return {
      send: (request) => ways[over].send(request),
      ready: () => ways[over].ready(),
      freshness: () => ways[over].freshness(),
      close: () => ways.http.close(),
    };
  };
  const hub = await smallHub({
    subgraphs: definitions.map((definition) => ({ definition, connection: connectionOf(definition.name) })),
    requestTimeoutMs: 20_000,
    subgraphTimeoutMs: 15_000,
    rate: { perSecond: 10_000, burst: 10_000 },
    ...(options.listening && { transportTo: bothWays }),
  });
  const http = createHttpServer({ logger, production: false });
  registerGraphql(http.app, hub.gateway);
  const origin = await http.listen('127.0.0.1', 0);

  return {
    ...hub,
    connections,
    reachOver(next) {
      if (next === 'http' && !options.listening) throw new Error('the subgraphs of this hub do not listen');
      over = next;
    },
    async ask(query, caller) {
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(caller && { authorization: `Bearer ${await hub.token(caller)}` }),
        },
        body: JSON.stringify({ query }),
      });
      const answer = (await response.json()) as Omit<GraphqlAnswer, 'status' | 'headers'>;
      return { ...answer, status: response.status, headers: Object.fromEntries(response.headers) };
    },
    async close() {
      await http.close();
      await hub.close();
      for (const step of closing.reverse()) await step();
      await rm(dataDir, { recursive: true });
    },
  };
}
