import { describe, expect, it } from 'vitest';
import { changedByFew, changeProtection } from '../../sharing/disclosure/change.ts';
import { dominanceProtection, dominates } from '../../sharing/disclosure/dominance.ts';
import { nodesOf } from '../../sharing/disclosure/nodes.ts';
import { pPercentProtection, tooClose } from '../../sharing/disclosure/p-percent.ts';
import { readSystem } from '../../sharing/disclosure/primary.ts';
import { mayShowRatio, rankShown } from '../../sharing/disclosure/ratio.ts';
import { smallestByZeros } from '../../sharing/disclosure/smallest.ts';
import type { SystemCell } from '../../sharing/disclosure/system.ts';
import { belowThreshold } from '../../sharing/disclosure/threshold.ts';

const count = (value: number, threshold = 5, id = 'a'): SystemCell => ({ id, value, kind: 'COUNT', threshold });
const sum = (value: number, contributors: number, largest: number[]): SystemCell => {
  return { id: 's', value, kind: 'SUM', threshold: 3, contributors, largest };
};

describe('the rules', () => {
  it.each([
    [0, 5, false],
    [1, 5, true],
    [4, 5, true],
    [5, 5, false],
    [2, 3, true],
    [3, 3, false],
    [9, 10, true],
  ])('threshold: a count of %i is too small for %i: %s', (value, threshold, small) => {
    expect(belowThreshold(count(value, threshold))).toBe(small);
  });

  it('threshold: a sum is judged by who contributes, not by its size', () => {
    expect(belowThreshold(sum(1_000_000, 2, [900_000, 100_000]))).toBe(true);
    expect(belowThreshold(sum(2, 3, [1, 1]))).toBe(false);
    expect(belowThreshold(sum(0, 0, []))).toBe(false);
    expect(belowThreshold(sum(0, 1, [0]))).toBe(true);
  });

  it.each([
    [100, [75, 10], false, 1],
    [100, [76, 10], true, 2],
    [100, [90, 5], true, 20],
  ])('dominance: of %i the largest %j: %s, protected by %i', (value, largest, fails, reach) => {
    expect(dominates(sum(value, 9, largest))).toBe(fails);
    if (fails) expect(dominanceProtection(sum(value, 9, largest))).toBe(reach);
  });

  it('dominance: keeps fen of a province apart', () => {
    const total = 9_007_199_254_740_988;
    const threeQuarters = 6_755_399_441_055_741;
    expect(dominates(sum(total, 9, [threeQuarters]))).toBe(false);
    expect(dominates(sum(total, 9, [threeQuarters + 1]))).toBe(true);
  });

  it.each([
    [110, [80, 22], false, 1],
    [110, [80, 23], true, 1],
    [100, [70, 30], true, 7],
    [50, [50], true, 5],
  ])('p %%: of %i the largest %j are too close: %s, protected by %i', (value, largest, fails, reach) => {
    expect(tooClose(sum(value, 5, largest))).toBe(fails);
    if (fails) expect(pPercentProtection(sum(value, 5, largest))).toBe(reach);
  });

  it.each([
    [100, 100, false],
    [100, 101, true],
    [104, 100, true],
    [105, 100, false],
    [0, 3, false],
    [100, undefined, false],
  ])('change: %i after %s shows who came or went: %s', (value, before, fails) => {
    expect(changedByFew(count(value), { before })).toBe(fails);
    expect(changedByFew({ ...count(value), changesOpenly: true }, { before })).toBe(false);
  });

  it.each([
    [1, true, 25],
    [2, true, 25],
    [3, false, 0],
    [0, true, 25],
    [undefined, true, 25],
  ])('change: a sum of which %s contribute more or fewer shows what they do: %s', (turnover, fails, reach) => {
    const now = sum(1_250, 20, [300, 200]);
    expect(changedByFew(now, { before: 1_000, turnover })).toBe(fails);
    expect(changedByFew(now, { before: 1_250, turnover })).toBe(false);
    if (fails) expect(changeProtection(1_250, 1_000)).toBe(reach);
  });
});

describe('the reading of a system', () => {
  const parts = (...values: number[]) => {
    const cells = values.map((value, index) => count(value, 5, `p${String(index)}`));
    const total = count(
      values.reduce((so, value) => so + value, 0),
      5,
      't',
    );
    return { cells: [total, ...cells], equations: [{ total: 't', parts: cells.map(({ id }) => id) }] };
  };

  it('says of a total no less than its parts that are not zero', () => {
    expect(smallestByZeros(nodesOf(parts(1, 0, 2, 9)))).toEqual([3, 1, 0, 1, 1]);
  });

  it('says the same of a total and its only part', () => {
    const { demands } = readSystem({
      cells: [count(7, 5, 't'), count(7, 10, 'p'), count(0, 10, 'q')],
      equations: [{ total: 't', parts: ['p', 'q'] }],
    });
    expect(demands.map(({ threshold, rules }) => [threshold, rules])).toEqual([
      [10, ['THRESHOLD']],
      [10, ['THRESHOLD']],
      [10, []],
    ]);
  });

  it('does not mark a small total PRIMARY where that would tell its parts', () => {
    const { demands } = readSystem(parts(1, 1, 1, 1));
    expect(demands.map(({ status }) => status)).toEqual(['SECONDARY', 'PRIMARY', 'PRIMARY', 'PRIMARY', 'PRIMARY']);
    expect(demands[0]?.required).toEqual({ lower: 4, upper: 4 });
  });

  it.each([
    [
      'does not add up',
      { cells: [count(9, 5, 't'), count(8, 5, 'p')], equations: [{ total: 't', parts: ['p'] }] },
      /do not add up/,
    ],
    [
      'names a cell it does not have',
      { cells: [count(9, 5, 't')], equations: [{ total: 't', parts: ['p'] }] },
      /names the cell p/,
    ],
    ['gives a cell twice', { cells: [count(9), count(9)], equations: [] }, /a is given twice/],
    ['has half a person', { cells: [count(0.5)], equations: [] }, /not a whole number/],
    ['has no threshold', { cells: [count(9, 1)], equations: [] }, /threshold of cell a/],
    ['uses the mark of earlier releases', { cells: [count(9, 5, 'a@1')], equations: [] }, /contains "@"/],
  ])('refuses a system that %s', (_, system, sentence) => {
    expect(() => readSystem(system)).toThrow(sentence);
  });
});

describe('numbers computed from cells', () => {
  it('shows a ratio only where all its inputs are shown', () => {
    expect(mayShowRatio(['SHOWN', 'SHOWN'])).toBe(true);
    expect(mayShowRatio(['SHOWN', 'SECONDARY'])).toBe(false);
    expect(mayShowRatio(['PRIMARY', 'SHOWN'])).toBe(false);
    expect(mayShowRatio([])).toBe(false);
  });

  it('ranks shown cells only', () => {
    const cells = [
      { status: 'SHOWN', value: 6 },
      { status: 'SECONDARY', value: 7 },
      { status: 'SHOWN', value: 8 },
    ] as const;
    expect(rankShown(cells).map(({ value }) => value)).toEqual([8, 6]);
  });
});
