import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { GraphQLSchema } from 'graphql';
import { type Connection, createConnection } from 'mongoose';
import { type Logger, pino } from 'pino';
import { authenticator } from '../../gateway/authenticate.ts';
import { createGateway, type Gateway, type GatewayOptions, type Question } from '../../gateway/server.ts';
import { buildSupergraph } from '../../gateway/supergraph.ts';
import { HubError } from '../../lib/errors.ts';
import { localTransport } from '../../lib/local-transport.ts';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { createSubgraphServer, type SubgraphServer } from '../../lib/subgraph-server.ts';
import type { SubgraphRequest, SubgraphTransport } from '../../lib/transport.ts';
import { compose } from '../../schema/compose.ts';
import type { PolicyTable } from '../../schema/policy-table.ts';
import { published } from '../../schema/published.ts';
import { type Grant, grantView } from '../../sharing/policy/grant.ts';
import type { Unnumbered } from '../../sharing/store/audit-entry.ts';
import type { QuotaStore } from '../../sharing/store/quota-store.ts';

export interface SmallSubgraph {
  readonly name: string;
  readonly owner: string;
  readonly sdl: string;
  readonly resolvers: Readonly<Record<string, object>>;
}

/** A department's own subgraph over an opened store. */
export interface OpenedDefinition {
  readonly definition: SubgraphDefinition;
  readonly connection: Connection;
}

export interface SmallHubOptions extends Partial<
  Pick<GatewayOptions, 'limits' | 'rate' | 'requestTimeoutMs' | 'subgraphTimeoutMs' | 'actionTimeoutMs' | 'onBegan'>
> {
  readonly subgraphs: readonly (SmallSubgraph | OpenedDefinition)[];
  /** How subgraphs are reached; called in process when absent. */
  readonly transportTo?: ((server: SubgraphServer) => Promise<SubgraphTransport | undefined>) | undefined;
  readonly grants?: readonly Partial<Grant>[];
  /** Replaces the transport of some subgraphs, to make them slow or dead. */
  readonly transports?: Readonly<Record<string, SubgraphTransport>>;
  readonly auditFails?: boolean;
  /** Where the use of grants with a quota is counted; a hub without one refuses them. */
  readonly quotas?: QuotaStore;
  readonly logger?: Logger;
}

export interface Asked {
  readonly variables?: Record<string, unknown>;
  /** Claims of the token; the default caller is relief of civil-affairs. */
  readonly caller?: Record<string, unknown>;
  readonly headers?: Record<string, string | undefined>;
  readonly body?: unknown;
  readonly method?: string;
  readonly search?: string;
  readonly signal?: AbortSignal;
  readonly address?: string;
}

export interface GraphqlAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; path?: readonly string[]; extensions: Record<string, unknown> }[];
  readonly extensions?: Record<string, unknown>;
}

export interface SmallHub {
  ask(query: string, asked?: Asked): Promise<GraphqlAnswer>;
  /** Every fetch that reached a subgraph. */
  readonly fetches: { readonly subgraph: string; readonly query: string }[];
  /** Every audit entry, oldest first. */
  readonly entries: Unnumbered[];
  /** Changes the grants and the epoch. */
  setGrants(grants: readonly Partial<Grant>[]): void;
  setStale(stale: boolean): void;
  token(claims: Record<string, unknown>): Promise<string>;
  /** The key of the token issuer and of the gateway. */
  readonly key: { readonly kid: string; readonly publicKey: CryptoKey; readonly privateKey: CryptoKey };
  /** The subgraphs' servers, behind their transports. */
  readonly servers: readonly SubgraphServer[];
  readonly gateway: Gateway;
  readonly policy: PolicyTable;
  readonly apiSchema: GraphQLSchema;
  close(): Promise<void>;
}

const noQuotas = (): Promise<never> => Promise.reject(new Error('this hub has no store of quotas'));
const NO_QUOTAS: QuotaStore = { reserve: noQuotas, settle: noQuotas, release: noQuotas };

export const ISSUER = 'urn:test:issuer';
export const AUDIENCE = 'urn:test:hub';

