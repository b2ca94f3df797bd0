import fc from 'fast-check';
import type { Highs } from 'highs';
import { beforeAll, expect, it } from 'vitest';
import { auditProtection } from '../../sharing/disclosure/audit.ts';
import { primaryOnly, protect } from '../../sharing/disclosure/protect.ts';
import {
  type EarlierCell,
  earlierId,
  type EarlierRelease,
  type Protection,
  type TableSystem,
} from '../../sharing/disclosure/system.ts';
import { Attacker, loadHighs } from './attacker.ts';
import { randomFrom, type Row, systemOf, type TableShape } from './tables.ts';

/*
 * By hand, for as long as one likes:
 *
 *   DISCLOSURE_POPULATIONS=520 DISCLOSURE_HISTORIES=500 DISCLOSURE_SEED=7 npx vitest run test/disclosure/property.test.ts
 */
const variable = (name: string, otherwise: number): number => {
  const given = process.env[name] ?? '';
  if (given === '') return otherwise;
  if (!/^\d{1,9}$/.test(given)) throw new Error(`${name}: not a number. Set one such as ${otherwise}, or unset it.`);
  return Number(given);
};
const POPULATIONS = variable('DISCLOSURE_POPULATIONS', 500);
const HISTORIES = variable('DISCLOSURE_HISTORIES', 12);
const SEED = variable('DISCLOSURE_SEED', 20_261_122);

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
    { numRuns: POPULATIONS, seed: SEED },
  );
  expect(control.exact).toBeGreaterThan(POPULATIONS / 5);
  expect(control.leaking).toBeGreaterThan(POPULATIONS / 10);
}, 86_400_000);

const AUDIENCES = ['GENERAL', 'LEADER'] as const;
const THRESHOLDS = { GENERAL: 5, LEADER: 3 };

/** Who is there after some of each hundred left, as many came, and some changed what they are or where. */
function later(rows: readonly Row[], { world, turnover, time }: History & { time: number }): Row[] {
  const random = randomFrom(world.seed + 7_919 * time);
  const others = population({ ...world, seed: world.seed + time });
  return rows.flatMap((row, index): Row[] => {
    const other = others[index] ?? row;
    const dice = 100 * random();
    if (dice < turnover) return [];
    if (dice < 2 * turnover) return [row, other];
    return [dice < 3 * turnover ? { ...row, values: other.values } : dice < 4 * turnover ? other : row];
  });
}

interface Published {
  readonly system: TableSystem;
  readonly protection: Protection;
}

const histories = fc.record({
  world: worlds,
  releases: fc.integer({ min: 2, max: 4 }),
  turnover: fc.integer({ min: 0, max: 8 }),
});
type History = typeof histories extends fc.Arbitrary<infer Shape> ? Shape : never;

/** Protects a release for both audiences; undefined where it may not be published. */
async function releaseOf(rows: readonly Row[], layout: number, earlier: Record<Audience, EarlierRelease[]>) {
  let wider: Published | undefined;
  const made = new Map<Audience, Published>();
  for (const audience of AUDIENCES) {
    const { cells, equations } = systemOf(rows, { tables: LAYOUTS[layout] ?? [], threshold: THRESHOLDS[audience] });
    const isOpen = (id: string): boolean => /^[PC]\d*\/$/.test(id);
    const system: TableSystem = {
      ...{ equations, earlier: earlier[audience], ...(wider && { wider }) },
      cells: cells.map((cell) => (isOpen(cell.id) ? { ...cell, changesOpenly: true } : cell)),
    };
    const protection = await protect(system);
    if (protection.unprotected.length > 0) return undefined;
    if ((await auditProtection(system, protection)).length > 0) return undefined;
    wider = { system, protection };
    made.set(audience, wider);
  }
  return made;
}

type Audience = (typeof AUDIENCES)[number];

function remember(made: ReadonlyMap<Audience, Published>, audience: Audience, name: string): EarlierRelease {
  const own = made.get(audience);
  const general = made.get('GENERAL')?.protection.cells;
  const cells = (own?.system.cells ?? []).map(({ id, value, kind, threshold, changesOpenly = false }): EarlierCell => {
    const wide = audience === 'LEADER' ? general?.get(id) : undefined;
    const status = own?.protection.cells.get(id)?.status ?? 'SHOWN';
    const wider = wide && { status: wide.status, threshold: wide.threshold };
    return { id, value, kind, threshold, changesOpenly, status, ...(wider && { wider }) };
  });
  return { name, cells, equations: own?.system.equations ?? [] };
}

/** Cells that fail a rule, now or when they were released, and are told to an attacker who has kept everything. */
function tells({ system, protection }: Published): string[] {
  const attacker = new Attacker(highs, system, protection);
  const now = [...protection.cells.values()].filter(({ rules, status }) => rules.length > 0 && status !== 'SHOWN');
  const before = (system.earlier ?? []).flatMap(({ name, cells }) => {
    const small = cells.filter(({ value, threshold, status }) => status !== 'SHOWN' && value > 0 && value < threshold);
    return small.map(({ id }) => earlierId(name, id));
  });
  return [...now.map(({ id }) => id), ...before].filter((id) => {
    if (attacker.clues.get(id)?.known === true) return false;
    const { lower, upper } = attacker.learn(id);
    return upper - lower < 0.999;
  });
}

it(`tells neither audience a hidden cell in ${String(HISTORIES)} histories of two to four releases`, async () => {
  const met = { published: 0, refused: 0, leaking: 0 };
  await fc.assert(
    fc.asyncProperty(histories, async ({ world, releases, turnover }) => {
      const earlier: Record<Audience, EarlierRelease[]> = { GENERAL: [], LEADER: [] };
      let rows: readonly Row[] = population(world);
      for (let time = 0; time < releases; time++) {
        if (time > 0) rows = later(rows, { world, releases, turnover, time });
        const made = await releaseOf(rows, world.layout, earlier);
        met[made ? 'published' : 'refused'] += 1;
        if (!made) continue;
        // What the last release says of the ones before is asked of it.
        if (time === releases - 1)
          for (const published of made.values()) {
            expect(tells(published)).toEqual([]);
            const bare = { ...published, protection: primaryOnly(published.system) };
            if (met.leaking < HISTORIES / 10 && tells(bare).length > 0) met.leaking += 1;
          }
        for (const audience of AUDIENCES) earlier[audience].push(remember(made, audience, String(time)));
      }
    }),
    { numRuns: HISTORIES, seed: SEED },
  );
  expect(met.published).toBeGreaterThan(HISTORIES);
  expect(met.leaking).toBeGreaterThanOrEqual(HISTORIES / 10);
}, 86_400_000);
