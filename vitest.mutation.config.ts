import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

// Mutants are shown to a choice of their own, whichever files share a process otherwise.
const { projects: _, ...test } = base.test ?? {};

/** The tests that mutants of the sharing decisions are shown to: those that need no more than a gateway over small subgraphs. */
export default defineConfig({
  ...base,
  test: {
    ...test,
    include: [
      'test/sharing/{decide,mask,mask-combinations,row-scope}.test.ts',
      'test/gateway/{access-requirements,answer,arguments,authorise,cited-purpose,grants-over-time,interface-objects,masks,mutations}.test.ts',
      'test/gateway/{obligations,pruning,quota,record,requires,subgraph-trouble}.test.ts',
      'test/attacks/{abstract-types,decisions-reused,entities,existence,purposes}.test.ts',
      'test/property/found-*.test.ts',
    ],
  },
});
