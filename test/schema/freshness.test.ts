import { describe, expect, it } from 'vitest';
import { dueAt, isOverdue } from '../../schema/freshness.ts';
import type { UpdateCycle } from '../../schema/policy-table.ts';

describe('a resource is due', () => {
  it.each<[UpdateCycle, string, string | undefined]>([
    ['REAL_TIME', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00.000Z'],
    // 18:30 in China: due before the end of the next day there.
    ['DAILY', '2026-03-01T10:30:00Z', '2026-03-02T16:00:00.000Z'],
    // Already the second of March in China.
    ['DAILY', '2026-03-01T16:00:00Z', '2026-03-03T16:00:00.000Z'],
    ['WEEKLY', '2026-12-28T01:00:00Z', '2027-01-04T16:00:00.000Z'],
    ['MONTHLY', '2026-01-31T01:00:00Z', '2026-02-28T16:00:00.000Z'],
    ['MONTHLY', '2028-01-31T01:00:00Z', '2028-02-29T16:00:00.000Z'],
    ['MONTHLY', '2026-12-15T01:00:00Z', '2027-01-15T16:00:00.000Z'],
    ['QUARTERLY', '2026-11-30T01:00:00Z', '2027-02-28T16:00:00.000Z'],
    ['YEARLY', '2028-02-29T01:00:00Z', '2029-02-28T16:00:00.000Z'],
    ['AS_NEEDED', '1999-01-01T00:00:00Z', undefined],
  ])('%s after %s: %s', (cycle, updated, due) => {
    const at = new Date(updated);
    expect(dueAt(at, cycle)?.toISOString()).toBe(due);
    if (due === undefined) expect(isOverdue(at, cycle, Date.parse('2100-01-01'))).toBe(false);
    else {
      expect(isOverdue(at, cycle, Date.parse(due) - 1)).toBe(false);
      expect(isOverdue(at, cycle, Date.parse(due))).toBe(true);
    }
  });
});
