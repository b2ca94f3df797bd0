import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The tests that mutants of the sharing decisions are shown to: those that need no more than a gateway over small subgraphs. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      'test/sharing/{decide,mask,mask-combinations,row-scope}.test.ts',
      'test/gateway/{arguments,interface-objects,masks,mutations,obligations,pruning,quota,record,requires}.test.ts',
    ],
  },
});
