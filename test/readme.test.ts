import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { variables } from '../lib/settings-variables.ts';

const root = new URL('../', import.meta.url);
const READMES = ['README.md', 'README.zh-CN.md'] as const;
const ci = read('.ci/run');

/** Where a block of commands that no mark names is run: a file, and what in it runs them. */
const RUN_BY: Readonly<Record<string, readonly [file: string, line: string]>> = {
  'npm ci && npm start': ['package.json', '"start": "node --max-semi-space-size=32 scripts/build/run.js start"'],
  'npm ci && npm test': ['.ci/run', "grep -m 1 -x 'npm ci && npm test' README.md"],
  'npm run -s hub -- subgraph population --port 4101': ['.ci/run', 'launch population subgraph population --port 0'],
  'HUB_SUBGRAPH_POPULATION_URL=http://127.0.0.1:4101/graphql npm start': [
    '.ci/run',
    'HUB_SUBGRAPH_POPULATION_URL=$address/graphql launch apart start',
  ],
  'MONGODB_URL=$(npm run -s hub -- store url) HUB_PORT=4001 npm start': [
    '.ci/run',
    'MONGODB_URL=$(node "$root/dist/scripts/hub.js" store url) launch second start',
  ],
  'npm run -s hub -- supergraph print > /tmp/supergraph.graphql': [
    'test/cli/supergraph.test.ts',
    "['supergraph', 'print']",
  ],
  'npm run -s hub -- supergraph print --policy > /tmp/policy.json': [
    'test/cli/supergraph.test.ts',
    "['supergraph', 'print', '--policy']",
  ],
  'npm run -s hub -- gateway --supergraph /tmp/supergraph.graphql --policy /tmp/policy.json --port 4002': [
    'test/cli/gateway.test.ts',
    "['gateway', '--supergraph', file('supergraph.graphql'), '--policy', file('policy.json'),",
  ],
  'npm run build': ['.ci/run', "check 'npm run build' npm run build"],
  // No test has an engine for containers: the parts are run instead.
  'deploy/make-secrets.sh hub.example': ['test/compose.test.ts', "'deploy/make-secrets.sh'"],
  'cp .env.example .env': ['test/support/compose-file.ts', "'../../.env.example'"],
  'docker compose up --build --detach': ['test/compose-processes.test.ts', 'the processes of docker-compose.yml'],
};

describe.each(READMES)('%s', (name) => {
  const text = read(name);

  it('begins with the two commands, each on one line and with nothing to install before', () => {
    expect(shellBlocks(text).slice(0, 2)).toEqual(['npm ci && npm start', 'npm ci && npm test']);
  });

  it('has no command that is not run', () => {
    const names = /for name in (.*); do/.exec(ci)?.[1]?.split(' ') ?? [];
    for (const mark of marks(text, 'runs')) expect(names).toContain(mark);
    const unmarked = shellBlocks(text.replaceAll(/<!-- runs: \w+ -->\n\n```sh\n[\s\S]*?```/g, ''));
    for (const line of unmarked.flatMap((block) => block.split('\n'))) {
      const [file, proof] = RUN_BY[line] ?? [];
      expect(file, `${line}: nothing runs it`).toBeDefined();
      if (file && proof) expect(read(file)).toContain(proof);
    }
  });

  it('shows an answer only where it is compared with what the hub answers', () => {
    for (const mark of marks(text, 'answers')) expect(ci).toMatch(new RegExp(`same ${mark}$`, 'm'));
    for (const mark of marks(text, 'prints')) expect(ci).toContain(`prints: ${mark}`);
    const json = text.match(/```json/g) ?? [];
    expect(marks(text, 'answers')).toHaveLength(json.length);
  });

  it('names every setting there is, with its default', () => {
    const defaults = variables.parse({}) as Readonly<Record<string, string | number | boolean | undefined>>;
    const named = ['MONGODB_URL_<SUBGRAPH>', 'MONGODB_URL_HUB', 'HUB_SUBGRAPH_<NAME>_URL'];
    const table = new Map(
      [...text.matchAll(/^\| `([^`]+)` \| (\S+) \| \S.* \|$/gm)].map(([, variable = '', value = '']) => [
        variable,
        value,
      ]),
    );
    expect([...table.keys()].sort()).toEqual([...Object.keys(variables.shape), ...named].sort());
    for (const [variable, value] of table) {
      const known = defaults[variable];
      expect(value, variable).toBe(known === undefined ? '–' : `\`${String(known)}\``);
    }
  });

  it('leads to files that are there', () => {
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      expect(existsSync(new URL(target, root)), target).toBe(true);
  });
});

describe('the two READMEs', () => {
  it('have the same commands and the same answers', () => {
    const [english, chinese] = READMES.map((name) => read(name).match(/```[\s\S]*?```|<!-- \w+: \w+ -->/g));
    expect(chinese).toEqual(english);
  });
});

function shellBlocks(text: string): string[] {
  return [...text.matchAll(/```sh\n([\s\S]*?)\n```/g)].map(([, block = '']) => block);
}

function marks(text: string, kind: string): string[] {
  return [...text.matchAll(new RegExp(`<!-- ${kind}: (\\w+) -->`, 'g'))].map(([, mark = '']) => mark);
}

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}
