import DataLoader from 'dataloader';
import { type RowLoader, rowLoader } from '../../lib/batch.ts';
import { type ReleasedTables, releasedTables } from '../../lib/cubes/released-tables.ts';
import { both, rowScope } from '../../lib/row-scope.ts';
import type { SignedContext } from '../../lib/signed-context.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import { type TopRowsLoader, topRowsLoader } from '../../lib/top-rows.ts';
import type { HouseholdRecord, PersonRecord, PopulationModels, ResidenceRecord } from './models.ts';
import { OWNER } from './owner.ts';

/** Stored fields by which persons, and households, lie in divisions. */
export const REGISTRATION = { county: 'county', division: 'division' } as const;

export interface PopulationLoaders {
  readonly models: PopulationModels;
  /** Filter for the rows that exist for this caller. */
  readonly scope: Record<string, unknown>;
  readonly person: RowLoader<PersonRecord>;
  readonly household: RowLoader<HouseholdRecord, number>;
  /** References of the members by household. */
  readonly members: DataLoader<number, readonly string[]>;
  readonly residences: TopRowsLoader<ResidenceRecord>;
  /** Released tables, of the caller's audience. */
  readonly tables: ReleasedTables;
}

export type PopulationContext = SubgraphContext<PopulationLoaders>;

export function loaders(models: PopulationModels, signed: SignedContext): PopulationLoaders {
  const scope = rowScope(signed.divisions, REGISTRATION);
  return {
    models,
    scope,
    person: rowLoader(models.persons, '_id', scope),
    household: rowLoader(models.households, '_id', scope),
    members: membersLoader(models, scope),
    residences: topRowsLoader(models.residences, 'personRef'),
    tables: releasedTables(models.persons.db, signed, OWNER),
  };
}

function membersLoader(
  { persons }: PopulationModels,
  scope: Record<string, unknown>,
): DataLoader<number, readonly string[]> {
  return new DataLoader(async (numbers) => {
    const households = await persons.aggregate<{ _id: number; refs: readonly string[] }>([
      { $match: both({ householdNumber: { $in: [...numbers] } }, scope) },
      { $group: { _id: '$householdNumber', refs: { $push: '$_id' } } },
    ]);
    const found = new Map(households.map(({ _id, refs }) => [_id, refs]));
    return numbers.map((number) => found.get(number) ?? []);
  });
}

/** Stored fields behind the fields of Person. */
export const PERSON_NEEDS = {
  ref: ['_id'],
  id: ['_id'],
  inScope: [],
  household: ['householdNumber'],
  residences: [],
} as const;

export const HOUSEHOLD_NEEDS = { number: ['_id'], head: ['headRef'], members: [], size: [] } as const;
