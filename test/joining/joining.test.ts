import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { exportJWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { httpTransport } from '../../lib/http-transport.ts';
import { fetchHash, signContext, type SignedContext } from '../../lib/signed-context.ts';
import { compose } from '../../schema/compose.ts';
import { lint } from '../../schema/lint/lint.ts';
import { applySidecar } from '../../schema/sidecar.ts';
import { discoverSubgraphs } from '../../scripts/subgraphs.ts';
import { type SmallHub, smallHub, type SmallSubgraph } from '../support/small-hub.ts';

/* A service that shares no code with the hub (examples/joining) joins it: its schema classified by a file beside it. */

const EXAMPLE = new URL('../../examples/joining/', import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, EXAMPLE), 'utf8');

const fund: SmallSubgraph = {
  name: 'housing-fund',
  owner: 'housing-fund-centre',
  sdl: applySidecar(text('schema.graphql'), text('classification.json')),
  resolvers: {},
};

/** Whoever owns divisions; the rest of the hub as far as the example needs it. */
const divisions: SmallSubgraph = {
  name: 'divisions',
  owner: 'natural-resources',
  sdl: `type Division @key(fields: "code") @sharing(class: UNCONDITIONAL) { code: String! name: String }
    type Query { division(code: String! @reads(items: ["Division.code"], use: LOOKUP)): Division @sharing(class: UNCONDITIONAL) }`,
  resolvers: { Query: { division: (_: unknown, { code }: { code: string }) => ({ code, name: '楚雄市' }) } },
};

let hub: SmallHub;
let keys: Server;
let service: ChildProcess;
let url: string;
let complaints = '';

beforeAll(async () => {
  keys = createServer((_request, response) => {
    void exportJWK(hub.key.publicKey).then((jwk) =>
      response.end(JSON.stringify({ keys: [{ ...jwk, kid: hub.key.kid, alg: 'EdDSA', use: 'sig' }] })),
    );
  });
  await once(keys.listen(0, '127.0.0.1'), 'listening');
  const jwks = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/.well-known/jwks.json`;
  const program = fileURLToPath(new URL('service.mjs', EXAMPLE));
  service = spawn(process.execPath, [program, '--jwks', jwks, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  service.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const [line] = (await once(service.stdout ?? service, 'data')) as [Buffer];
  [url = ''] = /http:\S+/.exec(line.toString()) ?? [];
  hub = await smallHub({
    subgraphs: [fund, divisions],
    transports: { [fund.name]: httpTransport({ subgraph: fund.name, url, timeoutMs: 5_000 }) },
  });
});

afterAll(async () => {
  await hub.close();
  service.kill('SIGTERM');
  const [code] = (await once(service, 'exit')) as [number | null];
  keys.close();
  expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
});

beforeEach(() => {
  hub.fetches.length = 0;
});

describe('the schema of the service, classified by a file beside it', () => {
  it('composes with those of all departments and breaks no rule', async () => {
    const all = [...(await discoverSubgraphs()), fund];
    const { policy } = compose(all.map((each) => ({ ...each, url: `https://${each.name}.example/graphql` })));
    expect(policy.items.get('HousingFundAccount.phone')).toMatchObject({ owner: fund.owner, mask: 'PHONE' });
    const broken = lint(all).filter((each) => each.subgraph === fund.name && each.severity === 'ERROR');
    expect(broken).toEqual([]);
  });
});

describe('docs/joining.md', () => {
  const page = readFileSync(new URL('../../docs/joining.md', import.meta.url), 'utf8');

  it('shows a classification that can be put onto a schema', () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    const sdl = `type Account @key(fields: "number") { number: ID division: String phone: String balance: Float state: String }
      input AccountFilter { state: String }
      type Query { account(number: ID!): Account accounts(filter: AccountFilter): [Account] }`;
    expect(applySidecar(sdl, example)).toContain('phone: String @sharing(class: CONDITIONAL, mask: PHONE) @personal');
  });

  it('names every code that the service answers with, and the header', () => {
    const code = ['signed-context.mjs', 'graphql.mjs', 'service.mjs'].map(text).join('\n');
    for (const [, name = ''] of code.matchAll(/'([A-Z]+_[A-Z_]+)'/g))
      if (!['BAD_REQUEST', 'BAD_USER_INPUT'].includes(name)) expect(page).toContain(name);
    for (const said of ['shuniu-context', 'shuniu-context+jwt', 'shuniu-gateway', 'EdDSA']) {
      expect(code).toContain(said);
      expect(page).toContain(said);
    }
  });
});

