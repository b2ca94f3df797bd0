import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createServer, type Server } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueDevelopmentToken } from '../lib/dev-token.ts';
import { openKeyring } from '../lib/keys/keyring.ts';
import { connectStore } from '../lib/mongo/connect-store.ts';
import { storeGrant } from '../sharing/store/grant-store.ts';
import { sharingModels } from '../sharing/store/models.ts';
import { type Finished, hub, hubStays, type RunningCommand } from './cli/hub-command.ts';
import { readCompose } from './support/compose-file.ts';

/**
 * The processes of docker-compose.yml by hand: its commands with its settings, in production. What only containers have is
 * replaced: embedded stores for the replica set, folders for volumes, free ports, and one TLS server for seven.
 */
const compose = readCompose();
const SUBGRAPHS = [
  'population',
  'legal-persons',
  'geospatial',
  'statistics',
  'archives',
  'hotline',
  'exchange',
] as const;

let dir = '';
let tls: Server | undefined;
let gateways: string[] = [];
let storeUrl = '';
/** How a gateway ended that was started before the process of exchange. */
let early: Finished;
let privateKey: CryptoKey;
const running = new Map<string, RunningCommand>();
const urls = new Map<string, string>();

const ask = async (gateway: number, claims: Record<string, unknown>, query: string) => {
  const token = await new SignJWT({ department: 'government-office', application: 'dashboard', roles: [], ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'issuer-1' })
    .setIssuer('https://identity.example')
    .setAudience('shuniu')
    .setExpirationTime('5m')
    .setJti(randomUUID())
    .sign(privateKey);
  const response = await fetch(`${gateways[gateway] ?? ''}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return {
    entry: response.headers.get('shuniu-audit-entry'),
    ...((await response.json()) as { data?: Record<string, unknown>; errors?: { extensions: { code: string } }[] }),
  };
};

/** The banner, where the hub says that it is ready. */
const READY = /(http:\S+)\/graphql/;

const STATISTICS = { purpose: 'leaders-statistics' };
const OVER_SEVEN = `{
  division(code: "532300") {
    name population { count } legalPersons { count }
  }
  indicators(filter: { codePrefix: "GE001" }) { totalCount }
  laws(first: 1) { totalCount }
  complaintTopics { code }
  grants { totalCount }
}`;

describe('the processes of docker-compose.yml', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'shuniu-compose-'));
    execFileSync('bash', [fileURLToPath(new URL('../deploy/make-secrets.sh', import.meta.url)), 'localhost'], {
      env: { PATH: process.env['PATH'], SECRETS_DIR: join(dir, 'secrets') },
    });
    const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    privateKey = pair.privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'issuer-1', alg: 'EdDSA' };
    await writeFile(join(dir, 'issuer.jwks.json'), JSON.stringify({ keys: [jwk] }));

    const seeded = await hub(['seed', '--persons', '200'], { DATA_DIR: join(dir, 'data') });
    expect(seeded.code, seeded.stderr).toBe(0);
    for (const job of ['gateway-keys', 'subgraph-keys', 'exchange-keys']) {
      const made = await hub(compose.services[job]?.command ?? [], settingsOf(job));
      expect(made.code, made.stderr).toBe(0);
    }
    early = await hub(compose.services['gateway-1']?.command ?? [], gatewaySettings('gateway-1'));
    await Promise.all(SUBGRAPHS.map(startSubgraph));
    const store = await hub(['store', 'url', 'hub'], { DATA_DIR: join(dir, 'data') });
    storeUrl = store.stdout.trim();
    await grantStatistics(storeUrl);
    urls.set('population', await behindTls(urls.get('population') ?? ''));
    gateways = await Promise.all(['gateway-1', 'gateway-2'].map(startGateway));
  }, 240_000);

  afterAll(async () => {
    await Promise.all([...running.values()].map((each) => each.stop('SIGKILL')));
    tls?.close();
    await rm(dir, { recursive: true });
  });

  it('answer one query from all departments through either gateway, one of them over TLS', async () => {
    const [first, second] = [await ask(0, STATISTICS, OVER_SEVEN), await ask(1, STATISTICS, OVER_SEVEN)];
    // Nobody has made a statistical release yet, which is for both departments to say.
    expect(first.errors?.map(({ extensions }) => extensions.code)).toEqual(['NO_RELEASE', 'NO_RELEASE']);
    expect(first.data).toMatchObject({
      division: { name: '楚雄彝族自治州', population: null, legalPersons: null },
      indicators: { totalCount: 1 },
      complaintTopics: expect.arrayContaining([{ code: expect.any(String) as string }]) as unknown,
      grants: { totalCount: 2 },
    });
    expect(second.data).toEqual(first.data);
    expect(first.entry).not.toBe(second.entry);
  });

  it('serve the release that exchange made before it answered, and signed by a key that is its own', async () => {
    const { data } = await ask(0, {}, '{ releases { totalCount edges { node { number kind inForce } } } }');
    const first = { number: 1, kind: 'STARTED', inForce: true };
    expect(data).toEqual({ releases: { totalCount: 1, edges: [{ node: first }] } });
    const modes = ['release.key.json', 'release.jwks.json'].map(async (file) => {
      const { mode } = await stat(join(dir, 'exchange-keys', file));
      return mode & 0o777;
    });
    expect(await Promise.all(modes)).toEqual([0o600, 0o644]);
  });

  it('do not start a gateway while there is no release, and say who makes the first', () => {
    expect([early.code, early.stdout]).toEqual([1, '']);
    expect(early.stderr).toMatch(/^hub: No release can be served: there is none yet\. Start .*hub subgraph exchange/m);
  });

  it('do not start a gateway that is told to believe another key than that of exchange', async () => {
    const { code, stderr } = await hub(compose.services['gateway-1']?.command ?? [], {
      ...gatewaySettings('gateway-1'),
      MONGODB_URL_HUB: storeUrl,
      HUB_RELEASE_JWKS: join(dir, 'keys', 'release.jwks.json'),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^hub: No release can be served: .*sign/m);
  });

  it('deny through both what is not granted, and record it where an auditor finds it through the other', async () => {
    const denied = await ask(0, {}, '{ division(code: "532300") { population { count } } }');
    expect(denied.data).toEqual({ division: { population: null } });
    expect(denied.errors?.[0]?.extensions).toMatchObject({ code: 'NOT_SHARED', reason: 'NO_PURPOSE' });
    const auditor = { department: 'audit-office', application: 'supervision', purpose: 'audit', roles: ['auditor'] };
    const entry = `{ auditEntry(id: "${denied.entry ?? ''}") { department outcome denied { coordinate reason } } }`;
    expect((await ask(1, auditor, entry)).data).toEqual({
      auditEntry: {
        department: 'government-office',
        outcome: 'PARTIAL',
        denied: [{ coordinate: 'Division.population', reason: 'NO_PURPOSE' }],
      },
    });
  });

  it('answer nobody but a gateway at a subgraph', async () => {
    const response = await fetch(urls.get('archives') ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ laws { totalCount } }' }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'CONTEXT_REQUIRED' } }] });
  });

  it('refuse a token of the development issuer', async () => {
    const keys = { dir: join(dir, 'development-keys'), production: false, secrets: {} };
    const { token } = await issueDevelopmentToken(
      { department: 'civil-affairs', application: 'relief' },
      openKeyring(keys),
      { issuer: 'https://identity.example', audience: 'shuniu' },
    );
    const response = await fetch(`${gateways[0] ?? ''}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{"query":"{ __typename }"}',
    });
    expect(response.status).toBe(401);
  });

  it('lose only the fields of a subgraph that ends, and say so on /ready', async () => {
    expect((await fetch(`${gateways[1] ?? ''}/ready`)).status).toBe(200);
    const { code, stderr } = await stop('archives');
    expect(code, stderr).toBe(0);
    const { data, errors } = await ask(1, STATISTICS, OVER_SEVEN);
    expect(data).toMatchObject({ laws: null, grants: { totalCount: 2 } });
    expect(errors?.map(({ extensions }) => extensions.code).sort()).toEqual([
      ...['NO_RELEASE', 'NO_RELEASE'],
      'SUBGRAPH_UNAVAILABLE',
    ]);
    expect((await fetch(`${gateways[1] ?? ''}/ready`)).status).toBe(503);
    expect((await fetch(`${gateways[1] ?? ''}/health`)).status).toBe(200);
  });

  it('end in order when asked to, gateways first', async () => {
    for (const name of ['gateway-1', 'gateway-2', ...SUBGRAPHS.filter((each) => each !== 'archives')]) {
      const { code, stderr } = await stop(name);
      expect(code, `${name}: ${stderr}`).toBe(0);
    }
  });
});

