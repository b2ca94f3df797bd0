import { expect, it } from 'vitest';
import { disagreement, LEAST_CASES } from './run.ts';
import { Statistics } from './statistics.ts';

/*
 * For random schemas, data, grants, callers and operations the hub answers what a slow interpreter of the policy's words answers:
 * data, refusals, masks, grants relied on and the record, and nothing is fetched that is neither shown nor needed.
 *
 * By hand, for as long as one likes; every number gives other cases, the same one the same:
 *
 *   PROPERTY_SCHEMAS=2000 PROPERTY_SEED=42 npx vitest run test/property/hub-equals-reference.test.ts
 */
const variable = (name: string, otherwise: number): number => {
  const given = process.env[name] ?? '';
  if (given === '') return otherwise;
  if (!/^\d{1,9}$/.test(given)) throw new Error(`${name}: not a number. Set one such as ${otherwise}, or unset it.`);
  return Number(given);
};

it('answers as the policy says, field by field', { timeout: 86_400_000 }, async () => {
  const worlds = variable('PROPERTY_SCHEMAS', 34);
  const statistics = new Statistics();
  const found = await disagreement({
    worlds,
    seed: variable('PROPERTY_SEED', 20_240_809),
    onCase: (met) => statistics.add(met),
  });
  if (found !== undefined) throw new Error(found);
  console.log(statistics.table());
  expect(statistics.cases).toBeGreaterThanOrEqual(worlds * LEAST_CASES);
  expect(statistics.missing()).toEqual([]);
});
