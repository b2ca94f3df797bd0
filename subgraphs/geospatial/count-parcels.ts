import { HubError } from '../../lib/errors.ts';
import { periodHolds } from '../../lib/period.ts';
import { requireWhole } from '../../lib/row-scope.ts';
import { shownCount, type Suppression } from '../../lib/suppress.ts';
import { today } from '../../lib/today.ts';
import type { Cell } from '../../lib/division-totals.ts';
import { classOfLandUse } from './land-use.ts';
import type { GeospatialContext } from './loaders.ts';

export type ParcelDimension = 'LAND_USE' | 'OWNER_KIND';

export interface ParcelCount {
  readonly landUse: string | null;
  readonly ownerKind: string | null;
  readonly count: number | null;
  readonly areaSquareMetres: number | null;
  readonly suppressed: Suppression | null;
}

const EXPRESSION = {
  LAND_USE: { landUse: { $substrBytes: ['$landUse', 0, 2] } },
  OWNER_KIND: { ownerKind: '$ownerKind' },
} as const;

/**
 * Counts the parcels of a division and adds up their area; where the number is withheld the area is too.
 * @throws HubError BAD_USER_INPUT for a dimension named twice, PARTIAL_SCOPE where the caller may not read the whole division.
 */
export async function countParcels(
  code: string,
  by: readonly ParcelDimension[],
  { loaders, signed }: GeospatialContext,
): Promise<readonly ParcelCount[]> {
  if (new Set(by).size < by.length)
    throw new HubError('BAD_USER_INPUT', 'by: a dimension is named twice. Combine different ones, two at most.');
  requireWhole(signed.divisions, code);
  const expressions = Object.assign({}, ...by.map((dimension) => EXPRESSION[dimension])) as Record<string, unknown>;
  const cells = await loaders.totals({ match: {}, by: expressions, sum: 'areaSquareMetres' }).load(code);
  if (by.length === 0 && cells.length === 0) return [{ landUse: null, ownerKind: null, ...shown() }];
  return cells.map((cell) => ({
    landUse: typeof cell.key['landUse'] === 'string' ? classOfLandUse(cell.key['landUse']) : null,
    ownerKind: typeof cell.key['ownerKind'] === 'string' ? cell.key['ownerKind'] : null,
    ...shown(cell),
  }));
}

/** Area of all registered parcels. The register holds the present only: a total of another period is not invented from it. */
export async function parcelArea(
  { code, period }: { code: string; period: string },
  { loaders, signed }: GeospatialContext,
): Promise<number | null> {
  if (!periodHolds(period, today())) return null;
  requireWhole(signed.divisions, code);
  const [total] = await loaders.totals({ match: {}, by: {}, sum: 'areaSquareMetres' }).load(code);
  return shown(total).areaSquareMetres;
}

/** Areas are stored to the square centimetre at most; the digits beyond are those of binary addition. */
function shown({ count, sum }: Pick<Cell, 'count' | 'sum'> = { count: 0, sum: 0 }) {
  const number = shownCount(count);
  return { ...number, areaSquareMetres: number.count === null ? null : Math.round(sum * 10_000) / 10_000 };
}
