import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { pageSize } from '../../lib/connection.ts';
import { publicId } from './identity.ts';
import { HOUSEHOLD_NEEDS, PERSON_NEEDS, type PopulationContext } from './loaders.ts';
import type { HouseholdRecord, PersonRecord } from './models.ts';
import { SEX } from './sex.ts';

export const person = {
  __resolveReference: (stub: { ref: string }, { loaders }: PopulationContext, info: GraphQLResolveInfo) =>
    loaders.person(projectionOf(askedFields(info), PERSON_NEEDS)).load(stub.ref),
  ref: (row: PersonRecord) => row._id,
  inScope: () => true,
  id: (row: PersonRecord, _: unknown, context: PopulationContext) => publicId(row._id, context),
  sex: (row: PersonRecord) => SEX[row.sex] ?? 'UNKNOWN',
  household: (row: PersonRecord, _: unknown, { loaders }: PopulationContext, info: GraphQLResolveInfo) =>
    loaders.household(projectionOf(askedFields(info), HOUSEHOLD_NEEDS)).load(row.householdNumber),
  residences: (row: PersonRecord, { first }: First, { loaders }: PopulationContext, info: GraphQLResolveInfo) =>
    loaders
      .residences({ sort: { from: 1, _id: 1 }, first: pageSize(first), projection: projectionOf(askedFields(info)) })
      .load(row._id),
};

interface First {
  readonly first?: number | null;
}

export const household = {
  __resolveReference: (stub: { number: string }, { loaders }: PopulationContext, info: GraphQLResolveInfo) =>
    loaders.household(projectionOf(askedFields(info), HOUSEHOLD_NEEDS)).load(Number(stub.number)),
  number: (row: HouseholdRecord) => String(row._id),
  head: (row: HouseholdRecord, _: unknown, { loaders }: PopulationContext, info: GraphQLResolveInfo) =>
    loaders.person(projectionOf(askedFields(info), PERSON_NEEDS)).load(row.headRef),
  members: (row: HouseholdRecord, { first }: First, { loaders }: PopulationContext, info: GraphQLResolveInfo) =>
    loaders
      .members({
        filter: loaders.scope,
        sort: { _id: 1 },
        first: pageSize(first),
        projection: projectionOf(askedFields(info), PERSON_NEEDS),
      })
      .load(row._id),
  size: (row: HouseholdRecord, _: unknown, { loaders }: PopulationContext) => loaders.sizes.load(row._id),
};
