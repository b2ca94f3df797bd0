/**
 * What the second check inside a subgraph (lib/guard.ts, graphql-shield) costs: population answers a fetch for 100 persons with
 * eleven items each, of which nine are classified, from a real store, with the guard and without it. Both verify the signed
 * context and execute by Apollo Server, as lib/subgraph-server.ts does.
 */
import { ApolloServer } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import { pino } from 'pino';
import { cursorCodec } from '../lib/cursor.ts';
import { guard } from '../lib/guard.ts';
import { contextVerifier, fetchHash, type SignedContext, signContext } from '../lib/signed-context.ts';
import { NO_SERVICES, type SubgraphContext } from '../lib/subgraph-definition.ts';
import { touchedCoordinates } from '../lib/touched.ts';
import { published } from '../schema/published.ts';
import { models } from '../subgraphs/population/models.ts';
import { definition } from '../subgraphs/population/subgraph.ts';
import { type Contender, measure } from './measure.ts';
import { benchCommand, type BenchOptions, rowsOf, show, table } from './report.ts';
import { seededStores } from './seeded-stores.ts';

const ROWS = 100;
const ITEMS = 'id residentNumber name sex ethnicGroup birthDate maritalStatus education division address phone';
const WORKLOADS = {
  entities: `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { ${ITEMS} } } }`,
  list: `{ persons(filter: { division: "532300" }, first: ${ROWS}) { edges { node { ${ITEMS} } } } }`,
} as const;
/** The most that the guard may add to a fetch, as a share. */
const GOAL = 0.15;

type Resolvers = NonNullable<Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers']>;

await benchCommand('shield', `what graphql-shield costs a fetch of ${ROWS} rows`)
  .action(async ({ json, ...rounds }: BenchOptions) => {
    const stores = await seededStores(1_000);
    try {
      const connection = stores.connection(definition.name);
      const opened = definition.open(connection, NO_SERVICES);
      const { typeDefs, classified } = published(definition);
      const plain = buildSubgraphSchema({ typeDefs: parse(typeDefs), resolvers: opened.resolvers as Resolvers });
      const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
      const key = { kid: 'bench', privateKey };
      const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: key.kid, alg: 'EdDSA' }] });
      const verify = contextVerifier(definition.name, keys);
      const refs = (await models(connection).persons.find({}, { _id: 1 }).limit(ROWS).lean()).map(({ _id }) => _id);
      const variables = { r: refs.map((ref) => ({ __typename: 'Person', ref })) };
      const cursors = cursorCodec(Buffer.alloc(32, 7), definition.name);

      const contender = async (name: string, schema: GraphQLSchema, query: string): Promise<Contender> => {
        const server = new ApolloServer<SubgraphContext>({
          schema,
          introspection: false,
          stopOnTerminationSignals: false,
          logger: pino({ level: 'silent' }),
        });
        await server.start();
        const context: SignedContext = {
          caller: { department: 'civil-affairs', application: 'bench', purpose: 'bench', roles: [] },
          fetches: [fetchHash(query)],
          asked: [...touchedCoordinates(plain, parse(query))],
          internal: ['Person.ref', 'Query._entities'],
          divisions: ['532300'],
          grants: ['G-bench'],
          epoch: 1,
          release: 'bench',
        };
        let token = { text: '', until: 0 };
        return {
          name,
          async run() {
            // Gateways send a context again for five seconds.
            if (Date.now() > token.until)
              token = { text: await signContext(context, definition.name, key), until: Date.now() + 5_000 };
            const signed = await verify(token.text);
            const contextValue = {
              signed,
              cursors,
              loaders: opened.loaders(signed),
              signal: new AbortController().signal,
            };
            const { body } = await server.executeOperation({ query, variables }, { contextValue });
            if (body.kind !== 'single' || body.singleResult.errors) throw new Error(JSON.stringify(body));
          },
        };
      };

      const result: Record<string, ReturnType<typeof rowsOf>> = {};
      for (const [workload, query] of Object.entries(WORKLOADS)) {
        const contenders = await Promise.all([
          contender('without the guard', plain, query),
          contender('with the guard', guard(plain, classified), query),
        ]);
        result[workload] = rowsOf(await measure(contenders, rounds), 'without the guard');
      }
      const within = Object.values(result).every((rows) => rows.every(({ ratio }) => !ratio || ratio.high <= 1 + GOAL));
      show(json, { rows: ROWS, goal: GOAL, within, ...result }, () =>
        Object.entries(result)
          .map(([workload, rows]) => table(`${workload}: ${ROWS} rows of 11 items, 9 of them classified`, rows))
          .concat(`Goal: ${GOAL * 100} % at most, ${within ? 'kept' : 'not kept'}.`)
          .join('\n\n'),
      );
    } finally {
      await stores.close();
    }
  })
  .parseAsync();
