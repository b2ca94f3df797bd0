import { HubError } from '../../lib/errors.ts';
import { shownCount, type Suppression } from '../../lib/suppress.ts';
import { withinDivision } from '../../lib/within-division.ts';
import type { PopulationModels } from './models.ts';
import { SEX } from './sex.ts';

export type PopulationDimension = 'SEX' | 'AGE_BAND' | 'ETHNIC_GROUP';

export interface PopulationCount {
  readonly sex?: string | undefined;
  readonly ageBand?: string | undefined;
  readonly ethnicGroup?: string | undefined;
  readonly count: number | null;
  readonly suppressed: Suppression | null;
}

interface Cell {
  readonly _id: { readonly sex?: string; readonly ethnicGroup?: string; readonly born?: string };
  readonly n: number;
}

const EXPRESSION = {
  SEX: { sex: '$sex' },
  ETHNIC_GROUP: { ethnicGroup: '$ethnicGroup' },
  AGE_BAND: { born: { $substrBytes: ['$birthDate', 0, 4] } },
} as const;

/**
 * Counts the registered residents of a division by at most two dimensions.
 * @param year ages are whole years reached by the end of this year.
 * @throws HubError BAD_USER_INPUT for more than two dimensions or one named twice.
 */
export async function countResidents(
  models: PopulationModels,
  division: string,
  options: { readonly by: readonly PopulationDimension[]; readonly year: number },
): Promise<readonly PopulationCount[]> {
  const { by, year } = options;
  if (by.length > 2 || new Set(by).size < by.length)
    throw new HubError(
      'BAD_USER_INPUT',
      'by: combine at most two different dimensions; finer tables would single persons out.',
    );
  const within = withinDivision(division, { county: 'county', division: 'division' });
  const cells = await models.persons.aggregate<Cell>([
    { $match: { ...within, status: 'REGISTERED' } },
    { $group: { _id: Object.assign({}, ...by.map((dimension) => EXPRESSION[dimension])) as object, n: { $sum: 1 } } },
  ]);
  return fold(cells, by, year);
}

/** Birth years become age bands; cells that fall together are added before anything is withheld. */
function fold(cells: readonly Cell[], by: readonly PopulationDimension[], year: number): readonly PopulationCount[] {
  const totals = new Map<string, { key: Omit<PopulationCount, 'count' | 'suppressed'>; n: number }>();
  for (const { _id, n } of cells) {
    const key = {
      ...(by.includes('SEX') && { sex: SEX[_id.sex ?? '0'] ?? 'UNKNOWN' }),
      ...(by.includes('AGE_BAND') && { ageBand: ageBand(year - Number(_id.born)) }),
      ...(by.includes('ETHNIC_GROUP') && { ethnicGroup: _id.ethnicGroup ?? 'unknown' }),
    };
    const name = JSON.stringify(key);
    totals.set(name, { key, n: (totals.get(name)?.n ?? 0) + n });
  }
  if (by.length === 0 && totals.size === 0) return [{ ...shownCount(0) }];
  return [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { key, n }]) => ({ ...key, ...shownCount(n) }));
}

function ageBand(age: number): string {
  if (age >= 90) return '90+';
  const from = Math.max(0, Math.floor(age / 10) * 10);
  return `${from}-${from + 9}`;
}
