import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinStore } from '../../lib/mongo/store-url.ts';
import type { Explanation } from '../../scripts/explain.ts';
import { storeGrant } from '../../sharing/store/grant-store.ts';
import { sharingModels } from '../../sharing/store/models.ts';
import { hub, hubHere } from './hub-command.ts';

let folder = '';
const granted = (): string => join(folder, 'granted');
const empty = (): string => join(folder, 'empty');

const QUERY = `{
  personByResidentNumber(residentNumber: "11010519491231002X") { name residentNumber birthDate fingerprintCode }
  division(code: "532300") { name }
}`;
const CALLER = ['--purpose', 'low-income-check'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-explain-'));
  const store = await joinStore('hub', { dataDir: granted() });
  await storeGrant(sharingModels(store.connection), {
    id: 'G-relief',
    owner: 'public-security',
    department: 'civil-affairs',
    application: 'relief',
    purpose: 'low-income-check',
    basis: 'test',
    items: [
      { coordinate: 'Query.personByResidentNumber', uses: ['OUTPUT'] },
      { coordinate: 'Person.residentNumber', uses: ['LOOKUP'] },
      { coordinate: 'Person.name', uses: ['OUTPUT'] },
    ],
    divisions: ['532300'],
    validFrom: Date.now() - 1_000,
    validUntil: Date.parse('2099-01-01T00:00:00Z'),
  });
  await store.close();
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const explained = async (query: string, ...args: string[]): Promise<Explanation> => {
  const { code, stdout, stderr } = await hubHere(['explain', '--json', '--data-dir', granted(), ...args, query]);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Explanation;
};
const lines = ({ items }: Explanation): string[] =>
  items.map(({ decision, coordinate, use, reason }) => [decision, coordinate, use, reason].join(' '));

describe('hub explain', { timeout: 120_000 }, () => {
  it('gives each item’s decision with its reason, its grants and when it ends', async () => {
    const explanation = await explained(QUERY, ...CALLER);
    expect(lines(explanation)).toEqual([
      'ALLOW Query.personByResidentNumber OUTPUT GRANT',
      'ALLOW Person.residentNumber LOOKUP GRANT',
      'ALLOW Person.name OUTPUT GRANT',
      'MASK Person.residentNumber OUTPUT RESIDENT_NUMBER',
      'MASK Person.birthDate OUTPUT YEAR',
      'DENY Person.fingerprintCode OUTPUT WITHHELD',
      'ALLOW Query.division OUTPUT UNCONDITIONAL',
      'ALLOW Division.code LOOKUP UNCONDITIONAL',
      'ALLOW Division.name OUTPUT UNCONDITIONAL',
    ]);
    expect(explanation.items[2]).toMatchObject({
      owner: 'public-security',
      grants: ['G-relief'],
      until: '2099-01-01T00:00:00.000Z',
    });
    expect(explanation.items.at(-1)).toMatchObject({ grants: [], until: null });
    expect(explanation.epoch).toBe(1);
  });

  it('shows what is left of the query and whom that would be asked of', async () => {
    const { operation, plan } = await explained(QUERY, ...CALLER);
    expect(operation).not.toContain('fingerprintCode');
    expect(operation).toContain('birthDate');
    expect(plan?.text).toMatch(/^QueryPlan \{/);
    expect(plan?.fetches.map(({ subgraph }) => subgraph).sort()).toEqual(['geospatial', 'population']);
    expect(plan?.fetches.map((fetch) => fetch.operation).join('')).not.toContain('fingerprintCode');
  });

  it('explains for another caller: the owner itself, somebody without a grant, a role', async () => {
    const owner = await explained(QUERY, '--department', 'public-security', '--application', 'registry');
    expect(lines(owner)).toContain('ALLOW Person.fingerprintCode OUTPUT OWN');
    const stranger = await explained(QUERY, '--department', 'tax-bureau', ...CALLER);
    expect(lines(stranger)).toContain('DENY Query.personByResidentNumber OUTPUT NO_GRANT');
    const purposeless = await explained('{ personByResidentNumber(residentNumber: "1") { name } }');
    expect(purposeless).toMatchObject({
      operation: null,
      plan: null,
      items: [{ decision: 'DENY', reason: 'NO_PURPOSE' }],
    });
  });

  it('takes variables into account', async () => {
    const query = 'query ($f: PersonFilter!) { persons(filter: $f) { totalCount } }';
    const f = JSON.stringify({ f: { division: '532301', name: '张三' } });
    const caller = ['--department', 'public-security', '--application', 'registry'];
    expect(lines(await explained(query, '--variables', f, ...caller))).toContain('ALLOW Person.name FILTER OWN');
    const { code, stderr } = await hubHere(['explain', '--data-dir', granted(), query]);
    expect([code, stderr]).toEqual([1, 'hub: Variable "$f" of required type "PersonFilter!" was not provided.\n']);
  });

  it('prints a table, the rest of the query and, when asked, the plan with each text', async () => {
    const { stdout } = await hubHere(['explain', '--data-dir', granted(), '--plan', ...CALLER, QUERY]);
    expect(stdout).toMatch(/^DECISION +ITEM +USE +WHY +OWNER +GRANTS +UNTIL\n/);
    expect(stdout).toMatch(/^ALLOW +Person\.name +OUTPUT +GRANT +public-security +G-relief +2099-01-01/m);
    expect(stdout).toContain('What is left:');
    expect(stdout).toContain('QueryPlan {');
    expect(stdout).toContain('Asked of population:');
    const { stdout: without } = await hubHere(['explain', '--data-dir', granted(), ...CALLER, QUERY]);
    expect(without).not.toContain('QueryPlan');
  });

  it('reads the grants of a store that another process runs', async () => {
    // This process runs it now; the command is another one.
    const store = await joinStore('hub', { dataDir: granted() });
    const { code, stdout } = await hub([
      'explain',
      '--data-dir',
      granted(),
      ...CALLER,
      '{ personByResidentNumber(residentNumber: "1") { name } }',
    ]);
    await store.close();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ALLOW +Person\.name .*G-relief/m);
  });

  it('makes no store where there is none, and says that nothing is granted', async () => {
    const { code, stdout, stderr } = await hubHere(['explain', '--data-dir', empty(), ...CALLER, QUERY]);
    expect([code, stderr]).toEqual([0, `There is no store in ${empty()} yet: explained as if nothing were granted.\n`]);
    expect(stdout).toMatch(/^DENY +Query\.personByResidentNumber +OUTPUT +NO_GRANT/m);
    expect(await readdir(folder)).toEqual(['granted']);
  });

  it('reads the query from standard input', async () => {
    const args = ['--import', 'tsx', 'scripts/hub.ts', 'explain', '--data-dir', empty()];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stdin.end('{ division(code: "532300") { name } }');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(0);
    expect(output).toMatch(/^ALLOW +Division\.name/m);
  });

  it.each([
    ['that does not parse', ['{ division'], 'Syntax Error: Expected Name, found <EOF>.'],
    ['that is not valid', ['{ nothing }'], 'Cannot query field "nothing" on type "Query".'],
    ['with several operations', ['query A { __typename } query B { __typename }'], 'Name the operation to explain'],
    [
      'that is too deep',
      [`{ division(code: "1") ${'{ parent '.repeat(13)} { code } ${'}'.repeat(13)} }`],
      'The depth of this operation is',
    ],
  ])('refuses a query %s, as the endpoint would', async (_what, args, complaint) => {
    const { code, stdout, stderr } = await hubHere(['explain', '--data-dir', granted(), ...args]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(complaint);
  });

  it('takes variables that are no object for wrong usage, without repeating them', async () => {
    const { code, stderr } = await hubHere(['explain', '--variables', '{"a": 张三', '{ __typename }']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Give a JSON object')]);
  });
});
