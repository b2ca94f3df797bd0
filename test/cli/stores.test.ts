import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpTransport } from '../../lib/http-transport.ts';
import { openKeyring } from '../../lib/keys/keyring.ts';
import { fetchHash, signContext } from '../../lib/signed-context.ts';
import { hub, hubHere, hubStays, type RunningCommand } from './hub-command.ts';

const NUMBER = '11010519491231002X';
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

interface Status {
  readonly database: string;
  readonly state: string;
  readonly documents?: number;
}

describe('a subgraph run by itself, and the commands beside it', { timeout: 240_000 }, () => {
  let dataDir: string;
  let variables: Record<string, string>;
  let population: RunningCommand;
  let url: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'cli-'));
    variables = { DATA_DIR: dataDir };
    population = await hubStays(['subgraph', 'population', '--port', '0', '--json'], variables);
    while (!population.output.stdout.includes('}')) await new Promise((resolve) => setTimeout(resolve, 10));
    ({ url } = JSON.parse(population.output.stdout) as { url: string });
  }, 240_000);
  afterAll(() => rm(dataDir, { recursive: true }));

  it('is ready, and answers nobody but the gateway', async () => {
    expect((await fetch(new URL('/ready', url))).status).toBe(200);
    const body = JSON.stringify({ query: `{ personByResidentNumber(residentNumber: "${NUMBER}") { name } }` });
    const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('CONTEXT_REQUIRED');
  });

  it('tells further processes where its store is', async () => {
    const template = await hubHere(['store', 'url'], variables);
    expect(template.stdout.trim()).toMatch(/^mongodb:\/\/.*%2F\{database\}\.sock\/\{database\}\?/);
    const one = await hubHere(['store', 'url', 'population', '--json'], variables);
    const found = JSON.parse(one.stdout) as { url: string };
    expect(found.url).toBe(template.stdout.trim().replaceAll('{database}', 'population'));
    const connection = await createConnection(found.url).asPromise();
    expect(await connection.db?.command({ ping: 1 })).toMatchObject({ ok: 1 });
    await connection.close();
    expect(await hubHere(['store', 'url', 'statistics'], variables)).toMatchObject({ code: 1, stdout: '' });
  });

  it('takes an import beside it, which names the rows it could not store and fails for them', async () => {
    const file = join(dataDir, 'persons.csv');
    const header = 'residentNumber,name,division,address,householdNumber,status';
    const row = (number: string) => `${number},张三,532301001001,东门村1号,7,正常`;
    await writeFile(file, [header, row(NUMBER), row('110105194912310021'), ''].join('\n'));
    const { code, stdout } = await hub(['import', 'persons', file, '--json'], variables);
    const result = JSON.parse(stdout) as { rows: number; inserted: number; rejected: number; rejects: string };
    expect(result).toMatchObject({ kind: 'COMPLETE', rows: 2, rejected: 1, inserted: 1 });
    expect(code).toBe(1);
    expect(await readFile(result.rejects, 'utf8')).toContain('residentNumber');
  });

  it('answers a context signed by the gateway key of the folder', async () => {
    const query = 'query($n: String!) { personByResidentNumber(residentNumber: $n) { name } }';
    const context = await signContext(
      {
        caller: { department: 'civil-affairs', application: 'relief', purpose: 'low-income-check', roles: [] },
        fetches: [fetchHash(query)],
        asked: ['Query.personByResidentNumber', 'Person.name'],
        internal: [],
        divisions: ['*'],
        grants: [],
        epoch: 1,
        release: '1',
      },
      'population',
      await openKeyring({ dir: join(dataDir, 'keys'), production: false, secrets: {} }).signing('gateway'),
    );
    const transport = httpTransport({ subgraph: 'population', url, timeoutMs: 10_000 });
    const signal = AbortSignal.timeout(10_000);
    const requestId = '0b6e9c1e-8d5a-4b3c-9e0f-1234567890ab';
    const request = { query, variables: { n: NUMBER }, context, requestId, traceparent: TRACE, signal };
    expect(await transport.send(request)).toEqual({ data: { personByResidentNumber: { name: '张三' } } });
    await transport.close();
    await expect.poll(() => population.output.stderr, { timeout: 5_000 }).toContain(requestId);
    expect(population.output.stderr).not.toContain(NUMBER);
  });

  it('is counted by hub store status', async () => {
    const { code, stdout } = await hubHere(['store', 'status', '--json'], variables);
    expect(code).toBe(0);
    const rows = JSON.parse(stdout) as Status[];
    expect(rows.find(({ database }) => database === 'population')).toMatchObject({
      state: 'answers',
      store: 'embedded',
    });
    expect(rows.find(({ database }) => database === 'statistics')).toMatchObject({ state: 'empty' });
    expect(rows.some(({ database }) => database === 'hub')).toBe(true);
  });

  it('ends in order when asked, and leaves its store to others', async () => {
    expect(await population.stop()).toMatchObject({ code: 0 });
    await expect(fetch(new URL('/health', url))).rejects.toThrow('fetch failed');
    const { stdout } = await hubHere(['store', 'status'], variables);
    expect(stdout).toMatch(/^population +embedded +not running/m);
    expect((await hubHere(['store', 'url'], variables)).stderr).toBe(
      `hub: No store is running in ${dataDir}. Start the hub there, or name its DATA_DIR.\n`,
    );
  });
});

describe('hub seed', { timeout: 240_000 }, () => {
  it('fills the stores once, and refuses to mix data', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'cli-'));
    const seed = (persons: string) => hub(['seed', '--persons', persons, '--data-dir', dataDir, '--json']);
    const first = await seed('200');
    expect(first.code).toBe(0);
    const { kind, written } = JSON.parse(first.stdout) as { kind: string; written: number };
    expect(kind).toBe('COMPLETE');
    expect(written).toBeGreaterThan(200);
    const other = await seed('300');
    expect({ code: other.code, stdout: other.stdout }).toEqual({ code: 1, stdout: '' });
    expect(other.stderr).toContain('was seeded with other data');
    await rm(dataDir, { recursive: true });
  });
});
