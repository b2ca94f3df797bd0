import { type RowLoader, rowLoader, type RowsLoader, rowsLoader } from '../../lib/batch.ts';
import { type ReleasedTables, releasedTables } from '../../lib/cubes/released-tables.ts';
import { rowScope } from '../../lib/row-scope.ts';
import type { SignedContext } from '../../lib/signed-context.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import { type TopRowsLoader, topRowsLoader } from '../../lib/top-rows.ts';
import type { DivisionRecord, GeospatialModels, ParcelRecord } from './models.ts';
import { OWNER } from './owner.ts';

/** Stored fields by which parcels lie in divisions. */
export const PLACE = { county: 'county', division: 'division' } as const;

export interface GeospatialLoaders {
  readonly models: GeospatialModels;
  /** Filter for the parcels that exist for this caller; divisions are for everybody. */
  readonly scope: Record<string, unknown>;
  /** All records of a code, the oldest first. */
  readonly divisions: RowsLoader<DivisionRecord>;
  readonly children: TopRowsLoader<DivisionRecord>;
  readonly parcel: RowLoader<ParcelRecord>;
  readonly owned: TopRowsLoader<ParcelRecord>;
  /** Released tables, of the caller's audience. */
  readonly tables: ReleasedTables;
}

export type GeospatialContext = SubgraphContext<GeospatialLoaders>;

export function loaders(models: GeospatialModels, signed: SignedContext): GeospatialLoaders {
  const scope = rowScope(signed.divisions, PLACE);
  return {
    models,
    scope,
    divisions: rowsLoader(models.divisions, 'code'),
    children: topRowsLoader(models.divisions, 'parent'),
    parcel: rowLoader<ParcelRecord>(models.parcels, '_id', scope),
    owned: topRowsLoader<ParcelRecord>(models.parcels, 'ownerRef'),
    tables: releasedTables(models.parcels.db, signed, OWNER),
  };
}

const DATED = ['code', 'validFrom', 'validTo'] as const;

/** Stored fields behind the fields of Division; whatever is asked, the dates decide which record of a code answers. */
export const DIVISION_NEEDS = {
  code: DATED,
  validFrom: DATED,
  validTo: DATED,
  children: DATED,
  at: DATED,
  parcels: DATED,
} as const;

/** Stored fields behind the fields of Parcel. */
export const PARCEL_NEEDS = {
  code: ['_id'],
  landUseName: ['landUse'],
  landUseClass: ['landUse'],
  owner: ['ownerKind', 'ownerRef'],
  geometry: ['geometry', 'datum'],
} as const;
