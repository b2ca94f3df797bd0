import { HubError } from '../../lib/errors.ts';
import { requireWhole } from '../../lib/row-scope.ts';
import { shownCount, type Suppression } from '../../lib/suppress.ts';
import type { HotlineContext } from './loaders.ts';

export type ComplaintDimension = 'STATE';

export interface ComplaintCount {
  readonly state: string | null;
  readonly count: number | null;
  readonly suppressed: Suppression | null;
}

const EXPRESSION = { STATE: { state: '$state' } } as const;

/**
 * Counts the rows of a division by at most two dimensions.
 * @throws HubError BAD_USER_INPUT for more than two dimensions or one named twice, PARTIAL_SCOPE where the caller may not
 * read the whole division.
 */
export async function countComplaints(
  code: string,
  by: readonly ComplaintDimension[],
  { loaders, signed }: HotlineContext,
): Promise<readonly ComplaintCount[]> {
  if (by.length > 2 || new Set(by).size < by.length)
    throw new HubError(
      'BAD_USER_INPUT',
      'by: combine at most two different dimensions; finer tables would single persons out.',
    );
  requireWhole(signed.divisions, code);
  const expressions = Object.assign({}, ...by.map((dimension) => EXPRESSION[dimension])) as Record<string, unknown>;
  const cells = await loaders.totals({ match: {}, by: expressions }).load(code);
  if (by.length === 0 && cells.length === 0) return [{ state: null, ...shownCount(0) }];
  return cells.map(({ key, count }) => ({
    state: typeof key['state'] === 'string' ? key['state'] : null,
    ...shownCount(count),
  }));
}
