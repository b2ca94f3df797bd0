import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import type { Connection, Model } from 'mongoose';
import { pino } from 'pino';
import type { Caller } from '../../lib/caller.ts';
import { connectStore } from '../../lib/mongo/connect-store.ts';
import { fetchHash, signContext } from '../../lib/signed-context.ts';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { createSubgraphServer } from '../../lib/subgraph-server.ts';
import { touchedCoordinates } from '../../lib/touched.ts';
import type { SubgraphError } from '../../lib/transport.ts';
import { published } from '../../schema/published.ts';

interface Asking {
  readonly caller?: Caller;
  /** Coordinates the context permits; all that the query touches when absent. */
  readonly asked?: readonly string[];
  readonly divisions?: readonly string[];
}

interface Answer {
  readonly data: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors: readonly SubgraphError[] | undefined;
  readonly codes: readonly unknown[];
}

/** One read of the store as mongoose sent it. */
export interface Read {
  /** Collection and method, such as `licences.aggregate`. */
  readonly name: string;
  /** The filter, or the pipeline. */
  readonly query: unknown;
  readonly projection: unknown;
  readonly sort: unknown;
}

export interface RunningSubgraph {
  readonly connection: Connection;
  /** Asks as the gateway does: with a context signed for exactly this text. */
  ask(query: string, variables?: Readonly<Record<string, unknown>>, asking?: Asking): Promise<Answer>;
  /** Reads of the store since the last call. */
  reads(): readonly Read[];
  close(): Promise<void>;
}

const CALLER: Caller = { department: 'civil-affairs', application: 'relief', purpose: 'relief-check', roles: [] };

/** A subgraph over a fresh store with its indexes, behind its own server and a real key. */
export async function startSubgraph(
  definition: SubgraphDefinition,
  modelsOf: (connection: Connection) => object,
): Promise<RunningSubgraph> {
  const dataDir = await mkdtemp(join(tmpdir(), 'shuniu-'));
  const store = await connectStore(definition.name, { dataDir });
  for (const model of Object.values(modelsOf(store.connection)) as Model<object>[]) {
    await model.createCollection();
    await model.syncIndexes();
  }
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const key = { kid: 'test', privateKey };
  const { typeDefs, classified } = published(definition);
  const server = await createSubgraphServer({
    definition,
    typeDefs,
    classified,
    connection: store.connection,
    gatewayKeys: createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: key.kid, alg: 'EdDSA' }] }),
    cursorSecret: randomBytes(32),
    logger: pino({ level: 'silent' }),
  });
  const schema: GraphQLSchema = buildSubgraphSchema(parse(typeDefs));
  const seen: Read[] = [];
  store.connection.set('debug', (collection: string, method: string, query: unknown, options: unknown) => {
    const { projection, sort } = (options ?? {}) as { projection?: unknown; sort?: unknown };
    seen.push({ name: `${collection}.${method}`, query, projection, sort });
  });

  return {
    connection: store.connection,
    async ask(query, variables = {}, { caller = CALLER, asked, divisions = ['*'] } = {}) {
      const context = await signContext(
        {
          caller,
          fetches: [fetchHash(query)],
          asked: asked ?? [...touchedCoordinates(schema, parse(query))],
          internal: [],
          divisions,
          grants: [],
          epoch: 1,
          release: 'test',
        },
        definition.name,
        key,
      );
      const { data, errors } = await server.answer({
        query,
        variables,
        context,
        requestId: 'test',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        signal: AbortSignal.timeout(15_000),
      });
      return {
        data,
        errors,
        codes: (errors ?? []).map(({ extensions }) => extensions?.['code']),
      };
    },
    reads: () => seen.splice(0),
    async close() {
      await server.stop();
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
}