describe('the service through the gateway', () => {
  const query = '{ housingFundAccount(number: "GJJ000001") { number division holder phone state balanceFen } }';
  const items = [
    { coordinate: 'Query.housingFundAccount', uses: ['OUTPUT'] as const },
    { coordinate: 'Query.housingFundAccounts', uses: ['OUTPUT'] as const },
    { coordinate: 'HousingFundAccount.number', uses: ['OUTPUT', 'LOOKUP'] as const },
    { coordinate: 'HousingFundAccount.state', uses: ['OUTPUT'] as const },
    { coordinate: 'Division.housingFundAccounts', uses: ['OUTPUT'] as const },
  ];

  it('answers what is granted, masked where it has a mask and refused where it is withheld, and is recorded', async () => {
    hub.setGrants([{ items }]);
    const { data, errors } = await hub.ask(query);
    expect(data).toEqual({
      housingFundAccount: {
        number: 'GJJ000001',
        division: '532301101001',
        holder: '张*',
        phone: '190****0000',
        state: 'ACTIVE',
        balanceFen: null,
      },
    });
    expect(errors?.map(({ extensions }) => [extensions['coordinate'], extensions['reason']])).toEqual([
      ['HousingFundAccount.balanceFen', 'WITHHELD'],
    ]);
    expect(hub.fetches).toHaveLength(1);
    expect(hub.fetches[0]?.query).not.toContain('balanceFen');
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'PARTIAL', rows: { HousingFundAccount: 1 } });
    expect(hub.entries.at(-1)?.subjects).toHaveLength(1);
  });

  it('is asked nothing without a grant', async () => {
    hub.setGrants([]);
    const { data, errors } = await hub.ask(query);
    expect(data).toEqual({ housingFundAccount: null });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_SHARED', reason: 'NO_GRANT' });
    expect(hub.fetches).toEqual([]);
    expect(hub.entries.at(-1)?.items?.denied).toContainEqual(
      expect.objectContaining({ coordinate: 'Query.housingFundAccount', reason: 'NO_GRANT' }),
    );
  });

  it('shows the rows of the divisions that a grant is for, and no others', async () => {
    const list = '{ housingFundAccounts(division: "532300", first: 200) { division } }';
    const found = async (scope: string) => {
      hub.setGrants([{ items, divisions: [scope] }]);
      return ((await hub.ask(list)).data?.['housingFundAccounts'] as { division: string }[]).map((row) => row.division);
    };
    expect(await found('532300')).toHaveLength(15);
    expect(await found('532302')).toEqual(Array(3).fill('532302100001'));
    hub.setGrants([{ items, divisions: ['532302'] }]);
    expect((await hub.ask(query)).data).toEqual({ housingFundAccount: null });
  });

  it('adds its number to the divisions of another department, in whole and unless it is small', async () => {
    const counted = async (code: string, scope: string) => {
      hub.setGrants([{ items, divisions: [scope] }]);
      return hub.ask(`{ division(code: "${code}") { name housingFundAccounts } }`);
    };
    expect((await counted('532301', '532300')).data).toEqual({ division: { name: '楚雄市', housingFundAccounts: 12 } });
    expect((await counted('532302', '532300')).data?.['division']).toMatchObject({ housingFundAccounts: null });
    const part = await counted('532301', '532301101000');
    expect(part.data?.['division']).toMatchObject({ housingFundAccounts: null });
    expect(part.errors?.map(({ extensions }) => extensions['code'])).toEqual(['PARTIAL_SCOPE']);
  });
});

