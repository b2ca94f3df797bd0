import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig } from 'vitest/config';

const graphql = dirname(createRequire(import.meta.url).resolve('graphql'));

/**
 * Stores, and checks of what is published, run in threads of their own, where Node loads the modules: sources by way of tsx, which
 * costs each thread more than its work, and a hub has eight. Tests take what starts them as built, as it is in production.
 */
const { buildProgram } = (await import(join(import.meta.dirname, 'scripts/build/build-program.js'))) as {
  readonly buildProgram: () => Promise<unknown>;
};
await buildProgram();
const dist = join(import.meta.dirname, 'dist');

/**
 * Loading the program costs more than most of its tests. Files that change nothing outside of what they open load it once for
 * all of them; those that set variables, clocks or streams of their process have one of their own.
 */
const SHARED =
  'test/{attacks,codes,compat,cubes,disclosure,gateway,hub,property,publishing,schema,security,sharing,subgraphs,web}';
const APART = [
  'test/hub/start.test.ts',
  'test/sharing/catalogue.test.ts',
  'test/subgraphs/{archives,geospatial}.test.ts',
  'test/web/{production,sign-in}.test.ts',
];

export default defineConfig({
  resolve: {
    // Vite would load graphql's ES module build beside the CommonJS build that Apollo loads: two realms of one library.
    alias: [
      { find: /^graphql$/, replacement: `${graphql}/index.js` },
      { find: /^graphql\/(?!index)(.*)$/, replacement: `${graphql}/$1` },
      { find: /^(?:\.\.\/)+(embedded-mongo\/.*)\.ts$/, replacement: `${dist}/$1.js` },
      { find: /^(?:.*\/)?(prepared-apart)\.ts$/, replacement: `${dist}/sharing/publishing/$1.js` },
    ],
  },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 240_000,
    reporters: ['default'],
    globalSetup: 'test/support/kept-folder.ts',
    projects: [
      {
        extends: true,
        test: { name: 'shared', include: [`${SHARED}/**/*.test.ts`], exclude: APART, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'apart',
          include: ['test/*.test.ts', `test/!(${SHARED.slice(6, -1).replaceAll(',', '|')})/**/*.test.ts`, ...APART],
        },
      },
    ],
  },
});
