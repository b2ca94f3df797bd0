import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policyToJson } from '../../schema/policy-json.ts';
import { readPolicy } from '../../schema/read-policy.ts';
import { joinStore } from '../../lib/mongo/store-url.ts';
import { readEntries } from '../../sharing/store/audit-log.ts';
import { storeGrant } from '../../sharing/store/grant-store.ts';
import { sharingModels } from '../../sharing/store/models.ts';
import { type ServedForeign, serveForeign } from '../support/foreign-server.ts';
import { composeForeign, type ForeignSubgraph } from '../support/open-gateway.ts';
import { hub, hubHere, hubStays, type RunningCommand } from './hub-command.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@requiresScopes"])';

/** Released once a test that holds a request open lets it go on. */
let gate: Promise<void> = Promise.resolve();

const products: ForeignSubgraph = {
  name: 'products',
  sdl: `${LINK}
    type Query { product: Product slow: String }
    type Product @key(fields: "id") {
      id: ID!
      name: String
      cost: Int @authenticated
      margin: Int @requiresScopes(scopes: [["margins"]])
    }`,
  resolvers: {
    Query: {
      product: () => ({ id: '1', name: 'lamp', cost: 5, margin: 2 }),
      slow: () => gate.then(() => 'done'),
    },
  },
};
const reviews: ForeignSubgraph = {
  name: 'reviews',
  sdl: `${LINK}
    type Query { newest: String }
    type Product @key(fields: "id") { id: ID! stars: Int }`,
  resolvers: { Query: { newest: () => 'yesterday' }, Product: { stars: () => 4 } },
};

/** The policy of a closed gateway: a sidecar classification, as these subgraphs carry none. */
const policy = policyToJson(
  readPolicy([
    {
      name: 'products',
      owner: 'trade-bureau',
      sdl: `
        type Query { product: Product @sharing(class: UNCONDITIONAL) }
        type Product @key(fields: "id") @sharing(class: UNCONDITIONAL) {
          id: ID! name: String cost: Int margin: Int
        }`,
    },
    {
      name: 'reviews',
      owner: 'press-office',
      sdl: 'type Product @key(fields: "id") { stars: Int @sharing(class: CONDITIONAL) }',
    },
  ]),
);

let folder = '';
let servers: ServedForeign[] = [];
let overrides: string[] = [];
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-gateway-'));
  servers = await Promise.all([serveForeign(products), serveForeign(reviews)]);
  overrides = ['products', 'reviews'].flatMap((name, index) => ['--subgraph', `${name}=${servers[index]?.url ?? ''}`]);
  await writeFile(file('supergraph.graphql'), composeForeign([products, reviews]));
  await writeFile(file('policy.json'), policy);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await rm(folder, { recursive: true });
});

const originOf = ({ line }: RunningCommand): string => /http:\S+(?=\/graphql)/.exec(line)?.[0] ?? '';

