import { randomUUID } from 'node:crypto';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLFieldResolver, graphql, Kind, parse } from 'graphql';
import { pino } from 'pino';
import { answerOperation, type Steps } from '../../gateway/answer-operation.ts';
import { authoriser } from '../../gateway/authorise.ts';
import { executor } from '../../gateway/execute.ts';
import { planner } from '../../gateway/plan.ts';
import { NOTHING_TAKEN } from '../../gateway/quota.ts';
import { buildSupergraph, type BuiltSupergraph } from '../../gateway/supergraph.ts';
import { beginTrail } from '../../gateway/trail.ts';
import type { Caller } from '../../lib/caller.ts';
import { localTransport } from '../../lib/local-transport.ts';
import { copyOf } from '../../lib/plain-values.ts';
import { fetchHash, type SignedContext, signContext, type SigningKey } from '../../lib/signed-context.ts';
import { touchedCoordinates } from '../../lib/touched.ts';
import type { SubgraphError, SubgraphResponse, SubgraphTransport } from '../../lib/transport.ts';
import { compose } from '../../schema/compose.ts';
import { withHeader } from '../../schema/header.ts';
import { readPolicy } from '../../schema/read-policy.ts';
import type { ItemPolicy, PolicyTable } from '../../schema/policy-table.ts';
import { grantView } from '../../sharing/policy/grant.ts';
import { type SmallHub, smallHub, type SmallHubOptions, type SmallSubgraph } from '../support/small-hub.ts';

type ResolverModule = Parameters<typeof buildSubgraphSchema>[0];

/** The caller of every attack, where the test names no other. */
export const CALLER: Caller = {
  department: 'civil-affairs',
  application: 'relief',
  purpose: 'low-income-check',
  roles: [],
};
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** A protection of the gateway that is switched off. */
export interface Off {
  /** What the gateway takes for the policy of the items. */
  readonly table?: (table: PolicyTable) => PolicyTable;
  /** Subgraphs that answer anybody: no signed context, no guard. */
  readonly unguarded?: boolean;
}

/** A whole hub of which one protection does not work; everything else is as in `smallHub`. */
export async function weakHub(options: SmallHubOptions & { subgraphs: readonly SmallSubgraph[] }, off: Off) {
  const hub = await smallHub(options);
  const { supergraphSdl, policy } = composed(options.subgraphs);
  hub.gateway.replace({
    supergraph: buildSupergraph(supergraphSdl),
    table: off.table?.(policy) ?? policy,
    transports: off.unguarded
      ? unguarded(options.subgraphs)
      : new Map(hub.servers.map((server) => [server.name, localTransport(server)])),
  });
  return hub;
}

/** A table in which some items are free for everybody, as if nobody had classified them otherwise. */
export function freeing(...coordinates: string[]): (table: PolicyTable) => PolicyTable {
  return altering(coordinates, (item) => ({ ...item, class: 'UNCONDITIONAL', mask: undefined }));
}

/** A table in which some items are not known to need others. */
export function withoutRequires(...coordinates: string[]): (table: PolicyTable) => PolicyTable {
  return altering(coordinates, (item) => ({ ...item, requires: [] }));
}

/** A table in which some items have no mask. */
export function unmasking(...coordinates: string[]): (table: PolicyTable) => PolicyTable {
  return altering(coordinates, (item) => ({ ...item, mask: undefined }));
}

/** A table that does not know what arguments read. */
export function withoutReads(table: PolicyTable): PolicyTable {
  return { ...table, reads: new Map() };
}

function altering(coordinates: readonly string[], alter: (item: ItemPolicy) => ItemPolicy) {
  return (table: PolicyTable): PolicyTable => {
    const items = new Map(table.items);
    for (const coordinate of coordinates) {
      const item = items.get(coordinate);
      if (!item) throw new Error(`the policy table has no ${coordinate}`);
      items.set(coordinate, alter(item));
    }
    return { ...table, items };
  };
}

export function composed(subgraphs: readonly SmallSubgraph[]): ReturnType<typeof compose> {
  return compose(subgraphs.map((each) => ({ ...each, url: `local:${each.name}` })));
}