/** The settings of a service, its volumes and secrets in the folder of the test. */
function settingsOf(name: string): Record<string, string> {
  const { environment = {} } = compose.services[name] ?? {};
  const variables = Object.entries(environment).map(([variable, value]) => [
    variable,
    value.replace('/var/lib/shuniu', dir).replace('/run/secrets', join(dir, 'secrets')),
  ]);
  return { ...(Object.fromEntries(variables) as Record<string, string>), DATA_DIR: join(dir, 'data') };
}

async function startSubgraph(name: string): Promise<void> {
  const command = (compose.services[name]?.command ?? []).map((word) => (/^41\d\d$/.test(word) ? '0' : word));
  const { MONGODB_URL_HUB: _, ...settings } = settingsOf(name);
  const embedded = Object.entries(settings).filter(([variable]) => !variable.startsWith('MONGODB_URL'));
  const process = await hubStays(command, Object.fromEntries(embedded));
  running.set(name, process);
  urls.set(name, /http:\S+\/graphql/.exec(process.line)?.[0] ?? '');
}

/** The settings of a gateway over the subgraphs that run, with an embedded store of its own. */
function gatewaySettings(name: string): Record<string, string> {
  const { MONGODB_URL_HUB: _, ...settings } = settingsOf(name);
  const remote = SUBGRAPHS.map((each) => [
    `HUB_SUBGRAPH_${each.toUpperCase().replaceAll('-', '_')}_URL`,
    urls.get(each) ?? 'http://127.0.0.1:1/graphql',
  ]);
  return {
    ...settings,
    ...(Object.fromEntries(remote) as Record<string, string>),
    HUB_JWKS: join(dir, 'issuer.jwks.json'),
    HUB_HOST: '127.0.0.1',
    HUB_PORT: '0',
  };
}

