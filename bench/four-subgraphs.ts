import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, execute, parse } from 'graphql';
import { cursorCodec } from '../lib/cursor.ts';
import { copyOf, ownValues } from '../lib/plain-values.ts';
import type { SignedContext } from '../lib/signed-context.ts';
import { NO_SERVICES, type SubgraphDefinition } from '../lib/subgraph-definition.ts';
import type { SubgraphRequest, SubgraphResponse, SubgraphTransport } from '../lib/transport.ts';
import { published } from '../schema/published.ts';
import type { SeededStores } from './seeded-stores.ts';

/** 100 persons, and of each what population, legal-persons, geospatial and archives know: four subgraphs, 100 entities joined. */
export const QUERY = `query Persons($after: String) {
  persons(filter: { division: "532300" }, first: 100, after: $after) {
    edges { node {
      id name sex birthDate address phone status division
      represents(first: 5) { uscc name status }
      parcels(first: 5) { code landUseName areaSquareMetres }
      archiveItems(first: 5) { number title }
    } }
    pageInfo { endCursor }
  }
}`;

type Resolvers = NonNullable<Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers']>;

/** What every resolver is told, whoever asks: all contenders make the same queries to the stores. */
const SIGNED: SignedContext = {
  caller: { department: 'bench', application: 'bench', purpose: 'bench', roles: [] },
  fetches: [],
  asked: [],
  internal: [],
  divisions: ['*'],
  grants: [],
  epoch: 1,
  release: 'bench',
};

/** A subgraph of the hub over its store, without context, check of the text and guard: it answers anybody. */
export function unguarded(definition: SubgraphDefinition, stores: SeededStores): SubgraphTransport {
  const opened = definition.open(stores.connection(definition.database ?? definition.name), NO_SERVICES);
  const typeDefs = parse(published(definition).typeDefs);
  const schema = buildSubgraphSchema({ typeDefs, resolvers: opened.resolvers as Resolvers });
  const cursors = cursorCodec(Buffer.alloc(32, 7), definition.name);
  const documents = new Map<string, DocumentNode>();
  return transport(async ({ query, variables, signal }) => {
    const document = documents.get(query) ?? parse(query);
    documents.set(query, document);
    const contextValue = { signed: SIGNED, cursors, loaders: opened.loaders(SIGNED), signal };
    const variableValues = copyOf(variables) as Record<string, unknown>;
    const { data, errors } = await execute({ schema, document, variableValues, contextValue });
    return {
      data: ownValues(data) as SubgraphResponse['data'],
      ...(errors && { errors: errors.map((error) => error.toJSON()) }),
    };
  });
}

/**
 * The same subgraph, answering from what it answered before, as text: what is left is the gateway, with a body written and an
 * answer parsed for each fetch, as over HTTP.
 */
export function replayed(subgraph: SubgraphTransport): SubgraphTransport {
  const answers = new Map<string, string>();
  return transport(async (request) => {
    const body = JSON.stringify({ query: request.query, variables: request.variables });
    const known = answers.get(body) ?? JSON.stringify(await subgraph.send(request));
    answers.set(body, known);
    return JSON.parse(known) as SubgraphResponse;
  });
}

function transport(send: (request: SubgraphRequest) => Promise<SubgraphResponse>): SubgraphTransport {
  return {
    send,
    freshness: () => Promise.resolve({}),
    ready: () => Promise.resolve(true),
    close: () => Promise.resolve(),
  };
}