async function ask(running: RunningCommand, query: string, token?: string) {
  const response = await fetch(`${originOf(running)}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query }),
  });
  const body = (await response.json()) as {
    data?: unknown;
    errors?: { path?: string[]; message: string; extensions: Record<string, unknown> }[];
  };
  return { status: response.status, headers: response.headers, ...body };
}

/** Asks again and again until the answer is the one expected; a change of a file takes a moment to be seen. */
async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it did not come true within ten seconds');
}

describe('an open gateway', { timeout: 120_000 }, () => {
  let running: RunningCommand;
  beforeAll(async () => {
    running = await hubStays(
      ['gateway', '--supergraph', file('supergraph.graphql'), '--open', '--port', '0', ...overrides],
      { HUB_LOG_LEVEL: 'silent', DATA_DIR: file('unused') },
    );
  }, 60_000);
  afterAll(() => running.stop());

  it('says on its first line, in its log and in every answer that it is open, whatever the log level', async () => {
    expect(running.line).toMatch(/^OPEN to everybody: http:/);
    expect(running.output.stderr).toContain('everybody may read everything behind it');
    const { headers } = await ask(running, '{ __typename }');
    expect(headers.get('shuniu-open-gateway')).toContain('everybody');
  });

  it('answers a query over both subgraphs without a token, and sends them no context', async () => {
    const { status, data, errors } = await ask(running, '{ product { id name stars } newest }');
    expect([status, errors, data]).toEqual([
      200,
      undefined,
      { product: { id: '1', name: 'lamp', stars: 4 }, newest: 'yesterday' },
    ]);
    expect(servers.flatMap(({ requests }) => requests).some((headers) => 'shuniu-context' in headers)).toBe(false);
  });

  it('answers introspection', async () => {
    const { data } = await ask(running, '{ __type(name: "Product") { fields { name } } }');
    expect(data).toMatchObject({
      __type: { fields: [{ name: 'id' }, { name: 'name' }, { name: 'cost' }, { name: 'margin' }, { name: 'stars' }] },
    });
  });

  it('keeps closed what a subgraph asks a known caller for, a token or not', async () => {
    const { data, errors } = await ask(running, '{ product { name cost margin } }', 'anything.at.all');
    expect(data).toEqual({ product: { name: 'lamp', cost: null, margin: null } });
    expect(errors?.map(({ extensions }) => extensions['reason'])).toEqual(['ACCESS_REQUIREMENT', 'ACCESS_REQUIREMENT']);
  });

  it('tells which fields are missing while a subgraph is down', async () => {
    await servers[1]?.close();
    const { data, errors } = await ask(running, '{ product { name stars } }');
    expect(data).toEqual({ product: { name: 'lamp', stars: null } });
    expect(errors?.[0]).toMatchObject({ path: ['product', 'stars'], extensions: { subgraph: 'reviews' } });
  });

  it('follows its file: a new one is served from the next request, requests in flight finish on the old one', async () => {
    let open: () => void = () => undefined;
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const inFlight = ask(running, '{ slow }');
    const reviewsServer = await serveForeign(reviews);
    servers[1] = reviewsServer;
    const added = { ...products, sdl: products.sdl.replace('slow: String', 'fast: String') };
    const next = composeForeign([added, reviews]).replace('http://reviews.example/graphql', reviewsServer.url);
    // As editors and deployments do: written beside it, renamed into place.
    await writeFile(file('next.graphql'), next);
    await rename(file('next.graphql'), file('supergraph.graphql'));
    await eventually(
      async () => (await ask(running, '{ fast }')).errors?.[0]?.extensions['code'] !== 'GRAPHQL_VALIDATION_FAILED',
    );
    expect((await ask(running, '{ slow }')).errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
    open();
    expect((await inFlight).data).toEqual({ slow: 'done' });
  });

  it('refuses a broken file with a reason in the log and goes on with the old one', async () => {
    const before = await readFile(file('supergraph.graphql'), 'utf8');
    await writeFile(file('supergraph.graphql'), before.slice(0, before.length / 2));
    await eventually(() => Promise.resolve(/cannot be used: the old one goes on/.test(running.output.stderr)));
    expect((await ask(running, '{ product { name } }')).data).toEqual({ product: { name: 'lamp' } });
    await writeFile(file('supergraph.graphql'), before);
  });

  it('goes on with the old one while the file is gone', async () => {
    const before = await readFile(file('supergraph.graphql'), 'utf8');
    await rm(file('supergraph.graphql'));
    await eventually(() => Promise.resolve(/cannot be read: the old ones stay in force/.test(running.output.stderr)));
    expect((await ask(running, '{ product { name } }')).data).toEqual({ product: { name: 'lamp' } });
    await writeFile(file('supergraph.graphql'), before);
  });

  it('answers /health and /ready', async () => {
    for (const path of ['health', 'ready']) expect((await fetch(`${originOf(running)}/${path}`)).status).toBe(200);
  });
});

describe('a gateway with a policy table', { timeout: 120_000 }, () => {
  let running: RunningCommand;
  const dataDir = (): string => file('data');
  const token = async (...more: string[]): Promise<string> => {
    const args = ['token', '--department', 'tax-bureau', '--application', 'audit', '--purpose', 'checks'];
    return (await hub([...args, '--data-dir', dataDir(), ...more])).stdout.trim();
  };
  beforeAll(async () => {
    await writeFile(file('supergraph.graphql'), composeForeign([products, reviews]));
    const urls = ['products', 'reviews'].flatMap((name, index) => [
      '--subgraph',
      `${name}=${servers[index]?.url ?? ''}`,
    ]);
    running = await hubStays(
      ['gateway', '--supergraph', file('supergraph.graphql'), '--policy', file('policy.json'), '--port', '0', ...urls],
      { HUB_LOG_LEVEL: 'warn', DATA_DIR: dataDir() },
    );
  }, 60_000);
  afterAll(() => running.stop());

  it('answers nobody without a token', async () => {
    const { status, headers, errors } = await ask(running, '{ product { id } }');
    expect([status, errors?.[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED']);
    expect(headers.get('shuniu-open-gateway')).toBeNull();
  });

  it('decides by the table and by what the schema asks for, both', async () => {
    const { data, errors } = await ask(running, '{ product { name cost margin stars } newest }', await token());
    // `cost` asks for a known caller, and this one is; `margin` asks for a scope; `newest` is not in the table.
    expect(data).toEqual({ product: { name: 'lamp', cost: 5, margin: null, stars: null }, newest: null });
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions['reason']])).toEqual([
      ['product.margin', 'ACCESS_REQUIREMENT'],
      ['product.stars', 'NO_GRANT'],
      ['newest', 'NOT_CLASSIFIED'],
    ]);
  });

  it('signs a context for each fetch', () => {
    expect(servers[0]?.requests.at(-1)?.['shuniu-context']).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('takes grants from the hub’s store and records in it', async () => {
    const store = await joinStore('hub', { dataDir: dataDir() });
    const models = sharingModels(store.connection);
    await storeGrant(models, {
      id: 'G-1',
      owner: 'press-office',
      department: 'tax-bureau',
      application: 'audit',
      purpose: 'checks',
      basis: 'test',
      items: [{ coordinate: 'Product.stars', uses: ['OUTPUT'] }],
      divisions: ['532300'],
      validFrom: Date.now(),
      validUntil: Date.now() + 3_600_000,
    });
    const caller = await token();
    await eventually(async () => !(await ask(running, '{ product { stars } }', caller)).errors);
    const [entry] = await readEntries(models, { kind: 'REQUEST' }, 1);
    expect(entry).toMatchObject({
      caller: { department: 'tax-bureau', purpose: 'checks' },
      outcome: 'ANSWERED',
      grants: ['G-1'],
      items: { allowed: ['Product.stars', 'Query.product'] },
    });
    await store.close();
  });

  it('follows the policy table', async () => {
    const caller = await token();
    expect((await ask(running, '{ product { name } }', caller)).data).toEqual({ product: { name: 'lamp' } });
    await writeFile(file('policy.json'), policy.replace(/\{\s*"coordinate": "Product.name"[^}]*\},/, ''));
    await eventually(
      async () =>
        (await ask(running, '{ product { name } }', caller)).errors?.[0]?.extensions['reason'] === 'NOT_CLASSIFIED',
    );
    await writeFile(file('policy.json'), policy);
  });
});

describe('hub gateway does not start', { timeout: 120_000 }, () => {
  const started = (args: string[], variables: Record<string, string> = {}) =>
    hubHere(['gateway', '--supergraph', file('supergraph.graphql'), '--port', '0', ...args], {
      DATA_DIR: file('none'),
      ...variables,
    });

  it.each([
    ['open in production', ['--open'], { NODE_ENV: 'production' }, '--open: refused in production'],
    ['without a policy and not open', [], {}, 'Name the policy table'],
    ['open beside a policy', ['--open', '--policy', 'policy.json'], {}, 'Leave one out'],
    ['without URLs it can reach', ['--open', '--supergraph', 'test/cli/no-such.graphql'], {}, 'cannot be read'],
  ])('%s', async (_when, args, variables, complaint) => {
    const { code, stderr } = await started(args, variables);
    expect([code, stderr]).toEqual([1, expect.stringContaining(complaint)]);
  });

  it('over a subgraph that has no HTTP URL, and names the option that gives one', async () => {
    const sdl = composeForeign([products, reviews]).replace('http://products.example/graphql', 'local:products');
    await writeFile(file('local.graphql'), sdl);
    const { code, stderr } = await started(['--open', '--supergraph', file('local.graphql')]);
    expect(code).toBe(1);
    expect(stderr).toContain('products: the supergraph gives no HTTP URL for it. Name one: --subgraph products=');
  });

  it('with a URL it cannot read', async () => {
    const { code, stderr } = await started(['--open', '--subgraph', 'products:4001']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Give a name and an http or https URL')]);
  });
});