describe('the service by itself', () => {
  const query = '{ housingFundAccount(number: "GJJ000001") { holder } }';
  const context: SignedContext = {
    caller: { department: 'civil-affairs', application: 'relief', roles: [] },
    fetches: [fetchHash(query)],
    asked: ['Query.housingFundAccount', 'HousingFundAccount.holder'],
    internal: [],
    divisions: ['*'],
    grants: [],
    epoch: 1,
    release: 'test',
  };
  const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  async function ask(token: string | undefined, asked = query) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { 'shuniu-context': token }) },
      body: JSON.stringify({ query: asked }),
    });
    const { data, errors } = (await response.json()) as {
      data?: unknown;
      errors?: { extensions?: { code?: string } }[];
    };
    return { status: response.status, data, code: errors?.[0]?.extensions?.code };
  }

  /** A context as a gateway makes it, but for what a test changes. */
  const signed = (changed: Partial<SignedContext> = {}, audience = fund.name): Promise<string> =>
    signContext({ ...context, ...changed }, audience, hub.key);

  /** A token with any header and claims, under the gateway's own key. */
  async function made(header: object, claims: object): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const whole = { iss: 'shuniu-gateway', aud: fund.name, iat: now, exp: now + 10, ...context, ...claims };
    const text = `${b64({ alg: 'EdDSA', kid: hub.key.kid, typ: 'shuniu-context+jwt', ...header })}.${b64(whole)}`;
    const signature = await crypto.subtle.sign('Ed25519', hub.key.privateKey, Buffer.from(text));
    return `${text}.${Buffer.from(signature).toString('base64url')}`;
  }

  const REFUSED = { status: 401, data: undefined, code: 'CONTEXT_REFUSED' };
  const NOT_PERMITTED = { status: 403, data: undefined, code: 'NOT_PERMITTED' };

  it('answers a context that names this text and its items', async () => {
    const answer = { status: 200, data: { housingFundAccount: { holder: '张三' } }, code: undefined };
    expect(await ask(await signed())).toEqual(answer);
    expect(await ask(await made({}, {}))).toEqual(answer);
  });

  it('answers nobody who sends none', async () => {
    expect(await ask(undefined)).toEqual({ status: 401, data: undefined, code: 'CONTEXT_REQUIRED' });
    expect(await ask('')).toMatchObject({ status: 401 });
  });

  it('refuses a forged context: of another key, of no algorithm, of a secret that is the public key, altered', async () => {
    const forger = generateKeyPairSync('ed25519');
    const [head = '', body = '', signature = ''] = (await signed()).split('.');
    const forged = sign(null, Buffer.from(`${head}.${body}`), forger.privateKey).toString('base64url');
    expect(await ask(`${head}.${body}.${forged}`)).toEqual(REFUSED);
    const own = forger.publicKey.export({ format: 'jwk' });
    for (const header of [
      { alg: 'none' },
      { alg: 'HS256' },
      { jwk: own, kid: 'mine' },
      { kid: undefined },
      { typ: 'JWT' },
      { crit: ['b64'] },
    ])
      expect(await ask(await made(header, {}))).toEqual(REFUSED);
    expect(await ask(`${b64({ alg: 'none', typ: 'shuniu-context+jwt' })}.${body}.`)).toEqual(REFUSED);
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    expect(await ask(`${head}.${b64({ ...claims, asked: ['*'] })}.${signature}`)).toEqual(REFUSED);
    for (const rubbish of ['x', 'a.b.c', `${head}.${body}`, `${head}.${body}.${signature}.x`])
      expect(await ask(rubbish)).toEqual(REFUSED);
    expect(await ask('x'.repeat(6_145))).toMatchObject({ status: 400, code: 'CONTEXT_TOO_LARGE' });
  });

  it('refuses one that has expired, is of the future, or lives longer than ten seconds whatever it says', async () => {
    const now = Math.floor(Date.now() / 1000);
    for (const claims of [
      { iat: now - 5, exp: now - 1 },
      { iat: now - 60, exp: now + 3_600 },
      { iat: now + 60, exp: now + 70 },
      { exp: undefined },
      { iat: undefined },
    ])
      expect(await ask(await made({}, claims))).toEqual(REFUSED);
  });

  it('refuses one for another audience, of another issuer, or of another form', async () => {
    expect(await ask(await signed({}, 'population'))).toEqual(REFUSED);
    for (const claims of [
      { iss: 'somebody' },
      { aud: undefined },
      { divisions: '*' },
      { asked: undefined },
      { fetches: [1] },
    ])
      expect(await ask(await made({}, claims))).toEqual(REFUSED);
  });

  it('refuses a text the context does not name, altered by a letter, and items it does not name', async () => {
    expect(await ask(await signed(), query.replace('000001', '000002'))).toEqual(NOT_PERMITTED);
    expect(await ask(await signed(), `${query} `)).toEqual(NOT_PERMITTED);
    const more = '{ housingFundAccount(number: "GJJ000001") { holder balanceFen } }';
    expect(await ask(await signed({ fetches: [fetchHash(more)] }), more)).toEqual(NOT_PERMITTED);
    const schema = '{ _service { sdl } }';
    expect((await ask(await signed({ fetches: [fetchHash(schema)] }), schema)).data).toBeUndefined();
  });

  it('shows a row outside the scope as one that is not there', async () => {
    const nobody = query.replace('000001', '999999');
    const outside = await ask(await signed({ divisions: ['532302'] }));
    expect(outside).toEqual({ status: 200, data: { housingFundAccount: null }, code: undefined });
    expect(await ask(await signed({ fetches: [fetchHash(nobody)] }), nobody)).toEqual(outside);
    expect(await ask(await signed({ divisions: [] }))).toEqual(outside);
  });
});
