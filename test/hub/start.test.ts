import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hub as command, hubHere, hubStays, type RunningCommand } from '../cli/hub-command.ts';

interface Answer {
  readonly status: number;
  readonly entry: string | null;
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly { path: string[]; extensions: Record<string, unknown> }[];
  readonly extensions: {
    readonly sharing: { readonly masked: readonly { coordinate: string }[] };
    readonly freshness: readonly unknown[];
  };
}

describe('hub start', { timeout: 240_000 }, () => {
  let dataDir: string;
  let hub: RunningCommand;
  let origin: string;
  let entry: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'shuniu-'));
    await start();
  }, 240_000);
  afterAll(async () => {
    await hub.stop('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    hub = await hubStays(['start', '--port', '0', '--persons', '300', '--data-dir', dataDir]);
    await vi.waitFor(() => expect(hub.output.stdout).toContain('Ctrl-C stops it in order'), { timeout: 10_000 });
    origin = /ready: (http:\/\/[\d.:]+)\//.exec(hub.output.stdout)?.[1] ?? '';
  }

  async function token(...flags: string[]): Promise<string> {
    const issued = await hubHere(['token', '--data-dir', dataDir, ...flags]);
    expect(issued).toMatchObject({ code: 0 });
    return issued.stdout.trim();
  }

  async function ask(bearer: string, query: string): Promise<Answer> {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
      body: JSON.stringify({ query }),
    });
    const body = (await response.json()) as Omit<Answer, 'status' | 'entry'>;
    return { ...body, status: response.status, entry: response.headers.get('shuniu-audit-entry') };
  }

  const relief = ['--department', 'civil-affairs', '--application', 'relief', '--purpose', 'low-income-check'];
  const auditor = [
    '--department',
    'audit-office',
    '--application',
    'supervision',
    '--purpose',
    'audit',
    '--role',
    'auditor',
  ];

  it('prints lines that can be pasted and answer', async () => {
    const lines = [...hub.output.stdout.matchAll(/Bearer ([\w.-]+)' -d '(\{.*\})'/g)];
    expect(lines).toHaveLength(3);
    for (const [, bearer = '', body = ''] of lines) {
      const { query } = JSON.parse(body) as { query: string };
      const answer = await ask(bearer, query);
      expect([answer.status, answer.errors]).toEqual([200, undefined]);
    }
  });

  it('is alive, ready, and counts what it does', async () => {
    expect((await fetch(`${origin}/health`)).status).toBe(200);
    expect((await fetch(`${origin}/ready`)).status).toBe(200);
    const metrics = await (await fetch(`${origin}/metrics`)).text();
    expect(metrics).toMatch(/shuniu_request_duration_seconds_count\{outcome="ANSWERED"\} [1-9]/);
    expect(metrics).toMatch(/shuniu_subgraph_fetch_duration_seconds_count\{subgraph="population",outcome="ok"\} [1-9]/);
    expect(metrics).toMatch(/^shuniu_audit_flush_failures_total 0$/m);
  });

  it('publishes the public half of the gateway’s keys, and nothing else of them', async () => {
    const reply = await fetch(`${origin}/.well-known/jwks.json`);
    expect(reply.headers.get('content-type')).toContain('application/jwk-set+json');
    const { keys } = (await reply.json()) as { keys: Record<string, string>[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', kid: expect.any(String) as string });
    expect(Object.keys(keys[0] ?? {})).not.toContain('d');
  });

  it('answers one query through all five subgraphs with allowed, masked and refused items, and records it', async () => {
    const owner = await ask(
      await token('--department', 'public-security', '--application', 'registry'),
      '{ persons(filter: { division: "532300" }, first: 50) { edges { node { residentNumber represents { uscc } } } } }',
    );
    const { persons } = owner.data as { persons: { edges: { node: { residentNumber: string } }[] } };
    const number = persons.edges.find(({ node }) => node.residentNumber.length === 18)?.node.residentNumber ?? '';
    const answer = await ask(
      await token(...relief),
      `{
        personByResidentNumber(residentNumber: "${number}") {
          name residentNumber phone maritalStatus fingerprintCode
          household { size members { name birthDate } }
          represents { name status annualRevenueFen phone }
          parcels { code landUseName areaSquareMetres certificateNumber owner { __typename } }
          archiveItems { number title }
        }
        division(code: "532300") { name indicators(codes: ["none"], period: "2024") { value } }
      }`,
    );
    expect(answer.status).toBe(200);
    const shown = answer.data?.['personByResidentNumber'] as Record<string, unknown>;
    expect(shown['name']).toMatch(/^[^*]{2,}$/);
    // The query asks for birth dates too, which would restore a number of which six and four digits are shown.
    expect(shown['residentNumber']).toBe(`${number.slice(0, 6)}************`);
    expect(shown['maritalStatus']).toBeNull();
    const refused = answer.errors?.map(({ extensions }) => [extensions['coordinate'], extensions['reason']]);
    expect(refused).toContainEqual(['Person.maritalStatus', 'NO_GRANT']);
    expect(refused).toContainEqual(['Person.fingerprintCode', 'WITHHELD']);
    expect(refused).toContainEqual(['Parcel.owner', 'NO_GRANT']);
    expect(answer.extensions.sharing.masked.map(({ coordinate }) => coordinate)).toContain('Person.phone');
    expect(answer.extensions.freshness).toContainEqual({
      resource: 'Person',
      updatedAt: expect.any(String) as string,
      updateCycle: 'DAILY',
      overdue: false,
    });

    entry = answer.entry ?? '';
    expect(await recorded()).toMatchObject({
      department: 'civil-affairs',
      purpose: 'low-income-check',
      outcome: 'PARTIAL',
      denied: expect.arrayContaining([{ coordinate: 'Person.fingerprintCode', reason: 'WITHHELD' }]) as unknown,
    });
    expect(JSON.stringify(await recorded())).not.toContain(number);
    expect(hub.output.stdout + hub.output.stderr).not.toContain(number);
  });

  it('says how fresh each resource is', async () => {
    const bearer = await token(...auditor);
    const asked = [...['freshness', '--json'], '--url', `${origin}/graphql`];
    const { code, stdout } = await hubHere(asked, { HUB_TOKEN: bearer });
    const resources = JSON.parse(stdout) as { type: string; updatedAt: string | null; overdue: boolean | null }[];
    expect(resources.find(({ type }) => type === 'Person')).toMatchObject({ overdue: false });
    expect(resources.find(({ type }) => type === 'Law')).toMatchObject({ due: null, overdue: null });
    expect(code).toBe(0);
  });

  async function recorded(): Promise<unknown> {
    const { data } = await ask(
      await token(...auditor),
      `{ auditEntry(id: "${entry}") { department purpose outcome operation allowed masked denied { coordinate reason } rows { resource count } } }`,
    );
    return data?.['auditEntry'];
  }

  it('refuses a second start on the same data and names who holds them', async () => {
    const second = await command(['start', '--port', '0', '--data-dir', dataDir]);
    expect(second).toMatchObject({ code: 1 });
    expect(second.stderr).toMatch(/process \d+/);
    expect(second.stderr).toContain('MONGODB_URL=$(hub store url)');
  });

  it('stops in order when asked, and finds everything again at the next start', async () => {
    expect(await hub.stop('SIGTERM')).toMatchObject({ code: 0, signal: null });
    await start();
    expect(hub.output.stdout + hub.output.stderr).not.toContain('Generating');
    expect(await recorded()).toMatchObject({ outcome: 'PARTIAL' });
  });

  it('loses nothing it acknowledged when it is killed', async () => {
    const bearer = await token(...relief);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ask(bearer, '{ laws(first: 1) { totalCount } }')),
    );
    expect(await hub.stop('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    await start();
    for (const { entry: each } of answers) {
      entry = each ?? '';
      expect(await recorded()).toMatchObject({ outcome: 'ANSWERED' });
    }
  });
});
