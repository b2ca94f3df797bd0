import { ApolloServer } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchemaModule } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { type GraphQLFormattedError, type GraphQLSchema, parse } from 'graphql';
import type { JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { type Connection, STATES } from 'mongoose';
import type { Logger } from 'pino';
import type { Caller } from './caller.ts';
import { type CursorCodec, cursorCodec } from './cursor.ts';
import { HubError } from './errors.ts';
import { guard } from './guard.ts';
import { readUpdates, type ResourceUpdates } from './resource-updates.ts';
import { contextVerifier, fetchHash, permittedBy, type SignedContext, variablesHash } from './signed-context.ts';
import {
  type HostServices,
  NO_SERVICES,
  type SubgraphContext,
  type SubgraphDefinition,
} from './subgraph-definition.ts';
import { touchedCoordinates } from './touched.ts';
import type { SubgraphRequest, SubgraphResponse } from './transport.ts';

type ResolverMap = NonNullable<GraphQLSchemaModule['resolvers']>;

export interface SubgraphServerOptions {
  readonly definition: SubgraphDefinition;
  /** The definition's SDL under the sharing header. */
  readonly typeDefs: string;
  /** Coordinates whose class is not UNCONDITIONAL; each is guarded. */
  readonly classified: readonly string[];
  readonly connection: Connection;
  /** The gateway's public keys. */
  readonly gatewayKeys: JWTVerifyGetKey;
  readonly cursorSecret: Buffer;
  /** Absent, the subgraph signs no releases. */
  readonly services?: HostServices | undefined;
  readonly logger: Logger;
}

export interface SubgraphServer {
  readonly name: string;
  /** Answers one fetch of a gateway; the same function in process and behind HTTP. Never rejects. */
  answer(request: SubgraphRequest): Promise<SubgraphResponse>;
  ready(): Promise<boolean>;
  /** When its resources were last brought up to date, by type. */
  freshness(): Promise<ResourceUpdates>;
  stop(): Promise<void>;
}

/** Builds a department's federated subgraph over its opened store. */
export async function createSubgraphServer(options: SubgraphServerOptions): Promise<SubgraphServer> {
  const { definition, connection, logger } = options;
  const opened = definition.open(connection, options.services ?? NO_SERVICES);
  const built = buildSubgraphSchema({ typeDefs: parse(options.typeDefs), resolvers: opened.resolvers as ResolverMap });
  const schema = guard(built, options.classified);
  const verify = contextVerifier(definition.name, options.gatewayKeys);
  const cursorsFor = cursorsByConsumer(options.cursorSecret, definition.name);
  const touched = touchedByText(schema);
  const server = new ApolloServer<SubgraphContext>({
    schema,
    introspection: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Nothing of a fetch is cached by others, and to find out for how long it could be would cost every field.
    plugins: [ApolloServerPluginInlineTraceDisabled(), ApolloServerPluginCacheControlDisabled()],
    logger,
    formatError: (formatted, thrown) => formatError(formatted, thrown, logger),
  });
  await server.start();

  const execute = async (request: SubgraphRequest): Promise<SubgraphResponse> => {
    const signed = await verify(request.context);
    permit(signed, request, touched);
    const cursors = cursorsFor(signed.caller);
    const contextValue = { signed, cursors, loaders: opened.loaders(signed), signal: request.signal };
    const { query, variables, operationName } = request;
    const { body } = await server.executeOperation(
      { query, variables, ...(operationName && { operationName }) },
      { contextValue },
    );
    if (body.kind !== 'single') throw new HubError('UNEXPECTED', 'Incremental delivery is not part of a fetch.');
    return body.singleResult;
  };

  return {
    name: definition.name,
    async answer(request) {
      try {
        return await execute(request);
      } catch (thrown) {
        if (thrown instanceof HubError) return { errors: [thrown.toJSON()] };
        logger.error({ err: thrown, requestId: request.requestId, subgraph: definition.name }, 'a fetch failed');
        return { errors: [{ message: 'Unexpected error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] };
      }
    },
    ready: () => storeAnswers(connection),
    freshness: () => opened.freshness?.() ?? readUpdates(connection),
    stop: () => server.stop(),
  };
}

/** One row has another cursor for each consumer and purpose: equal ones would join their extracts row by row. */
function cursorsByConsumer(secret: Buffer, subgraph: string): (caller: Caller) => CursorCodec {
  const known = new LRUCache<string, CursorCodec>({ max: 1_000 });
  return ({ department, purpose }) => {
    const list = JSON.stringify([subgraph, department, purpose ?? null]);
    const codec = known.get(list) ?? cursorCodec(secret, list);
    known.set(list, codec);
    return codec;
  };
}

/**
 * The context must name this very text, and every item the text touches; that of a mutation its variables too. A valid context
 * cannot be used for another query, nor to do another thing.
 */
function permit(
  signed: SignedContext,
  { query, variables }: Pick<SubgraphRequest, 'query' | 'variables'>,
  touched: (text: string) => Iterable<string>,
): void {
  const allowed = permittedBy(signed);
  const known = signed.fetches.includes(fetchHash(query));
  const same = signed.variables === undefined || signed.variables === variablesHash(variables);
  if (!known || !same || [...touched(query)].some((each) => each !== 'Query._entities' && !allowed.has(each)))
    throw new HubError('NOT_PERMITTED', 'The signed context does not permit this query.');
}

function touchedByText(schema: GraphQLSchema): (text: string) => ReadonlySet<string> {
  const known = new LRUCache<string, ReadonlySet<string>>({ max: 2_000 });
  return (text) => {
    const touched = known.get(text) ?? touchedCoordinates(schema, parse(text));
    known.set(text, touched);
    return touched;
  };
}

/** Lets HubErrors and GraphQL's own errors through; a store's failure is named as such, all else stays inside. */
function formatError(formatted: GraphQLFormattedError, thrown: unknown, logger: Logger): GraphQLFormattedError {
  const cause = unwrapResolverError(thrown);
  if (cause instanceof HubError) return formatted;
  const code = formatted.extensions?.['code'];
  if (code !== 'INTERNAL_SERVER_ERROR') return formatted;
  logger.error({ err: cause, path: formatted.path?.join('.') }, 'a resolver failed');
  const ofStore = cause instanceof Error && /^Mongo/.test(cause.name);
  return {
    message: ofStore ? 'The store of this department could not answer.' : 'Unexpected error',
    ...(formatted.path && { path: formatted.path }),
    extensions: { code: ofStore ? 'STORE_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR' },
  };
}

async function storeAnswers(connection: Connection): Promise<boolean> {
  try {
    await connection.db?.command({ ping: 1 }, { timeoutMS: 2_000 });
    return connection.readyState === STATES.connected;
  } catch {
    // Readiness is the question here; the answer to a store that throws is no.
    return false;
  }
}
