import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import { GraphQLScalarType } from 'graphql';
import { createConnection } from 'mongoose';
import { pino } from 'pino';
import { HubError } from '../../lib/errors.ts';
import { DateTimeScalar } from '../../lib/scalars.ts';
import { fetchHash, signContext } from '../../lib/signed-context.ts';
import type { SubgraphContext, SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { createSubgraphServer, type SubgraphServer } from '../../lib/subgraph-server.ts';
import type { SubgraphRequest } from '../../lib/transport.ts';
import { withHeader } from '../../schema/header.ts';

/** The row that the subgraph's "store" holds; its resolvers hand it out by reference, as a store in this process would. */
export const ROW = {
  code: '532301',
  surveyedAt: new Date('2024-02-29T08:00:00Z'),
  outline: { type: 'Point', coordinates: [101.5, 25.0] },
};

const sdl = `
  scalar DateTime
  scalar Geometry
  type Place @key(fields: "code") @sharing(class: UNCONDITIONAL) {
    code: ID!
    surveyedAt: DateTime
    outline: Geometry
    corner: Geometry
  }
  input Search { codes: [String!]! }
  type Query {
    place: Place @sharing(class: UNCONDITIONAL)
    places: [Place] @sharing(class: UNCONDITIONAL)
    find(search: Search!): [String] @sharing(class: UNCONDITIONAL)
    closed(shape: Geometry!): Geometry @sharing(class: UNCONDITIONAL)
    refused: String @sharing(class: UNCONDITIONAL)
    fails: String @sharing(class: UNCONDITIONAL)
    slow: String @sharing(class: UNCONDITIONAL)
    whoAsks: [String] @sharing(class: UNCONDITIONAL)
    large(kilobytes: Int!): String @sharing(class: UNCONDITIONAL)
  }
`;

export interface Atlas {
  readonly server: SubgraphServer;
  /** Signals of `slow` fetches under way; such a fetch ends when its signal aborts. */
  readonly slow: AbortSignal[];
  /** A request as a gateway makes it, signed for its text. */
  request(query: string, rest?: Partial<SubgraphRequest>): Promise<SubgraphRequest>;
}

/** A subgraph with scalars that hand out the store's own objects, over real signed contexts. */
export async function atlas(): Promise<Atlas> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const key = { kid: 'test', privateKey };
  const slow: AbortSignal[] = [];
  const server = await createSubgraphServer({
    definition: definition(slow),
    typeDefs: withHeader(sdl),
    classified: [],
    connection: createConnection(),
    gatewayKeys: createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA' }] }),
    cursorSecret: Buffer.alloc(32),
    logger: pino({ level: 'silent' }),
  });
  return {
    server,
    slow,
    async request(query, rest = {}) {
      const fields = ['place', 'places', 'find', 'closed', 'refused', 'fails', 'slow', 'whoAsks', 'large'].map(
        (name) => `Query.${name}`,
      );
      const places = ['code', 'surveyedAt', 'outline', 'corner'].map((name) => `Place.${name}`);
      const context = await signContext(
        {
          caller: { department: 'natural-resources', application: 'maps', roles: [] },
          fetches: [fetchHash(query)],
          asked: [...fields, ...places],
          internal: [],
          divisions: ['*'],
          grants: [],
          epoch: 1,
          release: '1',
        },
        'atlas',
        key,
      );
      return {
        query,
        variables: {},
        context,
        requestId: '0b6e9c1e-8d5a-4b3c-9e0f-1234567890ab',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        signal: new AbortController().signal,
        ...rest,
      };
    },
  };
}

/** One object for every refusal, as a rule of the guard has it. */
const REFUSAL = new HubError('NOT_FOUND', 'There is no such place.', { hint: 'ask for another' });

function definition(slow: AbortSignal[]): SubgraphDefinition {
  const query = {
    place: () => ROW,
    places: () => [ROW, null, ROW],
    find: (_: unknown, { search }: { search: { codes: string[] } }) => {
      search.codes.sort();
      return search.codes;
    },
    closed: (_: unknown, { shape }: { shape: number[] }) => {
      shape.push(shape[0] ?? 0);
      return shape;
    },
    refused: () => {
      throw REFUSAL;
    },
    fails: () => {
      throw new Error('no "value" of this may leave');
    },
    slow: (_: unknown, _args: unknown, { signal }: SubgraphContext) =>
      new Promise((_resolve, reject) => {
        slow.push(signal);
        signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
      }),
    whoAsks: (_: unknown, _args: unknown, { signed }: SubgraphContext) => [signed.caller.department],
    large: (_: unknown, { kilobytes }: { kilobytes: number }) => 'x'.repeat(kilobytes * 1024),
  };
  const geometry = new GraphQLScalarType({ name: 'Geometry', serialize: (value) => value });
  const place = { corner: (row: typeof ROW) => row.outline.coordinates };
  return {
    name: 'atlas',
    owner: 'natural-resources',
    title: 'atlas',
    sdl,
    open: () => ({
      resolvers: { Query: query, Place: place, DateTime: DateTimeScalar, Geometry: geometry },
      loaders: () => ({}),
    }),
  };
}
