import type { Highs } from 'highs';
import { beforeAll, expect, it } from 'vitest';
import { auditProtection } from '../../sharing/disclosure/audit.ts';
import { protect } from '../../sharing/disclosure/protect.ts';
import type { Protection, SystemCell, TableSystem } from '../../sharing/disclosure/system.ts';
import { Attacker, loadHighs } from './attacker.ts';

/*
 * The singleton problem (Hundepool et al. 2012, §4.3): two firms, each the only one of its cell, hide one another from everybody but
 * themselves.
 */
let highs: Highs;
beforeAll(async () => {
  highs = await loadHighs();
});

const sum = (id: string, value: number, ...largest: number[]): SystemCell => {
  return { id, value, kind: 'SUM', threshold: 3, contributors: Math.max(largest.length, id === 'c' ? 40 : 1), largest };
};
const system: TableSystem = {
  cells: [
    { ...sum('t', 10_300, 500, 400), contributors: 82 },
    sum('a', 200, 200),
    sum('b', 100, 100),
    sum('c', 5_000, 500, 400),
    { ...sum('d', 5_000, 400, 300), contributors: 40 },
  ],
  equations: [{ total: 't', parts: ['a', 'b', 'c', 'd'] }],
};

/** What the only contributor of one cell learns of another. */
function learnsOf(protection: Protection, own: string, other: string): number {
  const known = protection.cells.get(own);
  const cells = new Map(protection.cells);
  if (known !== undefined) cells.set(own, { ...known, status: 'SHOWN' });
  const { lower, upper } = new Attacker(highs, system, { cells }).learn(other);
  return upper - lower;
}

it('the only firm of a cell does not compute the only firm of another', async () => {
  const protection = await protect(system);
  expect(protection.unprotected).toEqual([]);
  expect(await auditProtection(system, protection)).toEqual([]);
  expect(['a', 'b'].map((id) => protection.cells.get(id)?.status)).toEqual(['PRIMARY', 'PRIMARY']);
  expect(learnsOf(protection, 'a', 'b')).toBeGreaterThanOrEqual(20);
  expect(learnsOf(protection, 'b', 'a')).toBeGreaterThanOrEqual(40);
});

it('the audit finds two that hide only one another', async () => {
  const { cells, ...rest } = await protect(system);
  const open = new Map(cells);
  for (const [id, cell] of cells) if (id !== 'a' && id !== 'b') open.set(id, { ...cell, status: 'SHOWN' });
  const protection = {
    ...rest,
    cells: open,
    witnesses: [67, -67].map(
      (by) =>
        new Map([
          ['a', by],
          ['b', -by],
        ]),
    ),
  };
  expect(learnsOf(protection, 'a', 'b')).toBe(0);
  expect((await auditProtection(system, protection)).map(({ id, problem }) => [id, problem])).toEqual([
    ['a', 'TOLD_TO_A_CONTRIBUTOR'],
    ['b', 'TOLD_TO_A_CONTRIBUTOR'],
  ]);
});
