import type { Highs } from 'highs';
import { beforeAll, describe, expect, it } from 'vitest';
import { auditProtection } from '../../sharing/disclosure/audit.ts';
import { primaryOnly, protect } from '../../sharing/disclosure/protect.ts';
import {
  earlierId,
  type EarlierRelease,
  type Protection,
  type SumEquation,
  type SystemCell,
  type TableSystem,
} from '../../sharing/disclosure/system.ts';
import { Attacker, loadHighs } from './attacker.ts';

let highs: Highs;
beforeAll(async () => {
  highs = await loadHighs();
});

const cells = (values: Record<string, number>, threshold = 5): SystemCell[] =>
  Object.entries(values).map(([id, value]) => ({ id, value, kind: 'COUNT', threshold }));
const sumOf = (total: string, ...parts: string[]): SumEquation => ({ total, parts });

function release(name: string, system: TableSystem, { cells: told }: Protection): EarlierRelease {
  const seen = system.cells.map(({ id, value, kind, threshold }) => {
    return { id, value, kind, threshold, status: told.get(id)?.status ?? 'SHOWN' } as const;
  });
  return { name, cells: seen, equations: system.equations };
}

/** Which of the hidden cells an attacker tells exactly. */
function told(system: TableSystem, protection: Pick<Protection, 'cells'>): string[] {
  const attacker = new Attacker(highs, system, protection);
  return [...attacker.clues]
    .filter(([, { known }]) => !known)
    .map(([id]) => id)
    .filter((id) => {
      const { lower, upper } = attacker.learn(id, { whole: true });
      return upper - lower < 0.5;
    });
}

async function holds(system: TableSystem): Promise<Protection> {
  const protection = await protect(system);
  expect(protection.unprotected).toEqual([]);
  expect(told(system, protection)).toEqual([]);
  expect(await auditProtection(system, protection)).toEqual([]);
  return protection;
}

