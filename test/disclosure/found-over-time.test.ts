import type { Highs } from 'highs';
import { beforeAll, describe, expect, it } from 'vitest';
import { auditProtection } from '../../sharing/disclosure/audit.ts';
import { readSystem } from '../../sharing/disclosure/primary.ts';
import { primaryOnly, protect } from '../../sharing/disclosure/protect.ts';
import type {
  EarlierCell,
  EarlierRelease,
  Protection,
  SumEquation,
  SystemCell,
  TableSystem,
} from '../../sharing/disclosure/system.ts';
import { Attacker, loadHighs } from './attacker.ts';

/* What one release tells about another, beyond the difference of two shown counts. */
let highs: Highs;
beforeAll(async () => {
  highs = await loadHighs();
});

const sumOf = (total: string, ...parts: string[]): SumEquation => ({ total, parts });
const shown = (
  cells: readonly (SystemCell & Partial<EarlierCell>)[],
  equations: readonly SumEquation[],
): EarlierRelease => ({
  name: '1',
  cells: cells.map(({ id, value, kind, threshold, contributors, status = 'SHOWN' }) => {
    return { id, value, kind, threshold, status, ...(contributors !== undefined && { contributors }) };
  }),
  equations,
});

describe('the head count of a county that changed openly', () => {
  /** All that grew by two are `t`; who they are is hidden. */
  const open = (before: Record<string, number>, now: Record<string, number>, threshold: number): TableSystem => {
    const cellsOf = (values: Record<string, number>): SystemCell[] =>
      Object.entries(values).map(([id, value]) => {
        return { id, value, kind: 'COUNT', threshold, ...(id === 't' && { changesOpenly: true }) };
      });
    const equations = [sumOf('t', 'women', 'men')];
    return { cells: cellsOf(now), equations, earlier: [shown(cellsOf(before), equations)] };
  };

  /** The women and men there may be, by the rules as they are published: what changed by few, what would be shown as before. */
  function possible({ cells }: Protection, total: number, before: Record<string, number>, threshold: number): number[] {
    const fits = (id: string, value: number): boolean => {
      const change = Math.abs(value - (before[id] ?? 0));
      if (value < 1 || change === 0) return false;
      return cells.get(id)?.status !== 'PRIMARY' || value < threshold || change < threshold;
    };
    return Array.from({ length: total }, (_, women) => women).filter((women) => {
      return fits('women', women) && fits('men', total - women);
    });
  }

  it.each([
    [3, { t: 102, women: 51, men: 51 }],
    [3, { t: 98, women: 49, men: 49 }],
    [5, { t: 102, women: 51, men: 51 }],
    [5, { t: 101, women: 53, men: 48 }],
  ])('does not say whether women or men came, threshold %i: %j', async (threshold, now) => {
    const before = { t: 100, women: 50, men: 50 };
    const system = open(before, now, threshold);
    const protection = await protect(system);
    expect(protection.unprotected).toEqual([]);
    expect(await auditProtection(system, protection)).toEqual([]);
    expect(protection.cells.get('t')?.status).toBe('SHOWN');
    const found = possible(protection, now.t, before, threshold);
    expect(found).toContain(now.women);
    expect(found.length).toBeGreaterThan(threshold - 2);
    // A table in which a hidden number is what it was before is none: it would have been shown.
    for (const witness of protection.witnesses)
      for (const [id, by] of witness)
        if (!id.includes('@')) expect(before[id as keyof typeof before]).not.toBe(now[id as keyof typeof now] + by);
    const asBefore = new Map(['women', 'men'].map((id) => [id, before[id as 'men'] - now[id as 'men']]));
    const wrong = { ...protection, witnesses: [...protection.witnesses, asBefore] };
    expect((await auditProtection(system, wrong)).map(({ problem }) => problem)).toEqual(['FALSE_WITNESS']);
  });

  it('is known to pass the rules where it is hidden for the sake of others', () => {
    const system = open({ t: 100, women: 50, men: 50 }, { t: 102, women: 51, men: 51 }, 5);
    const { cells } = primaryOnly(system);
    const attacker = new Attacker(highs, system, { cells: hide(cells, 't') });
    expect(attacker.clues.get('t')).toMatchObject({ lower: 5, known: false });
    const hidden = {
      ...system,
      cells: system.cells.map((cell) => (cell.id === 't' ? { ...cell, hidden: true } : cell)),
    };
    expect(readSystem(hidden).demands[0]).toMatchObject({ status: 'SECONDARY', rules: [] });
  });

  it('is not shown where one part alone changed, as that would be it', async () => {
    const system = open({ t: 100, women: 50, men: 50 }, { t: 101, women: 51, men: 50 }, 5);
    expect((await auditProtection(system, primaryOnly(system))).map(({ id }) => id)).toEqual(['women']);
    const protection = await protect(system);
    expect(await auditProtection(system, protection)).toEqual([]);
    expect([...protection.cells.values()].map(({ status }) => status)).toEqual(['SECONDARY', 'SECONDARY', 'SHOWN']);
  });
});

