import { HubError } from '../../lib/errors.ts';
import { periodHolds } from '../../lib/period.ts';
import { requireWhole } from '../../lib/row-scope.ts';
import { shownCount, type Suppression } from '../../lib/suppress.ts';
import { today } from '../../lib/today.ts';
import { industrySections } from '../../lib/codes/industry.ts';
import type { LegalPersonsContext } from './loaders.ts';

export type LegalPersonDimension = 'INDUSTRY' | 'STATUS';

export interface LegalPersonCount {
  readonly industry: string | null;
  readonly status: string | null;
  readonly count: number | null;
  readonly suppressed: Suppression | null;
}

const EXPRESSION = { INDUSTRY: { industry: '$industry' }, STATUS: { status: '$status' } } as const;

/**
 * Counts the registered legal persons of a division.
 * @throws HubError BAD_USER_INPUT for a dimension named twice, PARTIAL_SCOPE where the caller may not read the whole division.
 */
export async function countLegalPersons(
  code: string,
  by: readonly LegalPersonDimension[],
  { loaders, signed }: LegalPersonsContext,
): Promise<readonly LegalPersonCount[]> {
  if (new Set(by).size < by.length)
    throw new HubError('BAD_USER_INPUT', 'by: a dimension is named twice. Combine different ones, two at most.');
  requireWhole(signed.divisions, code);
  const expressions = Object.assign({}, ...by.map((dimension) => EXPRESSION[dimension])) as Record<string, unknown>;
  const cells = await loaders.totals({ match: {}, by: expressions }).load(code);
  if (by.length === 0 && cells.length === 0) return [{ industry: null, status: null, ...shownCount(0) }];
  return cells.map(({ key, count }) => ({
    industry: sectionOf(key['industry']),
    status: typeof key['status'] === 'string' ? key['status'] : null,
    ...shownCount(count),
  }));
}

/** Enterprises in operation. The register holds the present only: a total of another period is not invented from it. */
export async function countEnterprises(
  { code, period }: { code: string; period: string },
  { loaders, signed }: LegalPersonsContext,
): Promise<number | null> {
  if (!periodHolds(period, today())) return null;
  requireWhole(signed.divisions, code);
  const [total] = await loaders.totals({ match: { kind: 'ENTERPRISE', status: 'ACTIVE' }, by: {} }).load(code);
  return shownCount(total?.count ?? 0).count;
}

/** A stored letter that is no section of the standard must not fail the whole table as an invalid enum value would. */
function sectionOf(stored: unknown): string | null {
  return typeof stored === 'string' && industrySections.has(stored) ? stored : null;
}
