import { type RowLoader, rowLoader } from '../../lib/batch.ts';
import { type ReleasedTables, releasedTables } from '../../lib/cubes/released-tables.ts';
import { rowScope } from '../../lib/row-scope.ts';
import type { SignedContext } from '../../lib/signed-context.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import type { ComplaintRecord, HotlineModels } from './models.ts';
import { OWNER } from './owner.ts';

/** Stored fields by which complaints lie in divisions. */
export const PLACE = { county: 'county', division: 'division' } as const;

export interface HotlineLoaders {
  readonly models: HotlineModels;
  /** Filter for the rows that exist for this caller. */
  readonly scope: Record<string, unknown>;
  readonly complaint: RowLoader<ComplaintRecord>;
  readonly complaintByNumber: RowLoader<ComplaintRecord>;
  /** Released tables, of the caller's audience. */
  readonly tables: ReleasedTables;
}

export type HotlineContext = SubgraphContext<HotlineLoaders>;

export function loaders(models: HotlineModels, signed: SignedContext): HotlineLoaders {
  const scope = rowScope(signed.divisions, PLACE);
  return {
    models,
    scope,
    complaint: rowLoader(models.complaints, '_id', scope),
    complaintByNumber: rowLoader(models.complaints, 'number', scope),
    tables: releasedTables(models.complaints.db, signed, OWNER),
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
