import { type RowLoader, rowLoader } from '../../lib/batch.ts';
import { type TotalsLoader, totalsLoader } from '../../lib/division-totals.ts';
import { rowScope } from '../../lib/row-scope.ts';
import type { SignedContext } from '../../lib/signed-context.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import type { ComplaintRecord, HotlineModels } from './models.ts';

/** Stored fields by which complaints lie in divisions. */
export const PLACE = { county: 'county', division: 'division' } as const;

export interface HotlineLoaders {
  readonly models: HotlineModels;
  /** Filter for the rows that exist for this caller. */
  readonly scope: Record<string, unknown>;
  readonly complaint: RowLoader<ComplaintRecord>;
  readonly complaintByNumber: RowLoader<ComplaintRecord>;
  readonly totals: TotalsLoader;
}

export type HotlineContext = SubgraphContext<HotlineLoaders>;

export function loaders(models: HotlineModels, signed: SignedContext): HotlineLoaders {
  const scope = rowScope(signed.divisions, PLACE);
  return {
    models,
    scope,
    complaint: rowLoader(models.complaints, '_id', scope),
    complaintByNumber: rowLoader(models.complaints, 'number', scope),
    totals: totalsLoader(models.complaints, PLACE),
  };
}

/** Stored fields behind the fields of Complaint; one not named is stored under its own name. */
export const COMPLAINT_NEEDS = {
  ref: ['_id'],
  id: ['_id'],
  inScope: [],
  callerName: ['callerName', 'confidential'],
  callerPhone: ['callerPhone', 'confidential'],
  unit: ['unitUscc'],
  overdue: ['state', 'dueOn', 'closedAt'],
} as const;
