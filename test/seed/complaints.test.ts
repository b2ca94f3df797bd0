import { beforeAll, describe, expect, it } from 'vitest';
import { plans } from '../../scripts/seed/plans.ts';
import { loadCounties } from '../../scripts/seed/places.ts';
import type { ComplaintRecord } from '../../subgraphs/hotline/models.ts';
import { dueOn } from '../../subgraphs/hotline/terms.ts';
import { topicOf } from '../../subgraphs/hotline/topics.ts';

const asOf = '2025-10-31';

function make(persons: number, seed = 'test'): ComplaintRecord[] {
  const plan = plans({ seed, persons, asOf }).find(({ store }) => store === 'hotline');
  if (!plan) throw new Error('nothing fills the hotline');
  return Array.from(
    { length: plan.units },
    (_, unit) => plan.make(unit)['complaints'] ?? [],
  ).flat() as ComplaintRecord[];
}

describe('generated complaints', () => {
  let made: readonly ComplaintRecord[];
  beforeAll(() => {
    made = make(20_000);
  });

  it('are in proportion to the persons, alike for the same seed and other for another', () => {
    expect(made.length).toBeGreaterThan(2_000);
    expect(made.length).toBeLessThan(2_060);
    expect(make(300)).toEqual(make(300));
    expect(make(300, 'other')).not.toEqual(make(300));
  });

  it('lie in real divisions, each number and reference once', () => {
    const villages = new Set(loadCounties().flatMap((county) => county.villages.map(({ code }) => code)));
    for (const { division, county } of made)
      expect(division === county || (villages.has(division) && division.startsWith(county))).toBe(true);
    expect(new Set(made.map(({ number }) => number)).size).toBe(made.length);
    expect(new Set(made.map(({ _id }) => _id)).size).toBe(made.length);
    for (const { number, _id } of made)
      expect([number, _id]).toEqual([expect.stringMatching(/^\d{18}$/), expect.stringMatching(/^[0-9a-f]{32}$/)]);
  });

  it('have the terms of their kinds, and are closed after they came in and before the day of the data', () => {
    for (const row of made) {
      if (row.state !== 'WITHDRAWN') expect(row.dueOn).toBe(dueOn(row.kind, row.receivedAt));
      expect(row.receivedAt < new Date(`${asOf}T00:00:00+08:00`)).toBe(true);
      expect(row.state === 'CLOSED').toBe(row.closedAt !== undefined);
      if (!row.closedAt) continue;
      expect(row.closedAt > row.receivedAt).toBe(true);
      expect(row.closedAt.toISOString() < `${asOf}T00:00:00Z`).toBe(true);
    }
  });

  it('name a body of the register by its name and code, or by its name alone', () => {
    const plan = plans({ seed: 'test', persons: 20_000, asOf }).find(({ name }) => name === 'legal persons');
    const names = new Map(
      Array.from(
        { length: plan?.units ?? 0 },
        (_, unit) => plan?.make(unit)['legalPersons']?.[0] as { _id: string; name: string },
      ).map(({ _id, name }) => [_id, name]),
    );
    const known = made.filter(({ unitUscc }) => unitUscc !== undefined);
    expect(known.length).toBeGreaterThan(100);
    for (const { unitUscc = '', unitName } of known) expect(names.get(unitUscc)).toBe(unitName);
  });

  it('have the dirt of real registers: topics of an older list, calls taken down twice, places not asked for', () => {
    const share = (is: (row: ComplaintRecord) => boolean) => made.filter(is).length / made.length;
    expect(share(({ topic }) => topicOf(topic) === undefined)).toBeCloseTo(0.01, 2);
    expect(share(({ text }) => text.includes('　 '))).toBeCloseTo(0.01, 2);
    expect(share(({ division }) => division.length === 6)).toBeCloseTo(0.08, 1);
    expect(share(({ confidential, kind }) => confidential && kind === 'REPORT')).toBeGreaterThan(0.015);
  });
});
