import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { defineConfig } from 'vitest/config';

const graphql = dirname(createRequire(import.meta.url).resolve('graphql'));

export default defineConfig({
  resolve: {
    // Vite would load graphql's ES module build beside the CommonJS build that Apollo loads: two realms of one library.
    alias: [
      { find: /^graphql$/, replacement: `${graphql}/index.js` },
      { find: /^graphql\/(?!index)(.*)$/, replacement: `${graphql}/$1` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 240_000,
    reporters: ['default'],
  },
});
