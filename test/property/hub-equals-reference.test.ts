import fc from 'fast-check';
import { expect, it } from 'vitest';
import { play, scenario } from './run.ts';

it('answers as the policy says, field by field', { timeout: 3_600_000 }, async () => {
  let cases = 0;
  const started = process.cpuUsage();
  await fc.assert(
    fc.asyncProperty(scenario(60), (each) => play(each, { onCase: () => (cases += 1) })),
    {
      numRuns: Number(process.env['PROPERTY_SCHEMAS'] ?? 20),
      seed: Number(process.env['PROPERTY_SEED'] ?? 1),
      interruptAfterTimeLimit: 200_000,
      markInterruptAsFailure: false,
    },
  );
  console.log(cases, process.cpuUsage(started).user / 1e6);
  expect(cases).toBeGreaterThan(0);
});