/** A gateway with real tokens, signed contexts and guarded subgraphs, over resolvers given by the test. */
export async function smallHub(options: SmallHubOptions): Promise<SmallHub> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const kid = 'test-key';
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA' }] });
  const logger = options.logger ?? pino({ level: 'silent' });
  const opened = options.subgraphs.map(asOpened);
  const composition = compose(opened.map(({ definition }) => ({ ...definition, url: `local:${definition.name}` })));
  const supergraph = buildSupergraph(composition.supergraphSdl);
  const fetches: SmallHub['fetches'] = [];
  const entries: Unnumbered[] = [];
  const transports = new Map<string, SubgraphTransport>();
  const servers: SubgraphServer[] = [];
  for (const { definition, connection } of opened) {
    const { name } = definition;
    const server = await createSubgraphServer({
      definition,
      ...published(definition),
      connection,
      gatewayKeys: keys,
      cursorSecret: Buffer.alloc(32, 7),
      logger,
    });
    servers.push(server);
    const transport = options.transports?.[name] ?? (await options.transportTo?.(server)) ?? localTransport(server);
    transports.set(name, {
      ...transport,
      send: (request: SubgraphRequest) => {
        fetches.push({ subgraph: name, query: request.query });
        return transport.send(request);
      },
    });
  }
  let epoch = 1;
  let stale = false;
  let view = grantView(epoch, grantsOf(options.grants ?? [], composition.policy));
  const gateway = await createGateway({
    release: { supergraph, table: composition.policy, transports },
    grants: { view: () => view, stale: () => stale },
    sharing: {
      authenticate: authenticator({ keys, issuer: ISSUER, audience: AUDIENCE }),
      audit: {
        writer: 'test',
        append: (entry) => {
          if (options.auditFails)
            return Promise.reject(new HubError('AUDIT_UNAVAILABLE', 'down', { http: { status: 503 } }));
          entries.push(entry);
          return Promise.resolve(randomUUID());
        },
        close: () => Promise.resolve(),
      },
      quotas: options.quotas ?? NO_QUOTAS,
      contextKey: () => Promise.resolve({ kid, privateKey }),
    },
    subjectKey: Buffer.alloc(32, 9),
    logger,
    limits: options.limits,
    onBegan: options.onBegan,
    rate: options.rate,
    requestTimeoutMs: options.requestTimeoutMs ?? 5_000,
    subgraphTimeoutMs: options.subgraphTimeoutMs ?? 2_000,
    actionTimeoutMs: options.actionTimeoutMs,
  });

  const token = (claims: Record<string, unknown>): Promise<string> =>
    new SignJWT({
      department: 'civil-affairs',
      application: 'relief',
      purpose: 'low-income-check',
      roles: [],
      ...claims,
    })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime('1h')
      .setJti(randomUUID())
      .sign(privateKey);

  return {
    fetches,
    entries,
    gateway,
    policy: composition.policy,
    apiSchema: supergraph.apiSchema,
    servers,
    key: { kid, publicKey, privateKey },
    token,
    async ask(query, asked = {}) {
      const headers = {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        authorization: `Bearer ${await token(asked.caller ?? {})}`,
        ...asked.headers,
      };
      const question: Question = {
        method: asked.method ?? 'POST',
        search: asked.search ?? '',
        headers,
        body: 'body' in asked ? asked.body : { query, ...(asked.variables && { variables: asked.variables }) },
        address: asked.address ?? '192.0.2.1',
        requestId: randomUUID(),
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        signal: asked.signal ?? new AbortController().signal,
      };
      const reply = await gateway.answer(question);
      const { status, headers: replied, body } = reply;
      return { status, headers: replied, ...(JSON.parse(body) as Pick<GraphqlAnswer, 'data' | 'errors'>) };
    },
    setGrants(grants) {
      epoch += 1;
      view = grantView(epoch, grantsOf(grants, composition.policy));
    },
    setStale(now) {
      stale = now;
    },
    async close() {
      await gateway.stop();
      await Promise.all([...transports.values()].map((transport) => transport.close()));
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

let numbered = 0;

/** Grants of which a test names no owner come from those who own their items, one from each. */
function grantsOf(grants: readonly Partial<Grant>[], { items }: PolicyTable): Grant[] {
  return grants.flatMap((grant) => {
    if (grant.owner !== undefined) return [complete(grant)];
    const ownerOf = (coordinate: string): string => items.get(coordinate)?.owner ?? 'nobody';
    const owners = [...new Set((grant.items ?? []).map(({ coordinate }) => ownerOf(coordinate)))];
    return owners.map((owner, index) =>
      complete({
        ...grant,
        owner,
        ...(grant.id !== undefined && index > 0 && { id: `${grant.id}-${owner}` }),
        items: (grant.items ?? []).filter(({ coordinate }) => ownerOf(coordinate) === owner),
      }),
    );
  });
}

/** A grant for the default caller, in force, with what the test says of it. */
function complete(grant: Partial<Grant>): Grant {
  numbered += 1;
  return {
    id: `G-${numbered}`,
    owner: 'nobody',
    department: 'civil-affairs',
    application: 'relief',
    purpose: 'low-income-check',
    basis: 'test',
    items: [],
    divisions: ['532300'],
    validFrom: 0,
    validUntil: Number.MAX_SAFE_INTEGER,
    ...grant,
  };
}

function asOpened(subgraph: SmallSubgraph | OpenedDefinition): OpenedDefinition {
  if ('definition' in subgraph) return subgraph;
  const { name, owner, sdl, resolvers } = subgraph;
  const definition = { name, owner, title: name, sdl, open: () => ({ resolvers, loaders: () => ({}) }) };
  return { definition, connection: createConnection() };
}
