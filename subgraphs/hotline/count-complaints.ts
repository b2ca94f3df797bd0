import type { Cell } from '../../lib/division-totals.ts';
import { HubError } from '../../lib/errors.ts';
import { requireWhole } from '../../lib/row-scope.ts';
import { shownCount, type Suppression } from '../../lib/suppress.ts';
import type { HotlineContext } from './loaders.ts';
import { type Topic, topicOf } from './topics.ts';

export type ComplaintDimension = 'TOPIC' | 'KIND' | 'STATE';

export interface ComplaintCount {
  readonly topic: Topic | null;
  readonly kind: string | null;
  readonly state: string | null;
  readonly count: number | null;
  readonly suppressed: Suppression | null;
}

const EXPRESSION = {
  TOPIC: { group: { $substrBytes: ['$topic', 0, 2] } },
  KIND: { kind: '$kind' },
  STATE: { state: '$state' },
} as const;

/**
 * Counts the complaints about a division by at most two dimensions; topics by their groups.
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
  if (by.length === 0 && cells.length === 0) return [shown({ key: {}, count: 0 })];
  return cells.map(shown);
}

function shown({ key, count }: Pick<Cell, 'key' | 'count'>): ComplaintCount {
  const { group, kind, state } = key as { group?: string; kind?: string; state?: string };
  return {
    topic: (group !== undefined && topicOf(group)) || null,
    kind: kind ?? null,
    state: state ?? null,
    ...shownCount(count),
  };
}
