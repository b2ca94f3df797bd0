import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { joinStore } from '../../lib/mongo/store-url.ts';
import type { AskersExplanation, Explanation } from '../../scripts/explain.ts';
import { storeGrant } from '../../sharing/store/grant-store.ts';
import { sharingModels } from '../../sharing/store/models.ts';
import { hub, hubHere } from './hub-command.ts';

const onceForEach = vi.hoisted(() => <Argument, Result>(make: (argument: Argument) => Result) => {
  const made = new Map<string, { readonly result: Result }>();
  return (argument: Argument): Result => {
    const name = JSON.stringify(argument);
    const known = made.get(name) ?? { result: make(argument) };
    made.set(name, known);
    return known.result;
  };
});
// Composing and what is built of it take a second of each command and depend on the schemas alone, which nothing changes here.
vi.mock(import('../../schema/compose.ts'), async (original) => {
  const { compose, ...rest } = await original();
  return { ...rest, compose: onceForEach(compose) };
});
vi.mock(import('../../gateway/supergraph.ts'), async (original) => {
  const { buildSupergraph, ...rest } = await original();
  return { ...rest, buildSupergraph: onceForEach(buildSupergraph) };
});

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
  const models = sharingModels(store.connection);
  const relief = {
    id: 'G-relief',
    owner: 'public-security',
    department: 'civil-affairs',
    application: 'relief',
    purpose: 'low-income-check',
    basis: 'test',
    items: [
      { coordinate: 'Query.personByResidentNumber', uses: ['OUTPUT' as const] },
      { coordinate: 'Person.residentNumber', uses: ['LOOKUP' as const] },
      { coordinate: 'Person.name', uses: ['OUTPUT' as const] },
    ],
    divisions: ['532300'],
    validFrom: Date.now() - 1_000,
    validUntil: Date.parse('2099-01-01T00:00:00Z'),
  };
  await storeGrant(models, relief);
  await storeGrant(models, {
    ...relief,
    id: 'G-later',
    items: [{ coordinate: 'Person.birthDate', uses: ['OUTPUT'] }],
    validFrom: Date.parse('2098-01-01T00:00:00Z'),
    obligations: ['OFFICER_NAMED'],
    quota: { rowsPerDay: 500 },
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
    expect(explanation.epoch).toBe(2);
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
    const args = ['scripts/build/run.js', 'explain', '--data-dir', empty()];
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

  it('says of each item what its owner says of it, and what of the caller it turned on', async () => {
    const { items, grants } = await explained(QUERY, ...CALLER);
    const of = (coordinate: string, use: string): unknown =>
      items.find((item) => item.coordinate === coordinate && item.use === use);
    const holder = { department: 'civil-affairs', application: 'relief', purpose: 'low-income-check' };
    expect(of('Person.name', 'OUTPUT')).toMatchObject({
      rule: { class: 'CONDITIONAL', mask: 'NAME', basis: null, subgraph: 'population' },
      divisions: ['532300'],
      turnsOn: holder,
      howToApply: null,
    });
    expect(of('Person.fingerprintCode', 'OUTPUT')).toMatchObject({
      rule: { class: 'WITHHELD', mask: null, basis: expect.stringContaining('居民身份证法') as string },
      divisions: [],
      turnsOn: { department: 'civil-affairs' },
    });
    expect(of('Division.name', 'OUTPUT')).toMatchObject({ rule: { class: 'UNCONDITIONAL' }, turnsOn: {} });
    expect(grants).toMatchObject([
      {
        id: 'G-later',
        state: 'NOT_YET',
        from: '2098-01-01T00:00:00.000Z',
        quota: { rowsPerDay: 500 },
        obligations: ['OFFICER_NAMED'],
      },
      { id: 'G-relief', state: 'IN_FORCE', divisions: ['532300'], quota: null, obligations: [] },
    ]);
    const { stdout } = await hubHere(['explain', '--data-dir', granted(), ...CALLER, QUERY]);
    expect(stdout).toMatch(/^Person\.name +OUTPUT +CONDITIONAL +NAME .*department=civil-affairs application=relief/m);
    expect(stdout).toMatch(
      /^G-later +public-security +NOT_YET +2098-01-01.*532300 +OFFICER_NAMED +\{"rowsPerDay":500\}/m,
    );
    expect(stdout).toMatch(/^Decision [\w-]{12}, under policy epoch 2\.$/m);
  });

  it('has the endpoint’s schema for leaders and the public', async () => {
    const leader = [...CALLER, '--role', 'leader'];
    expect(lines(await explained('{ division(code: "532300") { name } }', ...leader))).toContain(
      'ALLOW Division.name OUTPUT UNCONDITIONAL',
    );
    for (const [query, complaint] of [
      [QUERY, 'Cannot query field "personByResidentNumber" on type "Query".'],
      ['{ nobody }', 'Cannot query field "nobody" on type "Query".'],
      ['mutation { revoke(grant: "G-relief", reason: "x") { id } }', 'No mutation is served here.'],
    ] as const) {
      const { code, stdout, stderr } = await hubHere(['explain', '--data-dir', granted(), ...leader, query]);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain(complaint);
    }
    expect((await explained(QUERY, ...CALLER)).items).not.toEqual([]);
  });

  it('takes variables that are no object for wrong usage, without repeating them', async () => {
    const { code, stderr } = await hubHere(['explain', '--variables', '{"a": 张三', '{ __typename }']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Give a JSON object')]);
  });
});

describe('hub explain for the caller of a token', { timeout: 120_000 }, () => {
  const issued = async (...args: string[]): Promise<string> => {
    const who = ['--department', 'civil-affairs', '--application', 'relief'];
    const { code, stdout } = await hubHere(['token', '--data-dir', granted(), ...who, ...args]);
    expect(code).toBe(0);
    return stdout.trim();
  };
  const refused = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await hubHere(['explain', '--data-dir', granted(), ...args, QUERY]);
    expect([code, stdout]).toEqual([1, '']);
    return stderr;
  };

  it('explains as for the same caller given by options, from an argument, a file or standard input', async () => {
    const token = await issued('--purpose', 'low-income-check', '--officer', 'wang-li', '--role', 'reviewer');
    const file = join(folder, 'token.txt');
    await writeFile(file, `${token}\n`);
    const byOptions = await explained(QUERY, ...CALLER, '--officer', 'wang-li', '--role', 'reviewer');
    const { caller, items } = await explained(QUERY, '--as', token);
    expect([caller, items]).toEqual([byOptions.caller, byOptions.items]);
    expect((await explained(QUERY, '--as-file', file)).items).toEqual(items);

    const child = spawn(
      process.execPath,
      ['scripts/build/run.js', 'explain', '--json', '--data-dir', granted(), '--as', '-', QUERY],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    );
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stdin.end(`${token}\n`);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect((JSON.parse(output) as Explanation).items).toEqual(items);
  });

  it('believes no token that the endpoint would not believe', async () => {
    const token = await issued('--purpose', 'low-income-check');
    const [head, body, signature = ''] = token.split('.');
    const forged = JSON.stringify({ ...JSON.parse(Buffer.from(body ?? '', 'base64url').toString()), department: 'x' });
    const altered = [head, Buffer.from(forged).toString('base64url'), signature].join('.');
    expect(await refused('--as', altered)).toContain('The signature of the token cannot be verified');
    expect(await refused('--as', 'nothing')).toContain('not a bearer token in three parts');
    expect(await refused('--as', token, '--purpose', 'tax-administration')).toContain('does not allow this purpose');
    expect(await refused('--as-file', join(folder, 'absent.txt'))).toContain('--as-file: cannot be read');
    const audience = { HUB_AUDIENCE: 'another' };
    const { code, stderr } = await hubHere(['explain', '--data-dir', granted(), '--as', token, QUERY], audience);
    expect([code, stderr]).toEqual([1, 'hub: The token was not issued for this hub (aud).\n']);
  });

  it('says that a token has expired', async () => {
    const token = await issued('--purpose', 'low-income-check', '--expires', '1m');
    vi.useFakeTimers({ now: Date.now() + 120_000, toFake: ['Date'] });
    try {
      expect(await refused('--as', token)).toBe('hub: The token has expired: get a new one from its issuer.\n');
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes a caller given twice, and a plan for an asker, for wrong usage', async () => {
    for (const args of [
      ['--as', 'x', '--role', 'leader'],
      ['--as-file', 'x', '--department', 'tax-bureau'],
      ['--as', 'x', '--as-file', 'y'],
      ['--view', 'asker', '--plan'],
      ['--view', 'everything'],
    ]) {
      const { code, stdout } = await hubHere(['explain', '--data-dir', granted(), ...args, QUERY]);
      expect([args, code, stdout]).toEqual([args, 2, '']);
    }
    expect(await hubHere(['explain', '--as', '-'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('tells an asker codes, owners and how to apply, and no rule, grant, epoch or plan', async () => {
    const token = await issued('--purpose', 'low-income-check');
    const full = await explained(QUERY, '--as', token);
    const args = ['explain', '--data-dir', granted(), '--as', token, '--view', 'asker'];
    const { stdout } = await hubHere([...args, '--json', QUERY]);
    const asked = JSON.parse(stdout) as AskersExplanation;
    expect(Object.keys(asked).sort()).toEqual(['decision', 'items', 'view']);
    expect(new Set(asked.items.flatMap((item) => Object.keys(item)))).toEqual(
      new Set(['coordinate', 'code', 'owner', 'use', 'howToApply']),
    );
    expect(asked.decision).toBe(full.decision);
    expect(asked.items.map(({ code, coordinate, use }) => [code, coordinate, use].join(' '))).toEqual([
      'ALLOWED Query.personByResidentNumber OUTPUT',
      'ALLOWED Person.residentNumber LOOKUP',
      'ALLOWED Person.name OUTPUT',
      'MASKED Person.residentNumber OUTPUT',
      'MASKED Person.birthDate OUTPUT',
      'WITHHELD Person.fingerprintCode OUTPUT',
      'ALLOWED Query.division OUTPUT',
      'ALLOWED Division.code LOOKUP',
      'ALLOWED Division.name OUTPUT',
    ]);
    expect(asked.items[4]).toMatchObject({
      owner: 'public-security',
      howToApply: expect.stringContaining('requestSharing(input: { purpose: "low-income-check"') as string,
    });

    const printed = await hubHere([...args, QUERY]);
    for (const text of [stdout, printed.stdout])
      expect(text).not.toMatch(
        /G-relief|G-later|532300"?,|CONDITIONAL|epoch|QueryPlan|What is left|11010519491231002X/,
      );
    expect(printed.stdout).toMatch(/^WITHHELD +Person\.fingerprintCode +OUTPUT +public-security$/m);
    expect(printed.stdout).toMatch(/^Person\.birthDate: Ask public-security/m);
  });

  it('looks into no department’s data, so that it cannot tell whether a row is there', async () => {
    const number = '{ personByResidentNumber(residentNumber: "11010519491231002X") { name } }';
    await hubHere(['explain', '--data-dir', granted(), ...CALLER, '--view', 'asker', number]);
    const departments = (await readdir('subgraphs')).filter((name) => name !== 'exchange');
    const opened = (await readdir(granted())).filter((name) => departments.some((each) => name.includes(each)));
    expect([departments.length > 4, opened]).toEqual([true, []]);
    expect((await readdir(granted())).some((name) => name.includes('hub'))).toBe(true);
  });
});
