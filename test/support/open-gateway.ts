import { randomUUID } from 'node:crypto';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import { pino } from 'pino';
import { createGateway, type Gateway } from '../../gateway/server.ts';
import { buildSupergraph } from '../../gateway/supergraph.ts';
import { copyOf } from '../../lib/plain-values.ts';
import type { SubgraphRequest, SubgraphTransport } from '../../lib/transport.ts';
import { EMPTY_POLICY } from '../../schema/policy-table.ts';
import { grantView } from '../../sharing/policy/grant.ts';
import type { GraphqlAnswer } from './small-hub.ts';

/** A subgraph as any team writes it, with its own link to federation and nothing of sharing. */
export interface ForeignSubgraph {
  readonly name: string;
  readonly sdl: string;
  readonly resolvers: Readonly<Record<string, object>>;
}

export interface OpenGateway {
  ask(query: string, variables?: Record<string, unknown>): Promise<GraphqlAnswer>;
  readonly fetches: { readonly subgraph: string; readonly query: string; readonly context: string | undefined }[];
  readonly gateway: Gateway;
  close(): Promise<void>;
}

export function composeForeign(subgraphs: readonly ForeignSubgraph[]): string {
  const result = composeServices(
    subgraphs.map(({ name, sdl }) => ({ name, url: `http://${name}.example/graphql`, typeDefs: parse(sdl) })),
  );
  if (result.errors) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.supergraphSdl;
}

/** A gateway that is open to everybody, over subgraphs in this process. */
export async function openGateway(supergraphSdl: string, subgraphs: readonly ForeignSubgraph[]): Promise<OpenGateway> {
  const fetches: OpenGateway['fetches'] = [];
  const transports = new Map(subgraphs.map((each) => [each.name, transportTo(each, fetches)]));
  const gateway = await createGateway({
    release: {
      supergraph: buildSupergraph(supergraphSdl),
      table: EMPTY_POLICY,
      transports,
    },
    grants: { view: () => grantView(0, []), stale: () => false },
    sharing: undefined,
    subjectKey: Buffer.alloc(32, 1),
    logger: pino({ level: 'silent' }),
    requestTimeoutMs: 5_000,
    subgraphTimeoutMs: 2_000,
  });
  return {
    fetches,
    gateway,
    async ask(query, variables) {
      const { status, headers, body } = await gateway.answer({
        method: 'POST',
        search: '',
        headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
        body: { query, ...(variables && { variables }) },
        address: '192.0.2.1',
        requestId: randomUUID(),
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        signal: new AbortController().signal,
      });
      return { status, headers, ...(JSON.parse(body) as Pick<GraphqlAnswer, 'data' | 'errors'>) };
    },
    close: () => gateway.stop(),
  };
}

function transportTo({ name, sdl, resolvers }: ForeignSubgraph, fetches: OpenGateway['fetches']): SubgraphTransport {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }] as Parameters<
    typeof buildSubgraphSchema
  >[0]);
  return {
    async send({ query, variables, context }: SubgraphRequest) {
      fetches.push({ subgraph: name, query, context });
      const { data, errors } = await graphql({ schema, source: query, variableValues: variables });
      return {
        data: copyOf(data) as Record<string, unknown>,
        ...(errors && { errors: errors.map((each) => each.toJSON()) }),
      };
    },
    freshness: () => Promise.resolve({}),
    ready: () => Promise.resolve(true),
    close: () => Promise.resolve(),
  };
}