function hide(cells: Protection['cells'], id: string): Protection['cells'] {
  const cell = cells.get(id);
  return cell === undefined ? cells : new Map([...cells, [id, { ...cell, status: 'SECONDARY' }]]);
}

describe('sums of two releases', () => {
  const area = (id: string, value: number, contributors: number): SystemCell => {
    return { id, value, kind: 'SUM', threshold: 5, contributors, largest: [60, 55, 50] };
  };
  const equations = [sumOf('t', 'a', 'b', 'c')];
  const first = [area('t', 2_500, 90), area('a', 900, 30), area('b', 900, 30), area('c', 700, 30)];

  it('do not say what the only newcomer of each has', async () => {
    const now = [area('t', 2_620, 92), area('a', 970, 31), area('b', 950, 31), area('c', 700, 30)];
    const system: TableSystem = { cells: now, equations, earlier: [shown(first, equations)] };
    const protection = await protect(system);
    expect(protection.unprotected).toEqual([]);
    expect(await auditProtection(system, protection)).toEqual([]);
    expect(['t', 'a', 'b', 'c'].map((id) => protection.cells.get(id)?.status === 'SHOWN')).toEqual([
      ...[false, false, false, true],
    ]);
    const attacker = new Attacker(highs, system, protection);
    for (const [id, value, newcomer] of [
      ['a', 970, 70],
      ['b', 950, 50],
    ] as const) {
      const { lower, upper } = attacker.learn(id);
      expect(lower).toBeLessThanOrEqual(value - newcomer / 10);
      expect(upper).toBeGreaterThanOrEqual(value + newcomer / 10);
    }
  });

  it('are compared where many came, and where nothing changed', async () => {
    const now = [area('t', 2_620, 96), area('a', 1_020, 36), area('b', 900, 30), area('c', 700, 30)];
    const { cells } = await protect({ cells: now, equations, earlier: [shown(first, equations)] });
    expect([...cells.values()].map(({ status }) => status)).toEqual(now.map(() => 'SHOWN'));
  });
});

describe('what an earlier release has hidden', () => {
  const count = (id: string, value: number, threshold = 5): SystemCell => ({ id, value, kind: 'COUNT', threshold });

  it('because it changed by few is hidden for itself, with whatever word', () => {
    const second = { ...shown([{ ...count('a', 102), status: 'SECONDARY' }], []), name: '2' };
    const { demands, nodes } = readSystem({
      cells: [],
      equations: [],
      earlier: [shown([count('a', 100)], []), second],
    });
    expect(demands[nodes.indexOf.get('a@2') ?? -1]?.confidential).toBe(true);
  });

  it('by the threshold of a sensitive cell that is the same number is read so', () => {
    const seven = [
      { ...count('all', 7), status: 'PRIMARY' as const },
      { ...count('ill', 7, 10), status: 'PRIMARY' as const },
      count('well', 0, 10),
    ];
    const { demands } = readSystem({
      cells: [],
      equations: [],
      earlier: [shown(seven, [sumOf('all', 'ill', 'well')])],
    });
    expect(demands.slice(0, 2).map(({ required }) => required)).toEqual([
      { lower: 1, upper: 9 },
      { lower: 1, upper: 9 },
    ]);
  });
});