/** Composed without the hub's own checks; of a coordinate that several subgraphs have, the last one's policy counts. */
export function carelesslyComposed(subgraphs: readonly SmallSubgraph[]): ReturnType<typeof compose> {
  const services = subgraphs.map(({ name, sdl }) => ({ name, url: `local:${name}`, typeDefs: parse(withHeader(sdl)) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (errors) throw new Error(errors.map(({ message }) => message).join());
  const tables = subgraphs.map((each) => readPolicy([each]));
  const merged = <Name extends keyof PolicyTable>(name: Name): PolicyTable[Name] =>
    new Map<string, unknown>(tables.flatMap((table) => [...table[name]])) as unknown as PolicyTable[Name];
  const items = merged('items');
  const reads = merged('reads');
  const [resources, scopedBy, subjects] = [merged('resources'), merged('scopedBy'), merged('subjects')];
  return { supergraphSdl, policy: { items, reads, resources, scopedBy, subjects } };
}

/** Subgraphs as a stock federation server answers: to anybody, every item. */
export function unguarded(subgraphs: readonly SmallSubgraph[]): ReadonlyMap<string, SubgraphTransport> {
  return new Map(subgraphs.map((each) => [each.name, unguardedTransport(each)]));
}

function unguardedTransport({ sdl, resolvers }: SmallSubgraph): SubgraphTransport {
  const schema = buildSubgraphSchema([{ typeDefs: parse(withHeader(sdl)), resolvers }] as ResolverModule);
  return {
    async send({ query, variables }) {
      const { data, errors } = await graphql({
        schema,
        source: query,
        variableValues: copyOf(variables) as Record<string, unknown>,
      });
      return {
        data: copyOf(data) as SubgraphResponse['data'],
        ...(errors && { errors: errors.map((error) => error.toJSON()) }),
      };
    },
    freshness: () => Promise.resolve({}),
    ready: () => Promise.resolve(true),
    close: () => Promise.resolve(),
  };
}

/** The steps of a gateway over unguarded subgraphs, to replace some of them; `limit` refuses nothing. */
export function bareSteps(
  subgraphs: readonly SmallSubgraph[],
  replaced: (built: BuiltSupergraph) => Partial<Steps>,
  { supergraphSdl, policy } = composed(subgraphs),
) {
  const supergraph = buildSupergraph(supergraphSdl);
  const steps: Steps = {
    supergraph,
    table: policy,
    grants: { view: () => grantView(1, []), stale: () => false },
    limit: () => undefined,
    freshness: () => new Map<string, Date>(),
    authorise: authoriser(supergraph),
    ...planner(supergraph),
    execute: executor({
      supergraph,
      transports: unguarded(subgraphs),
      contextFor: undefined,
      subgraphTimeoutMs: 2_000,
      logger: pino({ level: 'silent' }),
    }),
    reserve: () => Promise.resolve(NOTHING_TAKEN),
    subjectKey: 'attacks',
    ...replaced(supergraph),
  };
  return async (
    source: string,
    { caller = CALLER, variables = {} }: Partial<Pick<Asking, 'caller' | 'variables'>> = {},
  ) => {
    const document = parse(source);
    const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
    if (!operation) throw new Error('the document has no operation');
    const trail = beginTrail({
      requestId: randomUUID(),
      traceparent: TRACEPARENT,
      startedAt: performance.now(),
      signal: AbortSignal.timeout(5_000),
      caller,
    });
    const { data } = await answerOperation(steps, { source, document, operation, variables }, trail);
    return JSON.parse(JSON.stringify(data)) as unknown;
  };
}

interface Asking {
  readonly caller: Caller;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A fetch that comes to a subgraph past the gateway. */
export interface Direct {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Members of the context that differ from those of an honest one, which permits all that the query touches. */
  readonly context?: Partial<SignedContext>;
  /** Instead of a context of the gateway. */
  readonly token?: string | undefined;
  readonly key?: SigningKey;
}

export interface DirectAnswer {
  readonly data: SubgraphResponse['data'];
  readonly codes: readonly unknown[];
  readonly errors: readonly SubgraphError[];
}

/** Sends a fetch to the guarded server of a subgraph, with a context that the test signs. */
export async function direct(hub: SmallHub, subgraph: SmallSubgraph, request: Direct): Promise<DirectAnswer> {
  const server = hub.servers.find(({ name }) => name === subgraph.name);
  if (!server) throw new Error(`no subgraph ${subgraph.name}`);
  const { query, variables = {} } = request;
  const context = 'token' in request ? request.token : await contextOf(hub, subgraph, request);
  const { data, errors = [] } = await server.answer({
    query,
    variables,
    context,
    requestId: randomUUID(),
    traceparent: TRACEPARENT,
    signal: AbortSignal.timeout(5_000),
  });
  const plain = JSON.parse(JSON.stringify(data ?? null)) as SubgraphResponse['data'];
  return { data: plain, errors, codes: errors.map(({ extensions }) => extensions?.['code']) };
}

/** A context as the gateway signs it for this query, but for what the test changes. */
export function contextOf(hub: SmallHub, subgraph: SmallSubgraph, { query, context, key = hub.key }: Direct) {
  const schema = buildSubgraphSchema({ typeDefs: parse(withHeader(subgraph.sdl)) });
  const honest: SignedContext = {
    caller: CALLER,
    fetches: [fetchHash(query)],
    asked: [...touchedCoordinates(schema, parse(query))],
    internal: [],
    divisions: ['*'],
    grants: [],
    epoch: 1,
    release: 'test',
  };
  return signContext({ ...honest, ...context }, subgraph.name, key);
}

/** Sends the same to the subgraph without its guard: what the attack would read. */
export async function directUnguarded(subgraph: SmallSubgraph, { query, variables = {} }: Direct) {
  return unguardedTransport(subgraph).send({
    query,
    variables,
    requestId: randomUUID(),
    traceparent: TRACEPARENT,
    signal: AbortSignal.timeout(5_000),
  });
}

/** A resolver that gives one value to everybody. */
export const always =
  (value: unknown): GraphQLFieldResolver<unknown, unknown> =>
  () =>
    value;

/** The refusals of an answer: coordinate, use and reason. */
export const refusals = (answer: {
  errors?: readonly { extensions: Record<string, unknown> }[] | undefined;
}): unknown[] =>
  (answer.errors ?? []).map(({ extensions }) => [extensions['coordinate'], extensions['use'], extensions['reason']]);
