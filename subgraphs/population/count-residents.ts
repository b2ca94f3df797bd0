import type { Cell } from '../../lib/division-totals.ts';
import { HubError } from '../../lib/errors.ts';
import { periodHolds } from '../../lib/period.ts';
import { requireWhole } from '../../lib/row-scope.ts';
import { shownCount, type Suppression } from '../../lib/suppress.ts';
import { today } from '../../lib/today.ts';
import type { PopulationContext } from './loaders.ts';
import { SEX } from './sex.ts';

export type PopulationDimension = 'SEX' | 'AGE_BAND' | 'ETHNIC_GROUP';

export interface PopulationCount {
  readonly sex?: string | undefined;
  readonly ageBand?: string | undefined;
  readonly ethnicGroup?: string | undefined;
  readonly count: number | null;
  readonly suppressed: Suppression | null;
}

const EXPRESSION = {
  SEX: { sex: '$sex' },
  ETHNIC_GROUP: { ethnicGroup: '$ethnicGroup' },
  AGE_BAND: { born: { $substrBytes: ['$birthDate', 0, 4] } },
} as const;

const COUNTED = { status: 'REGISTERED' } as const;

/**
 * Counts the registered residents of a division by at most two dimensions. Ages are whole years reached by the end of this
 * year.
 * @throws HubError BAD_USER_INPUT for more than two dimensions or one named twice, PARTIAL_SCOPE where the caller may not
 * read the whole division.
 */
export async function countResidents(
  code: string,
  by: readonly PopulationDimension[],
  { loaders, signed }: PopulationContext,
): Promise<readonly PopulationCount[]> {
  if (by.length > 2 || new Set(by).size < by.length)
    throw new HubError(
      'BAD_USER_INPUT',
      'by: combine at most two different dimensions; finer tables would single persons out.',
    );
  requireWhole(signed.divisions, code);
  const expressions = Object.assign({}, ...by.map((dimension) => EXPRESSION[dimension])) as Record<string, unknown>;
  const cells = await loaders.totals({ match: COUNTED, by: expressions }).load(code);
  return fold(cells, by, Number(today().slice(0, 4)));
}

/** All registered residents. The register holds the present only: a total of another period is not invented from it. */
export async function residentsAt(
  { code, period }: { code: string; period: string },
  { loaders, signed }: PopulationContext,
): Promise<number | null> {
  if (!periodHolds(period, today())) return null;
  requireWhole(signed.divisions, code);
  const [total] = await loaders.totals({ match: COUNTED, by: {} }).load(code);
  return shownCount(total?.count ?? 0).count;
}

/** Birth years become age bands; cells that fall together are added before anything is withheld. */
function fold(cells: readonly Cell[], by: readonly PopulationDimension[], year: number): readonly PopulationCount[] {
  const totals = new Map<string, { key: Omit<PopulationCount, 'count' | 'suppressed'>; n: number }>();
  for (const { key: stored, count } of cells) {
    const { sex, ethnicGroup, born } = stored as { sex?: string; ethnicGroup?: string | null; born?: string };
    const key = {
      ...(by.includes('SEX') && { sex: SEX[sex ?? '0'] ?? 'UNKNOWN' }),
      ...(by.includes('AGE_BAND') && { ageBand: ageBand(year - Number(born)) }),
      ...(by.includes('ETHNIC_GROUP') && { ethnicGroup: ethnicGroup ?? 'unknown' }),
    };
    const name = JSON.stringify(key);
    totals.set(name, { key, n: (totals.get(name)?.n ?? 0) + count });
  }
  if (by.length === 0 && totals.size === 0) return [{ ...shownCount(0) }];
  return [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { key, n }]) => ({ ...key, ...shownCount(n) }));
}

function ageBand(age: number): string {
  if (age >= 90) return '90+';
  const from = Math.max(0, Math.floor(age / 10) * 10);
  return `${from}-${from + 9}`;
}
