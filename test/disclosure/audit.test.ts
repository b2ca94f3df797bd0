import { describe, expect, it } from 'vitest';
import { auditProtection } from '../../sharing/disclosure/audit.ts';
import { determined } from '../../sharing/disclosure/elimination.ts';
import { primaryOnly, protect } from '../../sharing/disclosure/protect.ts';
import type { CellStatus, Protection, TableSystem } from '../../sharing/disclosure/system.ts';
import { utilityOf } from '../../sharing/disclosure/utility.ts';
import { POPULATION_TABLES, residents, systemOf } from './tables.ts';

const values = { t: 60, a: 3, b: 20, c: 17, d: 20 };
const system: TableSystem = {
  cells: Object.entries(values).map(([id, value]) => ({ id, value, kind: 'COUNT', threshold: 5 })),
  equations: [{ total: 't', parts: ['a', 'b', 'c', 'd'] }],
};

function withStatus({ cells, ...rest }: Protection, id: string, status: CellStatus | undefined): Protection {
  const changed = new Map(cells);
  const cell = changed.get(id);
  if (cell !== undefined && status !== undefined) changed.set(id, { ...cell, status });
  else changed.delete(id);
  return { ...rest, cells: changed };
}

async function problems(protection: Protection, bounds: 'UNPROVEN' | 'EVERY' = 'EVERY'): Promise<string[]> {
  return (await auditProtection(system, protection, { bounds })).map(({ id, problem }) => `${id} ${problem}`);
}

describe('the audit', () => {
  it('finds nothing in a protected release', async () => {
    const protection = await protect(system);
    expect(await problems(protection)).toEqual([]);
    expect(await problems(protection, 'UNPROVEN')).toEqual([]);
  });

  it('finds what the rules alone leave open', async () => {
    expect(await problems(primaryOnly(system))).toEqual(['a EXACTLY_DETERMINED']);
  });

  it('finds a cell shown that fails a rule, one without status, and one that says PRIMARY falsely', async () => {
    const protection = await protect(system);
    const partner = ['b', 'c', 'd'].find((id) => protection.cells.get(id)?.status !== 'SHOWN') ?? '';
    expect(await problems(withStatus(protection, 'a', 'SHOWN'))).toContain('a RULE_NOT_APPLIED');
    expect(await problems(withStatus(protection, 'a', undefined))).toContain('a STATUS_MISSING');
    expect(await problems(withStatus(protection, partner, 'PRIMARY'))).toContain(`${partner} FALSE_STATUS`);
    expect(await problems(withStatus(protection, partner, 'SHOWN'))).toContain('a EXACTLY_DETERMINED');
  });

  it('trusts no witness that does not add up, moves what is shown, or leaves what the status says', async () => {
    const protection = await protect(system);
    const partner = ['b', 'c', 'd'].find((id) => protection.cells.get(id)?.status !== 'SHOWN') ?? '';
    for (const wrong of [
      { a: 1 },
      { a: 1, t: 1 },
      { a: 2, [partner]: -2 },
      { a: 0.5, [partner]: -0.5 },
      { nobody: 1 },
    ]) {
      const witnesses = [...protection.witnesses, new Map(Object.entries(wrong))];
      expect(await problems({ ...protection, witnesses })).toEqual([expect.stringContaining('FALSE_WITNESS')]);
    }
  });

  it('does not take a hidden cell for safe without a witness', async () => {
    const protection = await protect(system);
    expect(await problems({ ...protection, witnesses: [] })).toContain('a INTERVAL_TOO_NARROW');
    const half = protection.witnesses.filter((witness) => (witness.get('a') ?? 0) > 0);
    expect(await problems({ ...protection, witnesses: half })).toContain('a INTERVAL_TOO_NARROW');
  });

  it('finds what is hidden from leaders and shown to everyone', async () => {
    const wider = { system, protection: await protect(system) };
    const leaders = { ...system, cells: system.cells.map((cell) => ({ ...cell, threshold: 3 })), wider };
    const protection = await protect(leaders);
    const shown = ['b', 'c', 'd'].find((id) => wider.protection.cells.get(id)?.status === 'SHOWN') ?? '';
    const findings = await auditProtection(leaders, withStatus(protection, shown, 'SECONDARY'));
    expect(findings.map(({ id, problem }) => `${id} ${problem}`)).toContain(`${shown} SHOWN_TO_WIDER_BUT_HIDDEN`);
  });

  it('never tells a value', async () => {
    for (const { sentence } of await auditProtection(system, primaryOnly(system))) expect(sentence).not.toMatch(/\d/);
  });
});

describe('exact elimination', () => {
  const row = (entries: Record<number, number>) =>
    new Map(Object.entries(entries).map(([column, value]) => [Number(column), BigInt(value)]));

  it('finds what several equations determine together and none of them alone', () => {
    expect(determined([row({ 0: 1, 1: 1 }), row({ 1: 1, 2: 1 }), row({ 0: 1, 2: 1 })])).toEqual(new Set([0, 1, 2]));
    expect(determined([row({ 0: 1, 1: 1 }), row({ 1: 1, 2: 1 }), row({ 0: 1, 2: -1 })])).toEqual(new Set());
    expect(determined([row({ 0: 1, 1: 1, 2: 1 }), row({ 0: 1, 1: 1 })])).toEqual(new Set([2]));
  });

  it('is not misled by large coefficients', () => {
    const big = 9_007_199_254_740_993n;
    expect(
      determined([
        new Map([
          [0, big],
          [1, 1n],
        ]),
        new Map([
          [0, big + 1n],
          [1, 1n],
        ]),
      ]),
    ).toEqual(new Set([0, 1]));
  });
});

describe('a prefecture of 20,000 residents', () => {
  it('is protected the same each time, and shows most of what the rules leave', async () => {
    const prefecture = systemOf(residents(20_000), { tables: POPULATION_TABLES });
    const steps: number[] = [];
    const protection = await protect(prefecture, { onProgress: (done) => steps.push(done) });
    expect(protection.unprotected).toEqual([]);
    expect(await auditProtection(prefecture, protection)).toEqual([]);
    expect(steps.at(-1)).toBe(steps.length);
    const again = await protect(prefecture);
    expect([...again.cells.values()]).toEqual([...protection.cells.values()]);
    const utility = utilityOf(prefecture, protection, (id) => {
      const [place = '', table = ''] = id.split('/');
      return `${['', 'PREFECTURE', 'COUNTY'][place.length] ?? 'TOWNSHIP'} ${table}`;
    });
    for (const { cells, hidden, primary } of utility) expect(hidden - primary).toBeLessThan(cells / 5);
    const totals = utility.filter(({ group }) => group.endsWith(' '));
    expect(totals.map(({ cells, hidden }) => [cells, hidden])).toEqual([
      [10, 0],
      [1, 0],
      [104, 0],
    ]);
  });

  it('stops when asked to', async () => {
    const prefecture = systemOf(residents(20_000), { tables: POPULATION_TABLES });
    const controller = new AbortController();
    const protection = protect(prefecture, {
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    await expect(protection).rejects.toThrow('aborted');
  });
});
