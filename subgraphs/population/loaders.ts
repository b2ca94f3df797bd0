import DataLoader from 'dataloader';
import { type RowLoader, rowLoader } from '../../lib/batch.ts';
import { type TotalsLoader, totalsLoader } from '../../lib/division-totals.ts';
import { both, rowScope } from '../../lib/row-scope.ts';
import type { SignedContext } from '../../lib/signed-context.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import { type TopRowsLoader, topRowsLoader } from '../../lib/top-rows.ts';
import type { HouseholdRecord, PersonRecord, PopulationModels, ResidenceRecord } from './models.ts';

/** Stored fields by which persons, and households, lie in divisions. */
export const REGISTRATION = { county: 'county', division: 'division' } as const;

export interface PopulationLoaders {
  readonly models: PopulationModels;
  /** Filter for the rows that exist for this caller. */
  readonly scope: Record<string, unknown>;
  readonly person: RowLoader<PersonRecord>;
  readonly household: RowLoader<HouseholdRecord, number>;
  readonly members: TopRowsLoader<PersonRecord, number>;
  /** Number of members by household. */
  readonly sizes: DataLoader<number, number>;
  readonly residences: TopRowsLoader<ResidenceRecord>;
  readonly totals: TotalsLoader;
}

export type PopulationContext = SubgraphContext<PopulationLoaders>;

export function loaders(models: PopulationModels, signed: SignedContext): PopulationLoaders {
  const scope = rowScope(signed.divisions, REGISTRATION);
  return {
    models,
    scope,
    person: rowLoader(models.persons, '_id', scope),
    household: rowLoader(models.households, '_id', scope),
    members: topRowsLoader(models.persons, 'householdNumber'),
    sizes: sizesLoader(models, scope),
    residences: topRowsLoader(models.residences, 'personRef'),
    totals: totalsLoader(models.persons, REGISTRATION),
  };
}

function sizesLoader({ persons }: PopulationModels, scope: Record<string, unknown>): DataLoader<number, number> {
  return new DataLoader(async (numbers) => {
    const sizes = await persons.aggregate<{ _id: number; size: number }>([
      { $match: both({ householdNumber: { $in: [...numbers] } }, scope) },
      { $group: { _id: '$householdNumber', size: { $sum: 1 } } },
    ]);
    const found = new Map(sizes.map(({ _id, size }) => [_id, size]));
    return numbers.map((number) => found.get(number) ?? 0);
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
