import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { pino } from 'pino';
import { registerGraphql } from '../../gateway/routes.ts';
import { issueDevelopmentToken } from '../../lib/dev-token.ts';
import { readSettings } from '../../lib/env.ts';
import { createHttpServer } from '../../lib/http-server.ts';
import { openKeyring } from '../../lib/keys/keyring.ts';
import type { PrivateKeyJwk } from '../../lib/keys/jwk.ts';
import { connectStore } from '../../lib/mongo/connect-store.ts';
import type { ReleaseKeys, SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { openHub } from '../../scripts/open-hub.ts';
import { releaseKeysOf } from '../../scripts/subgraph-host.ts';
import { signPublishing } from '../../sharing/publishing/proof.ts';
import { type SharingModels, sharingModels } from '../../sharing/store/models.ts';
import { definition as exchange } from '../../subgraphs/exchange/subgraph.ts';

type Claims = Parameters<typeof issueDevelopmentToken>[0];

export interface Answer {
  readonly status: number;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

/** What `publishSubgraph` answers, as far as tests look at it. */
export interface Published {
  readonly outcome: string;
  readonly release: { readonly number: number } | null;
  readonly proposal: { readonly id: string; readonly owners: readonly string[] } | null;
  readonly check: {
    readonly outcome: string;
    readonly findings: readonly { readonly rule: string; readonly severity: string; readonly problem: string }[];
    readonly problems: readonly {
      readonly message: string;
      readonly places: readonly { readonly subgraph: string; readonly line: number }[];
    }[];
    readonly rights: readonly { readonly coordinate: string; readonly what: string; readonly loosens: boolean }[];
    readonly gains: readonly { readonly who: string; readonly coordinate: string; readonly after: string }[];
    readonly impacts: readonly {
      readonly change: string;
      readonly consumers: readonly {
        readonly department: string;
        readonly application: string;
        readonly calls: number;
      }[];
      readonly grants: readonly string[];
    }[];
  } | null;
}

/** Officers of the tests; `purpose` is what the consumer's grants are for. */
export const OPERATOR: Claims = {
  department: 'data-bureau',
  application: 'console',
  officer: 'wang',
  roles: ['hub-operator'],
};
export const PUBLISHER: Claims = {
  department: 'public-security',
  application: 'ci',
  officer: 'li',
  roles: ['schema-publisher', 'sharing-officer'],
};
export const SECOND: Claims = { ...PUBLISHER, officer: 'zhao', roles: ['sharing-officer'] };
export const CONSUMER: Claims = { department: 'civil-affairs', application: 'relief', purpose: 'low-income-check' };

export const PUBLICATION = `outcome release { number } proposal { id owners }
  check { outcome findings { rule severity problem } problems { message places { subgraph line } }
    rights { coordinate what loosens } gains { who coordinate after }
    impacts { change consumers { department application calls } grants } }`;

export interface PublishingHub {
  readonly models: SharingModels;
  readonly dataDir: string;
  readonly key: PrivateKeyJwk;
  /** What the hub signs releases and proposals with. */
  readonly releaseKeys: ReleaseKeys;
  ask(query: string, claims: Claims, variables?: Record<string, unknown>): Promise<Answer>;
  /** As `hub publish` does: with the release in force and a signature of the department's key. */
  publish(sdl: string, options?: PublishOptions): Promise<Answer & { readonly published: Published }>;
  /** A token as the development issuer gives it. */
  token(claims: Claims): Promise<string>;
  /** Listens on a port, for clients of the endpoint. @returns the URL of the endpoint. */
  listen(): Promise<string>;
  /** Number of the release that the gateway serves. */
  served(): number;
  close(): Promise<void>;
}

export interface PublishOptions {
  readonly subgraph?: string;
  readonly url?: string;
  readonly claims?: Claims;
  readonly key?: PrivateKeyJwk;
  readonly after?: number;
  readonly message?: string;
  readonly breaking?: string;
  /** What is signed in place of what is sent. */
  readonly signed?: Partial<Parameters<typeof signPublishing>[0]>;
  readonly proof?: string;
}

/** A hub with exchange and these subgraphs over an embedded store, and a registered publishing key of public-security. */
export async function publishingHub(subgraphs: readonly SubgraphDefinition[]): Promise<PublishingHub> {
  const dataDir = await mkdtemp(join(tmpdir(), 'shuniu-'));
  const names = ['exchange', ...subgraphs.map(({ name }) => name)];
  const variables = { DATA_DIR: dataDir, NODE_ENV: 'test', HUB_RATE_PER_SECOND: '100000', HUB_RATE_BURST: '100000' };
  const settings = readSettings(
    { subgraphs: names, role: 'hub' },
    {
      ...{ ...variables, HUB_SUBGRAPH_TIMEOUT_MS: '30000', HUB_REQUEST_TIMEOUT_MS: '60000' },
      ...{ HUB_CHECK_TIMEOUT_MS: '30000', HUB_ACTION_TIMEOUT_MS: '150000' },
    },
  );
  const hub = await openHub({ settings, definitions: [exchange, ...subgraphs], logger: pino({ level: 'silent' }) });
  const http = createHttpServer({ logger: pino({ level: 'silent' }), production: false });
  const store = await connectStore('hub', { url: undefined, dataDir });
  const models = sharingModels(store.connection);
  const keyring = openKeyring(settings.keys);
  const tokens = new Map<string, string>();
  const tokenFor = async (claims: Claims): Promise<string> => {
    const name = JSON.stringify(claims);
    const token = tokens.get(name) ?? (await issueDevelopmentToken(claims, keyring, settings.tokens)).token;
    tokens.set(name, token);
    return token;
  };
  const ask: PublishingHub['ask'] = async (query, claims, variables) => {
    const { status, body } = await hub.gateway.answer({
      method: 'POST',
      search: '',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenFor(claims)}` },
      body: { query, ...(variables && { variables }) },
      address: '192.0.2.1',
      requestId: randomUUID(),
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      signal: new AbortController().signal,
    });
    return { status, ...(JSON.parse(body) as Omit<Answer, 'status'>) };
  };
  const key = await newKey();
  const { errors } = await ask(
    'mutation ($x: String!) { registerPublishingKey(department: "public-security", x: $x, days: 30) { id } }',
    OPERATOR,
    { x: key.x },
  );
  if (errors) throw new Error(errors[0]?.message);
  return {
    ...{ models, dataDir, key, ask, releaseKeys: releaseKeysOf(keyring) },
    token: tokenFor,
    async listen() {
      registerGraphql(http.app, hub.gateway);
      return `${await http.listen('127.0.0.1', 0)}/graphql`;
    },
    served: hub.release,
    async publish(sdl, options = {}) {
      const subgraph = options.subgraph ?? subgraphs[0]?.name ?? '';
      const after = options.after ?? hub.release();
      const { message = 'a test', breaking } = options;
      const signing = { subgraph, sdl, url: options.url ?? '', after, message, breaking, ...options.signed };
      const proof = options.proof ?? (await signPublishing(signing, options.key ?? key));
      const answer = await ask(
        `mutation ($input: SubgraphInput!, $after: Int!, $proof: String!, $message: String!, $breaking: String) {
          published: publishSubgraph(input: $input, after: $after, proof: $proof, message: $message, breaking: $breaking) {
            ${PUBLICATION} } }`,
        options.claims ?? PUBLISHER,
        {
          input: { subgraph, sdl, ...(options.url !== undefined && { url: options.url }) },
          ...{ after, proof, message, breaking },
        },
      );
      return { ...answer, published: answer.data?.['published'] as Published };
    },
    async close() {
      await http.close();
      await store.close();
      await hub.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

export async function newKey(): Promise<PrivateKeyJwk> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { x = '', d = '' } = await exportJWK(privateKey);
  return { kty: 'OKP', crv: 'Ed25519', x, d };
}
