import { expect, it } from 'vitest';
import { auditProtection } from '../../sharing/disclosure/audit.ts';
import { protect } from '../../sharing/disclosure/protect.ts';
import type { EarlierRelease } from '../../sharing/disclosure/system.ts';
import { POPULATION_TABLES, residents, systemOf } from './tables.ts';

it('shows the same again of tables that did not change, however often they were released', async () => {
  const tables = systemOf(residents(5_000, { townships: 40 }), { tables: POPULATION_TABLES });
  const earlier: EarlierRelease[] = [];
  const shown: boolean[][] = [];
  for (const times of [3, 1]) {
    const system = { ...tables, earlier: [...earlier] };
    const protection = await protect(system);
    expect(protection.unprotected).toEqual([]);
    expect(await auditProtection(system, protection)).toEqual([]);
    shown.push([...protection.cells.values()].map(({ status }) => status === 'SHOWN'));
    const cells = tables.cells.map(({ id, value, kind, threshold }) => {
      return { id, value, kind, threshold, status: protection.cells.get(id)?.status ?? 'SHOWN' } as const;
    });
    for (let time = 0; time < times; time++) {
      earlier.push({ name: `${String(shown.length)}.${String(time)}`, cells, equations: tables.equations });
    }
  }
  expect(shown[1]).toEqual(shown[0]);
});
