import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { defineConfig } from 'vitest/config';

const graphql = dirname(createRequire(import.meta.url).resolve('graphql'));

/**
 * Loading the program costs more than most of its tests. Files that change nothing outside of what they open load it once for
 * all of them; those that set variables, clocks or streams of their process have one of their own.
 */
const SHARED =
  'test/{attacks,codes,compat,cubes,disclosure,gateway,property,publishing,schema,security,sharing,subgraphs}';
const APART = ['test/sharing/catalogue.test.ts', 'test/subgraphs/{archives,geospatial}.test.ts'];

export default defineConfig({
  resolve: {
    // Vite would load graphql's ES module build beside the CommonJS build that Apollo loads: two realms of one library.
    alias: [
      { find: /^graphql$/, replacement: `${graphql}/index.js` },
      { find: /^graphql\/(?!index)(.*)$/, replacement: `${graphql}/$1` },
    ],
  },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 240_000,
    reporters: ['default'],
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
