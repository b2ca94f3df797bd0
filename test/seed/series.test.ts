import { describe, expect, it } from 'vitest';
import { reconciliationDefect } from '../../scripts/seed/dirt.ts';
import { makeIndicators } from '../../scripts/seed/indicators.ts';
import { lastPeriods } from '../../scripts/seed/observations.ts';
import { plans } from '../../scripts/seed/plans.ts';
import type { ObservationRecord } from '../../subgraphs/statistics/models.ts';

const asOf = '2025-10-31';

function observations(): ObservationRecord[] {
  const plan = plans({ seed: 'test', persons: 2_000, asOf }).find(({ name }) => name === 'observations');
  return Array.from(
    { length: plan?.units ?? 0 },
    (_, unit) => plan?.make(unit).observations ?? [],
  ).flat() as ObservationRecord[];
}

const inForce = (all: readonly ObservationRecord[]) => {
  const latest = new Map<string, ObservationRecord>();
  for (const one of all) {
    const key = `${one.indicator}|${one.division}|${one.period}`;
    if ((latest.get(key)?.vintage ?? 0) < one.vintage) latest.set(key, one);
  }
  return [...latest.values()];
};

describe('generated statistics', () => {
  it('add up over the counties wherever a total is a sum, but for the one defect put there on purpose', () => {
    const sums = new Set(
      makeIndicators(50)
        .filter(({ aggregation }) => aggregation === 'SUM')
        .map(({ _id }) => _id),
    );
    const totals = new Map<string, number>();
    const parts = new Map<string, number>();
    for (const { indicator, division, period, value } of inForce(observations())) {
      if (!sums.has(indicator)) continue;
      const key = `${indicator} ${period}`;
      if (division === '532300') totals.set(key, value);
      else parts.set(key, (parts.get(key) ?? 0) + value);
    }
    const wrong = [...totals]
      .filter(([key, total]) => Math.abs(total - (parts.get(key) ?? 0)) > 0.005)
      .map(([key]) => key);
    expect(wrong).toEqual([`${reconciliationDefect.indicator} ${reconciliationDefect.period}`]);
    expect(totals.get('GK001 2010')).toBe(1515);
    expect(parts.get('GK001 2010')).toBe(1510);
  });

  it('break the series of 禄丰 where the code changed', () => {
    const codes = observations().filter(({ division }) => division === '532331' || division === '532302');
    expect(codes.filter(({ division }) => division === '532331').every(({ period }) => period < '2021')).toBe(true);
    expect(codes.filter(({ division }) => division === '532302').every(({ period }) => period >= '2021')).toBe(true);
    expect(new Set(codes.map(({ division }) => division)).size).toBe(2);
  });

  it('revise annual values once and publish nothing after the day of the data', () => {
    const all = observations();
    expect(all.every(({ publishedOn }) => publishedOn <= asOf)).toBe(true);
    const one = all.filter(({ indicator, division }) => indicator === 'PO001' && division === '532301');
    expect(one.filter(({ period }) => period === '2024').map(({ vintage, status }) => [vintage, status])).toEqual([
      [1, 'PRELIMINARY'],
      [2, 'FINAL'],
    ]);
  });

  it('name periods by their frequency', () => {
    expect(lastPeriods('YEAR', 2, asOf).map(({ label }) => label)).toEqual(['2023', '2024']);
    expect(lastPeriods('QUARTER', 2, asOf).map(({ label }) => label)).toEqual(['2025-Q2', '2025-Q3']);
    expect(lastPeriods('MONTH', 2, asOf).map(({ label }) => label)).toEqual(['2025-08', '2025-09']);
    expect(lastPeriods('MONTH', 1, '2025-01-20').map(({ label }) => label)).toEqual(['2024-11']);
  });

  it('can make five thousand indicators, each with a code of its own', () => {
    const indicators = makeIndicators(5_000);
    expect(indicators).toHaveLength(5_000);
    expect(new Set(indicators.map(({ _id }) => _id)).size).toBe(5_000);
    expect(new Set(indicators.map(({ name }) => name)).size).toBe(5_000);
  });
});
