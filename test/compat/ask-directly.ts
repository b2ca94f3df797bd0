import { randomUUID } from 'node:crypto';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { fetchHash, signContext } from '../../lib/signed-context.ts';
import { touchedCoordinates } from '../../lib/touched.ts';
import type { SubgraphResponse } from '../../lib/transport.ts';
import { withHeader } from '../../schema/header.ts';
import type { SmallHub, SmallSubgraph } from '../support/small-hub.ts';

/** Asks a subgraph as the gateway would: with a signed context that names this text and every item it touches. */
export async function askDirectly(
  hub: SmallHub,
  subgraph: SmallSubgraph,
  request: { readonly query: string; readonly variables?: Record<string, unknown> },
): Promise<SubgraphResponse> {
  const { query, variables = {} } = request;
  const schema = buildSubgraphSchema({ typeDefs: parse(withHeader(subgraph.sdl)) });
  const context = {
    caller: { department: 'civil-affairs', application: 'relief', roles: [] },
    fetches: [fetchHash(query)],
    asked: [...touchedCoordinates(schema, parse(query))],
    internal: [],
    divisions: ['*'],
    grants: [],
    epoch: 1,
    release: 'test',
  };
  return sendTo(hub, subgraph, { query, variables, context: await signContext(context, subgraph.name, hub.key) });
}

/** Asks a subgraph with a context that was made elsewhere, or with none. */
export async function sendTo(
  hub: SmallHub,
  subgraph: SmallSubgraph,
  request: { readonly query: string; readonly variables?: Record<string, unknown>; readonly context?: string },
): Promise<SubgraphResponse> {
  const server = hub.servers.find(({ name }) => name === subgraph.name);
  if (!server) throw new Error(`no subgraph ${subgraph.name}`);
  return server.answer({
    variables: {},
    requestId: randomUUID(),
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    signal: new AbortController().signal,
    ...request,
  });
}
