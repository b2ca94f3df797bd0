import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hubHere } from './hub-command.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SOURCES = ['lib', 'schema', 'subgraphs', 'scripts', 'sharing', 'gateway', 'embedded-mongo', 'test/support'];
const SETTINGS = ['package.json', 'tsconfig.json', 'vitest.config.ts', '.prettierrc.json'];

/** The sources of a hub, to which a test may add. */
let tree: string;

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'kit-'));
  for (const path of [...SOURCES, ...SETTINGS]) await cp(join(ROOT, path), join(tree, path), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
});
afterAll(() => rm(tree, { recursive: true }));

const make = (name: string, ...options: readonly string[]) =>
  hubHere([
    'new-subgraph',
    name,
    '--owner',
    'public-security-traffic',
    '--title',
    '交通警察',
    '--into',
    tree,
    ...options,
  ]);

interface Made {
  readonly type: string;
  readonly files: readonly string[];
  readonly next: readonly string[];
}

/** Runs a command in the tree, with no variables but the path; its output in the end, or its first line while it runs. */
function inTree(...args: readonly string[]) {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, args, { cwd: tree, env: { PATH, HOME }, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output.text += chunk.toString();
    });
  return { child, output, ended: ended(child, output) };
}

async function ended(child: ChildProcess, output: { readonly text: string }) {
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, text: output.text };
}

describe('hub new-subgraph', { timeout: 120_000 }, () => {
  it('makes a subgraph that lints, composes, starts and passes its own tests at once', async () => {
    const { code, stdout, stderr } = await make('traffic-police', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const made = JSON.parse(stdout) as Made;
    expect(made.type).toBe('TrafficPoliceCase');
    expect(made.files).toContain('subgraphs/traffic-police/schema.graphql');
    for (const topic of ['run', 'check', 'test', 'describe', 'fill', 'count', 'complete', 'publish'])
      expect(made.next.some((step) => step.startsWith(`${topic} it: `))).toBe(true);
    for (const path of made.files) expect(await readFile(join(tree, path), 'utf8')).not.toContain('{{');

    const lint = await inTree('scripts/build/run.js', 'lint', '--subgraph', 'traffic-police', '--json').ended;
    expect(lint.code, lint.text).toBe(0);

    const hub = ['dist/scripts/hub.js', 'subgraph', 'traffic-police'];
    const started = inTree(...hub, '--port', '0', '--data-dir', join(tree, 'data'));
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json'];
    const tests = await inTree(...vitest, 'test/subgraphs/traffic-police.test.ts').ended;
    expect(tests.code, tests.text).toBe(0);
    const [report = ''] = /\{"numTotalTestSuites.*\}/s.exec(tests.text) ?? [];
    const { numPassedTests, numTotalTests, testResults } = JSON.parse(report) as {
      numPassedTests: number;
      numTotalTests: number;
      testResults: { assertionResults: { fullName: string }[] }[];
    };
    expect(numPassedTests).toBe(numTotalTests);
    const names = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ fullName }) => fullName));
    expect(names).toContain('the schema of traffic-police composes with those of all departments and breaks no rule');
    expect(names).toContain(
      'through the gateway shows what is granted, masks what has a mask, refuses the rest, and records it',
    );
    expect(names).toContain('through the gateway asks the subgraph nothing without a grant, and records that');

    await expect.poll(() => started.output.text, { timeout: 30_000 }).toContain('traffic-police answers at ');
    const [url = ''] = /http:\S+graphql/.exec(started.output.text) ?? [];
    expect((await fetch(new URL('/ready', url))).status).toBe(200);
    const unsigned = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ trafficPoliceCase(number: "T-0001") { name } }' }),
    });
    expect(unsigned.status).toBe(401);
    started.child.kill('SIGTERM');
    expect((await started.ended).code).toBe(0);
  });

  it('names its type as asked, in one and many', async () => {
    const { stdout } = await make('subsidies', '--type', 'SubsidyEntry', '--json');
    const { files } = JSON.parse(stdout) as Made;
    expect(files).toContain('subgraphs/subsidies/count-subsidy-entries.ts');
    const models = await readFile(join(tree, 'subgraphs/subsidies/models.ts'), 'utf8');
    expect(models).toContain("subsidyEntries: connection.model<SubsidyEntryRecord>('SubsidyEntry', ");
    const sdl = await readFile(join(tree, 'subgraphs/subsidies/schema.graphql'), 'utf8');
    expect(sdl).toMatch(/code: "399\d{3}\/000001"/);
  });

  it.each([
    ['population', [], 'name: subgraphs/population is there already.'],
    ['Traffic', [], 'name: "Traffic" is not a name of a subgraph. Give small letters'],
    ['traffic--police', [], 'name: "traffic--police" is not a name'],
    ['../traffic', [], 'name: "../traffic" is not a name'],
    ['a'.repeat(31), [], 'at most 30'],
    ['hub', [], 'name: "hub" is the name of the hub’s own store.'],
    ['police', ['--owner', 'Public Security'], '--owner: "Public Security" is not a code of a department. Give '],
    ['police', ['--title', '交警"`'], '--title: "交警\\"`" is not a title. Give '],
    ['police', ['--type', 'people'], '--type: "people" is not a name of a type. Give '],
    [
      'police',
      ['--type', 'Model'],
      '--type: "Model" means something else in the modules. Say whose or which, as in PoliceModel.',
    ],
    ['police', ['--type', 'Person'], '--type: Person is in '],
    ['police', ['--type', 'DivisionAt'], '--type: '],
    ['police', ['--into', tmpdir()], 'does not hold the sources of a hub. Name the folder'],
  ])('refuses %s %j, and says what to give', async (name, options, complaint) => {
    const { code, stdout, stderr } = await make(name, ...options);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(complaint);
  });

  it('writes nothing where a file is in the way, and leaves that as it is', async () => {
    const inTheWay = join(tree, 'scripts/seed/bus-stops.ts');
    await writeFile(inTheWay, 'mine');
    const { code, stderr } = await make('buses', '--type', 'BusStop');
    expect(code).toBe(1);
    expect(stderr).toContain('scripts/seed/bus-stops.ts: is there already, and nothing is overwritten.');
    expect(await readFile(inTheWay, 'utf8')).toBe('mine');
    await expect(readFile(join(tree, 'subgraphs/buses/subgraph.ts'))).rejects.toThrow('ENOENT');
  });
});
