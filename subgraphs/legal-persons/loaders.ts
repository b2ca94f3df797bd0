import { type RowLoader, rowLoader } from '../../lib/batch.ts';
import { type ReleasedTables, releasedTables } from '../../lib/cubes/released-tables.ts';
import { rowScope } from '../../lib/row-scope.ts';
import type { SignedContext } from '../../lib/signed-context.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import { type TopRowsLoader, topRowsLoader } from '../../lib/top-rows.ts';
import type {
  EmploymentRecord,
  LegalPersonRecord,
  LegalPersonsModels,
  LicenceRecord,
  PenaltyRecord,
  ProfessionalRecord,
} from './models.ts';
import { OWNER } from './owner.ts';

/** Stored fields by which legal persons, and professionals, lie in divisions. */
export const OFFICE = { county: 'county', division: 'division' } as const;
const REGISTRATION = { county: 'county' } as const;

export interface LegalPersonsLoaders {
  readonly models: LegalPersonsModels;
  /** Filters for the rows that exist for this caller. */
  readonly scope: { readonly legalPersons: Record<string, unknown>; readonly professionals: Record<string, unknown> };
  readonly legalPerson: RowLoader<LegalPersonRecord>;
  readonly legalPersonByOrgCode: RowLoader<LegalPersonRecord>;
  readonly professional: RowLoader<ProfessionalRecord>;
  readonly represented: TopRowsLoader<LegalPersonRecord>;
  readonly registrations: TopRowsLoader<ProfessionalRecord>;
  readonly licences: TopRowsLoader<LicenceRecord>;
  readonly penalties: TopRowsLoader<PenaltyRecord>;
  readonly employmentsAt: TopRowsLoader<EmploymentRecord>;
  readonly employmentsOf: TopRowsLoader<EmploymentRecord>;
  /** Released tables, of the caller's audience. */
  readonly tables: ReleasedTables;
}

export type LegalPersonsContext = SubgraphContext<LegalPersonsLoaders>;

export function loaders(models: LegalPersonsModels, signed: SignedContext): LegalPersonsLoaders {
  const scope = {
    legalPersons: rowScope(signed.divisions, OFFICE),
    professionals: rowScope(signed.divisions, REGISTRATION),
  };
  return {
    models,
    scope,
    legalPerson: rowLoader(models.legalPersons, '_id', scope.legalPersons),
    legalPersonByOrgCode: rowLoader(models.legalPersons, 'orgCode', scope.legalPersons),
    professional: rowLoader(models.professionals, '_id', scope.professionals),
    represented: topRowsLoader(models.legalPersons, 'representativeRef'),
    registrations: topRowsLoader(models.professionals, 'personRef'),
    licences: topRowsLoader(models.licences, 'uscc'),
    penalties: topRowsLoader(models.penalties, 'uscc'),
    employmentsAt: topRowsLoader(models.employments, 'uscc'),
    employmentsOf: topRowsLoader(models.employments, 'professional'),
    tables: releasedTables(models.legalPersons.db, signed, OWNER),
  };
}

/** Stored fields behind the fields of LegalPerson. */
export const LEGAL_PERSON_NEEDS = {
  uscc: ['_id'],
  inScope: [],
  representative: ['representativeRef'],
  licences: [],
  penalties: [],
  employments: [],
} as const;

/** Stored fields behind the fields of Professional. */
export const PROFESSIONAL_NEEDS = {
  number: ['_id'],
  person: ['personRef'],
  division: ['county'],
  employments: [],
} as const;

/** Stored fields behind the fields of Employment. */
export const EMPLOYMENT_NEEDS = { employer: ['uscc'] } as const;