describe('attacks on published tables, each shown to work on the rules alone', () => {
  it('subtracts the shown parts from their total', async () => {
    const system = { cells: cells({ t: 40, a: 3, b: 20, c: 17 }), equations: [sumOf('t', 'a', 'b', 'c')] };
    expect(told(system, primaryOnly(system))).toEqual(['a']);
    const { cells: safe } = await holds(system);
    expect([safe.get('a')?.status, safe.get('t')?.status]).toEqual(['PRIMARY', 'SHOWN']);
  });

  it('adds up the small parts of a small total', async () => {
    const system = {
      cells: cells({ t: 4, a: 1, b: 1, c: 1, d: 1, all: 90, u: 86 }),
      equations: [sumOf('t', 'a', 'b', 'c', 'd'), sumOf('all', 't', 'u')],
    };
    expect(told(system, primaryOnly(system))).toContain('t');
    await holds(system);
  });

  it('reaches one total by two roads', async () => {
    const system = {
      cells: cells({ t: 60, a1: 2, a2: 30, a3: 28, b1: 3, b2: 57, c1: 31, c2: 29 }),
      equations: [sumOf('t', 'a1', 'a2', 'a3'), sumOf('t', 'b1', 'b2'), sumOf('t', 'c1', 'c2')],
    };
    expect(told(system, primaryOnly(system))).toEqual(['a1', 'b1']);
    await holds(system);
  });

  it('differences overlapping tables of sex, age and division', async () => {
    const values = { t: 50, f: 26, m: 24, y: 20, o: 30, fy: 12, fo: 14, my: 8, mo: 16 };
    const inside = { t: 9, f: 5, m: 4, y: 4, o: 5, fy: 3, fo: 2, my: 1, mo: 3 };
    const all: Record<string, number> = {};
    const equations: SumEquation[] = [];
    for (const [id, value] of Object.entries(values)) {
      const part = inside[id as keyof typeof inside];
      Object.assign(all, { [`P${id}`]: value, [`X${id}`]: part, [`Y${id}`]: value - part });
      equations.push(sumOf(`P${id}`, `X${id}`, `Y${id}`));
    }
    for (const place of 'PXY') {
      for (const [total, left, right] of [
        ['t', 'f', 'm'],
        ['t', 'y', 'o'],
        ['f', 'fy', 'fo'],
        ['m', 'my', 'mo'],
        ['y', 'fy', 'my'],
        ['o', 'fo', 'mo'],
      ] as const) {
        equations.push(sumOf(`${place}${total}`, `${place}${left}`, `${place}${right}`));
      }
    }
    const system = { cells: cells(all), equations };
    expect(told(system, primaryOnly(system)).length).toBeGreaterThan(4);
    await holds(system);
  });

  it('takes an unchanged number from another release', async () => {
    const first = { cells: cells({ t: 40, a: 3, b: 20, c: 17 }), equations: [sumOf('t', 'a', 'b', 'c')] };
    const before = await protect(first);
    const bIsHidden = before.cells.get('b')?.status === 'SECONDARY';
    const [hiddenThen, other] = bIsHidden ? ['b', 'c'] : ['c', 'b'];
    // The number hidden then is as it was; the other is not: alone, today's table would hide either.
    const now = bIsHidden ? { t: 60, a: 3, b: 20, c: 37 } : { t: 60, a: 3, b: 40, c: 17 };
    const equations = [sumOf('t', 'a', 'b', 'c')];
    const alone = { cells: cells(now), equations };
    const system = { ...alone, earlier: [release('1', first, before)] };
    const careless = new Map((await protect(alone)).cells);
    const swap = (id: string, status: 'SHOWN' | 'SECONDARY'): void => {
      const cell = careless.get(id);
      if (cell !== undefined) careless.set(id, { ...cell, status });
    };
    swap(hiddenThen, 'SHOWN');
    swap(other, 'SECONDARY');
    expect(told(alone, { cells: careless })).toEqual([]);
    expect(told(system, { cells: careless })).toContain(earlierId('1', 'a'));
    await holds(system);
  });

  it('subtracts yesterday from today', async () => {
    const equations = [sumOf('t', 'a', 'b', 'c'), sumOf('u', 'd', 'e', 'f'), sumOf('all', 't', 'u')];
    const first = { cells: cells({ all: 200, t: 100, a: 40, b: 30, c: 30, u: 100, d: 20, e: 40, f: 40 }), equations };
    const before = await holds(first);
    const changed = cells({ all: 207, t: 102, a: 41, b: 31, c: 30, u: 105, d: 21, e: 42, f: 42 });
    const system = { cells: changed, equations, earlier: [release('1', first, before)] };
    expect(told({ cells: changed, equations }, await protect({ cells: changed, equations }))).toEqual([]);
    expect((await protect({ cells: changed, equations })).cells.get('a')?.status).toBe('SHOWN');
    const { cells: safe } = await holds(system);
    expect(['a', 'b', 'd'].map((id) => safe.get(id)?.rules)).toEqual([['CHANGE'], ['CHANGE'], ['CHANGE']]);
    expect(['a', 'b', 'd'].filter((id) => safe.get(id)?.status === 'SHOWN')).toEqual([]);
    expect(safe.get('c')?.status).toBe('SHOWN');
  });

  it('subtracts what was shown two releases ago, where the last one hid it', async () => {
    const equations = [sumOf('t', 'a', 'b', 'c')];
    const values = [
      { t: 100, a: 40, b: 30, c: 30 },
      { t: 120, a: 42, b: 45, c: 33 },
      { t: 150, a: 43, b: 60, c: 47 },
    ];
    const earlier: EarlierRelease[] = [];
    const seen: string[] = [];
    for (const [place, value] of values.entries()) {
      const system = { cells: cells(value), equations, earlier: [...earlier] };
      const protection = await protect(system);
      seen.push(protection.cells.get('a')?.status ?? '');
      earlier.push(release(String(place), system, protection));
    }
    expect(seen[0]).toBe('SHOWN');
    expect(seen.slice(1)).not.toContain('SHOWN');
  });

  it('compares a merged county with its predecessors', async () => {
    const first = { cells: cells({ p: 100, x: 3, y: 47, z: 50 }), equations: [sumOf('p', 'x', 'y', 'z')] };
    const before = await holds(first);
    const merged = cells({ p: 100, z: 50, n: 50 }).map((cell) =>
      cell.id === 'n' ? { ...cell, replaces: ['x', 'y'] } : cell,
    );
    const equations = [sumOf('p', 'z', 'n'), sumOf('n', earlierId('1', 'x'), earlierId('1', 'y'))];
    const system = { cells: merged, equations, earlier: [release('1', first, before)] };
    const protection = await protect(system);
    expect(told(system, protection)).toEqual([]);
    expect(protection.unprotected).toEqual([]);
  });

  it('compares the parts of a split county with the whole', async () => {
    const first = { cells: cells({ p: 100, x: 50, y: 50 }), equations: [sumOf('p', 'x', 'y')] };
    const before = await holds(first);
    const system = {
      cells: cells({ p: 100, y: 50, n1: 3, n2: 27, n3: 20 }),
      equations: [sumOf('p', 'y', 'n1', 'n2', 'n3'), sumOf(earlierId('1', 'x'), 'n1', 'n2', 'n3')],
      earlier: [release('1', first, before)],
    };
    expect(told(system, primaryOnly(system))).toEqual(['n1']);
    await holds(system);
  });

  it('reads what another audience was told', async () => {
    const equations = [sumOf('t', 'a', 'b', 'c', 'd')];
    const values = { t: 60, a: 2, b: 4, c: 24, d: 30 };
    const general = { cells: cells(values), equations };
    const wider = { system: general, protection: await holds(general) };
    const alone = await protect({ cells: cells(values, 3), equations });
    const system = { cells: cells(values, 3), equations, wider };
    const leader = await holds(system);
    expect(alone.unprotected).toEqual([]);
    for (const [id, { status }] of wider.protection.cells) {
      if (status === 'SHOWN') expect(leader.cells.get(id)?.status).toBe('SHOWN');
    }
    // Without it, a leader's own table may hide what everyone else sees.
    const careless = new Map(leader.cells);
    for (const [id, cell] of careless) if (id !== 'a' && id !== 'c') careless.set(id, { ...cell, status: 'SHOWN' });
    const c = careless.get('c');
    if (c !== undefined) careless.set('c', { ...c, status: 'SECONDARY' });
    const shownToAll = wider.protection.cells.get('c')?.status === 'SHOWN';
    expect(told(system, { cells: careless }).includes('a')).toBe(shownToAll);
  });

  it('multiplies a ratio with its denominator', async () => {
    const system = { cells: cells({ t: 40, a: 3, b: 20, c: 17 }), equations: [sumOf('t', 'a', 'b', 'c')] };
    const { cells: safe } = await holds(system);
    const share = 3 / 40;
    expect(Math.round(share * 40)).toBe(3);
    expect(safe.get('a')?.status).not.toBe('SHOWN');
  });

  it('subtracts its own revenue from a sum', async () => {
    const sums: SystemCell[] = [
      { id: 't', kind: 'SUM', threshold: 3, value: 100_000_000, contributors: 40, largest: [9_000_000, 8_000_000] },
      { id: 'a', kind: 'SUM', threshold: 3, value: 9_500_000, contributors: 2, largest: [9_000_000, 500_000] },
      { id: 'b', kind: 'SUM', threshold: 3, value: 60_500_000, contributors: 20, largest: [8_000_000, 7_000_000] },
      { id: 'c', kind: 'SUM', threshold: 3, value: 30_000_000, contributors: 18, largest: [5_000_000, 5_000_000] },
    ];
    const system = { cells: sums, equations: [sumOf('t', 'a', 'b', 'c')] };
    expect(told(system, primaryOnly(system))).toEqual(['a']);
    const protection = await holds(system);
    const { lower, upper } = new Attacker(highs, system, protection).learn('a');
    expect(protection.cells.get('a')?.rules).toEqual(['THRESHOLD', 'DOMINANCE', 'P_PERCENT']);
    expect(lower).toBeLessThanOrEqual(9_500_000 - 900_000);
    expect(upper).toBeGreaterThanOrEqual(9_500_000 + 900_000);
  });
});

describe('what cannot be protected', () => {
  it('says that an earlier release has the value already', async () => {
    const first = { cells: cells({ a: 7 }), equations: [] };
    const earlier = [release('1', first, await protect(first))];
    const system = { cells: cells({ a: 7 }, 10), equations: [], earlier };
    expect((await protect(system)).unprotected).toEqual([{ id: 'a', reason: 'ALREADY_PUBLISHED' }]);
  });

  it('says that a number cannot be hidden between known ones', async () => {
    const first = { cells: cells({ t: 40, b: 20, c: 17 }), equations: [] };
    const earlier = [release('1', first, primaryOnly(first))];
    const system = { cells: cells({ t: 40, a: 3, b: 20, c: 17 }), equations: [sumOf('t', 'a', 'b', 'c')], earlier };
    const protection = await protect(system);
    expect(protection.unprotected).toEqual([{ id: 'a', reason: 'DETERMINED' }]);
    expect((await auditProtection(system, protection)).map(({ problem }) => problem)).toEqual(['EXACTLY_DETERMINED']);
  });
});
