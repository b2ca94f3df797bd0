import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES } from '../../schema/lint/lint.ts';
import type { Finding } from '../../schema/lint/rule.ts';
import { discoverSubgraphs } from '../../scripts/subgraphs.ts';
import { type Finished, hub, hubHere } from './hub-command.ts';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'shuniu-lint-'))));
afterAll(() => rm(folder, { recursive: true }));

/** A file of SDL in a folder of its own. */
async function file(path: string, sdl: string): Promise<string> {
  const full = join(folder, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, sdl);
  return full;
}

/** The command sets the exit code of the process, which here is that of the tests. */
async function linted(...args: readonly string[]): Promise<Finished> {
  const finished = await hubHere(['lint', ...args]);
  process.exitCode = undefined;
  return finished;
}

async function findingsOf(...args: readonly string[]): Promise<readonly Finding[]> {
  const { stdout } = await linted('--json', ...args);
  return JSON.parse(stdout) as Finding[];
}

const TRAFFIC = `"A vehicle (机动车)."
type Vehicle @key(fields: "plate") @sharing(class: CONDITIONAL) {
  "号牌号码."
  plate: ID
  "When it was registered."
  registeredAt: String
}
type Query {
  "One vehicle by its plate."
  vehicle("号牌号码." plate: ID! @reads(items: ["Vehicle.plate"], use: LOOKUP)): Vehicle @sharing(class: CONDITIONAL)
}
`;

describe('hub lint', () => {
  it('finds no error in the schemas that are here, and says where what it notes stands', async () => {
    const { code, stdout } = await linted();
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('ERROR')]);
    const population = (await discoverSubgraphs()).find(({ name }) => name === 'population');
    const line = (population?.sdl.split('\n') ?? []).findIndex((each) => each.includes('birthDate:')) + 1;
    expect(stdout).toMatch(`NOTE  population:${String(line)}  Person.birthDate  [mask-combination]\n  It restores`);
    expect(stdout).toMatch(/\n0 errors, \d+ warnings?, 1 note\n$/);
  });

  it('shows one subgraph alone', async () => {
    expect((await linted('--subgraph', 'archives')).stdout).toBe('Nothing was found.\n');
    expect(await findingsOf('--subgraph', 'population')).toMatchObject([{ coordinate: 'Person.birthDate' }]);
  });

  it('names what there is where it is asked for something else', async () => {
    expect(await linted('--explain', 'nothing')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('undeclared-filter') as string,
    });
    expect(await linted('--subgraph', 'nowhere')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('population') as string,
    });
  });

  it('lists the rules, and explains one by SDL that keeps it and SDL that breaks it', async () => {
    const { stdout } = await linted('--rules');
    expect(stdout.split('\n')).toHaveLength(RULES.length + 2);
    for (const { name } of RULES) expect(stdout).toContain(`\n${name} `);
    const { code, stdout: explained } = await linted('--explain', 'undeclared-filter');
    expect([code, explained]).toEqual([0, expect.stringMatching(/@reads\(items: \[\]\)[^]*Right:[^]*Wrong:/)]);
    const { stdout: beside } = await linted('--explain', 'unequal-classes');
    expect(beside).toMatch(/Beside what another department published:[^]*Right:/);
  });
});

