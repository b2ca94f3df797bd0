import { type RowLoader, rowLoader, type RowsLoader, rowsLoader } from '../../lib/batch.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import type { HouseholdRecord, PersonRecord, PopulationModels, ResidenceRecord } from './models.ts';

export interface PopulationLoaders {
  readonly models: PopulationModels;
  readonly person: RowLoader<PersonRecord>;
  readonly members: RowsLoader<PersonRecord, number>;
  readonly household: RowLoader<HouseholdRecord, number>;
  readonly residences: RowsLoader<ResidenceRecord>;
}

export type PopulationContext = SubgraphContext<PopulationLoaders>;

export function loaders(models: PopulationModels): PopulationLoaders {
  return {
    models,
    person: rowLoader(models.persons, '_id'),
    members: rowsLoader(models.persons, 'householdNumber'),
    household: rowLoader(models.households, '_id'),
    residences: rowsLoader(models.residences, 'personRef'),
  };
}

/** Stored fields behind the fields of Person. */
export const PERSON_NEEDS = {
  ref: ['_id'],
  id: ['_id'],
  inScope: [],
  household: ['householdNumber'],
  residences: ['_id'],
  fingerprintCode: ['fingerprintCode'],
} as const;

export const HOUSEHOLD_NEEDS = { number: ['_id'], head: ['headRef'], members: ['_id'], size: ['_id'] } as const;
