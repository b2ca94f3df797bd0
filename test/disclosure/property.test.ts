import fc from 'fast-check';
import type { Highs } from 'highs';
import { beforeAll, expect, it } from 'vitest';
import { auditProtection } from '../../sharing/disclosure/audit.ts';
import { primaryOnly, protect } from '../../sharing/disclosure/protect.ts';
import type { Protection, TableSystem } from '../../sharing/disclosure/system.ts';
import { Attacker, loadHighs } from './attacker.ts';
import { randomFrom, type Row, systemOf, type TableShape } from './tables.ts';

const POPULATIONS = 520;

let highs: Highs;
beforeAll(async () => {
  highs = await loadHighs();
});

const ALL = ['PREFECTURE', 'COUNTY', 'TOWNSHIP'] as const;
const LAYOUTS: readonly (readonly TableShape[])[] = [
  [
    { dimensions: [], levels: ALL },
    { dimensions: ['A'], levels: ALL },
  ],
  [
    { dimensions: [], levels: ALL },
    { dimensions: ['A'], levels: ALL },
    { dimensions: ['B'], levels: ['PREFECTURE', 'COUNTY'] },
  ],
  [
    { dimensions: [], levels: ['PREFECTURE', 'COUNTY'] },
    { dimensions: ['A'], levels: ['PREFECTURE', 'COUNTY'] },
    { dimensions: ['B'], levels: ['PREFECTURE', 'COUNTY'], sensitive: true },
    { dimensions: ['A', 'B'], levels: ['PREFECTURE', 'COUNTY'] },
  ],
  [
    { dimensions: [], levels: ['PREFECTURE', 'COUNTY'] },
    { dimensions: ['A', 'B'], levels: ['PREFECTURE', 'COUNTY'] },
  ],
];

const worlds = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  people: fc.integer({ min: 5, max: 160 }),
  layout: fc.nat(LAYOUTS.length - 1),
  townships: fc.integer({ min: 2, max: 7 }),
  a: fc.integer({ min: 2, max: 4 }),
  b: fc.integer({ min: 2, max: 3 }),
  threshold: fc.constantFrom(3, 5),
});

type World = typeof worlds extends fc.Arbitrary<infer Shape> ? Shape : never;

function population({ seed, people, townships, a, b }: World): Row[] {
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(limit * random() ** 1.7);
  return Array.from({ length: people }, () => {
    const township = below(townships);
    return {
      places: ['P', `C${String(township % 3)}`, `T${String(township)}`],
      values: { A: String(below(a)), B: String(below(b)) },
    };
  });
}

/** What the attacker learns beyond what the rules allow: cells told exactly, and cells placed too closely. */
function losses(
  system: TableSystem,
  protection: Protection,
  { whole = false } = {},
): { exact: string[]; close: string[] } {
  const attacker = new Attacker(highs, system, protection);
  const exact: string[] = [];
  const close: string[] = [];
  for (const { id, status, required } of protection.cells.values()) {
    if (status === 'SHOWN') continue;
    const { lower, upper } = attacker.learn(id, { whole });
    if (upper - lower < 0.999) exact.push(id);
    else if (required !== null && !protection.narrowed.includes(id)) {
      if (lower > required.lower + 1e-6 || upper < (required.upper ?? 0) - 1e-6) close.push(id);
    }
  }
  return { exact, close };
}

it(`recovers no hidden cell in ${String(POPULATIONS)} populations, and places none closer than the rule`, async () => {
  const control = { exact: 0, close: 0, leaking: 0 };
  let run = 0;
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      const system = systemOf(population(world), { tables: LAYOUTS[world.layout] ?? [], threshold: world.threshold });
      const protection = await protect(system);
      const told = new Set(protection.unprotected.map(({ id }) => id));
      const { exact, close } = losses(system, protection, { whole: run++ % 8 === 0 });
      expect({ exact: exact.filter((id) => !told.has(id)), close }).toEqual({ exact: [], close: [] });
      const findings = await auditProtection(system, protection);
      expect(findings.filter(({ id }) => !told.has(id))).toEqual([]);
      expect(findings.length > 0).toBe(told.size > 0);
      if (run % 4 === 0) {
        const bare = losses(system, primaryOnly(system));
        control.exact += bare.exact.length;
        control.close += bare.close.length;
        control.leaking += bare.exact.length + bare.close.length > 0 ? 1 : 0;
      }
    }),
    { numRuns: POPULATIONS, seed: 20261122 },
  );
  expect(control.exact).toBeGreaterThan(100);
  expect(control.leaking).toBeGreaterThan(POPULATIONS / 10);
}, 240_000);