async function startGateway(name: string): Promise<string> {
  const process = await hubStays(compose.services[name]?.command ?? [], {
    ...gatewaySettings(name),
    MONGODB_URL_HUB: storeUrl,
  });
  running.set(name, process);
  while (!READY.test(process.output.stdout)) await setTimeout(50);
  return READY.exec(process.output.stdout)?.[1] ?? '';
}

/** What a gateway is told once departments have agreed; the grants of development are not stored in production. */
async function grantStatistics(url: string): Promise<void> {
  const store = await connectStore('hub', { url, dataDir: dir });
  const common = {
    department: 'government-office',
    application: 'dashboard',
    purpose: 'leaders-statistics',
    basis: '统计法 第二十条',
    divisions: ['532300'],
    validFrom: Date.now() - 1_000,
    validUntil: Date.now() + 3_600_000,
  };
  const owners = {
    'public-security': ['Division.population', 'PopulationCount.count'],
    'market-regulation': ['Division.legalPersons', 'LegalPersonCount.count'],
  };
  for (const [owner, coordinates] of Object.entries(owners))
    await storeGrant(sharingModels(store.connection), {
      ...common,
      id: `G-${owner}`,
      owner,
      items: coordinates.map((coordinate) => ({ coordinate, uses: ['OUTPUT'] as const })),
    });
  await store.close();
}

/** Does what deploy/tls.conf does, with a certificate of this installation. @returns the https URL of the subgraph. */
async function behindTls(url: string): Promise<string> {
  const { port, pathname } = new URL(url);
  const pem = await readFile(join(dir, 'secrets', 'hub-tls.pem'));
  const server = createServer({ key: pem, cert: pem, minVersion: 'TLSv1.3' }, (socket) => {
    const inner = connect(Number(port), '127.0.0.1');
    for (const [from, to] of [
      [socket, inner],
      [inner, socket],
    ] as const)
      from.pipe(to).on('error', () => from.destroy());
  });
  tls = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://localhost:${(server.address() as AddressInfo).port}${pathname}`;
}

async function stop(name: string) {
  const process = running.get(name);
  if (!process) throw new Error(`${name} does not run`);
  running.delete(name);
  return process.stop();
}