describe('hub lint of a file', () => {
  it('checks a further subgraph, by the name of its folder or its own', async () => {
    const path = await file('traffic-police/schema.graphql', TRAFFIC);
    expect(await linted(path)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^WARNING {2}traffic-police:2 {2}Vehicle {2}\[catalogued\]/) as string,
    });
    const named = await findingsOf(await file('vehicles.graphql', TRAFFIC));
    expect(named.map(({ subgraph }) => subgraph)).toEqual(['vehicles']);
    expect(await findingsOf(path, '--subgraph', 'cars')).toMatchObject([{ subgraph: 'cars' }]);
  });

  it('has warnings in its exit status where it is strict', async () => {
    const path = await file('traffic-police/schema.graphql', TRAFFIC);
    expect(await linted('--strict', path)).toMatchObject({ code: 1 });
  });

  it('checks it in place of the one that is here', async () => {
    const population = (await discoverSubgraphs()).find(({ name }) => name === 'population');
    const sdl = (population?.sdl ?? '').replace(
      '  phone: String @sharing(class: CONDITIONAL, mask: PHONE)',
      '  phone: String @sharing(class: UNCONDITIONAL)',
    );
    const path = await file('population/schema.graphql', sdl);
    const { code, stdout } = await linted('--json', path);
    const line = sdl.split('\n').findIndex((each) => each.startsWith('  phone:')) + 1;
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as Finding[]).filter(({ severity }) => severity === 'ERROR')).toEqual([
      expect.objectContaining({ rule: 'personal-names', subgraph: 'population', coordinate: 'Person.phone', line }),
    ]);
  });

  it('shows what it breaks in subgraphs that are here', async () => {
    const sdl = `${TRAFFIC}
"A natural person."
type Person @key(fields: "ref") {
  "The key."
  ref: ID! @inaccessible
  "姓名."
  name: String @shareable @sharing(class: UNCONDITIONAL)
}`;
    const findings = await findingsOf(await file('traffic-police/schema.graphql', sdl));
    const conflict = findings.filter(({ rule }) => rule === 'unequal-classes');
    expect(conflict.map(({ subgraph, coordinate }) => [subgraph, coordinate])).toEqual([
      ['population', 'Person.name'],
      ['traffic-police', 'Person.name'],
    ]);
  });

  it('takes its owner from the option: what only the owner may say is an error of another', async () => {
    const sdl =
      'type Person @key(fields: "ref") { ref: ID! @inaccessible name: String @shareable @sharing(class: CONDITIONAL, mask: NAME) }';
    const path = await file('register.graphql', sdl);
    const conflicts = async (owner: string) =>
      (await findingsOf(path, '--owner', owner)).filter(({ rule }) => rule === 'unequal-classes').length;
    expect(await conflicts('civil-affairs')).toBe(2);
    expect(await conflicts('public-security')).toBe(0);
  });

  it('only warns of types that cannot be changed', async () => {
    const path = await file('bought.graphql', TRAFFIC.replace('plate: ID\n', 'plate: ID!\n'));
    expect(await linted(path)).toMatchObject({ code: 1 });
    expect(await linted(path, '--foreign')).toMatchObject({ code: 0 });
  });

  it('says where a file is not GraphQL, without a stack', async () => {
    const path = await file('broken.graphql', 'type Query {\n  area: Float!!\n}');
    const { code, stdout, stderr } = await hub(['lint', path], { NO_COLOR: '1' });
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/^ERROR {2}broken:2:15 {2}\[parses\]\n {2}It is not GraphQL: Syntax Error: [^\n]*\n/);
    expect(stdout).not.toMatch(/\n +at /);
  });

  it('refuses what it cannot mean', async () => {
    const path = await file('traffic-police/schema.graphql', TRAFFIC);
    const twice = await file('again/traffic-police.graphql', TRAFFIC);
    const refused = async (...args: readonly string[]) => {
      const { code, stderr } = await linted(...args);
      return [code, stderr.split('\n')[0]];
    };
    expect(await refused(join(folder, 'none.graphql'))).toEqual([1, expect.stringContaining('cannot be read')]);
    expect(await refused(path, twice)).toEqual([1, expect.stringContaining('Two of the files are traffic-police')]);
    expect(await refused(path, twice, '--subgraph', 'a')).toEqual([2, expect.stringContaining('give one file')]);
    expect(await refused('--owner', 'a')).toEqual([2, expect.stringContaining("'--owner' is about a file")]);
    expect(await refused('--foreign')).toEqual([2, expect.stringContaining("'--foreign' is about a file")]);
  });
});
