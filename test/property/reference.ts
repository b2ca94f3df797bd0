import type { Case } from './case.ts';
import { type Judged, Judge } from './reference-judge.ts';
import { rowsIn } from './reference-rows.ts';
import { Teller } from './reference-tell.ts';

export interface Expected {
  readonly data: Record<string, unknown> | null;
  readonly judged: Judged;
  /** Whether a row that is missing, or a mask that cannot read a value, left null where the schema promises a value. */
  readonly brokePromise: boolean;
  /** Rows that exist and are not this caller's. */
  readonly hidden: number;
}

/**
 * What the hub must answer, worked out from the words of the policy (design.md, SECURITY.md) over the full data, one
 * field after the other. It knows neither subgraphs' schemas nor plans, fetches or contexts, and shares no code with what
 * decides in the hub; only the mask of a single value is the hub's own, which has its table of cases.
 *
 * 1. Judge: which selected fields may this caller have, whatever the data are? A refusal must not depend on them.
 * 2. The items that are used say which rows exist for the call.
 * 3. Tell: walk the data as if only these fields and rows were there.
 */
export function reference(given: Case): Expected {
  const judged = new Judge(given).operation();
  const rows = rowsIn(given, judged);
  const teller = new Teller(given, judged, rows);
  return { data: teller.operation(), judged, brokePromise: teller.brokePromise, hidden: teller.hidden };
}
