import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { publicId } from './identity.ts';
import { HOUSEHOLD_NEEDS, PERSON_NEEDS, type PopulationContext } from './loaders.ts';
import type { HouseholdRecord, PersonRecord, ResidenceRecord } from './models.ts';
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
  residences: async (row: PersonRecord, _: unknown, { loaders }: PopulationContext) => {
    const stays = await loaders.residences({ _id: 1, division: 1, address: 1, from: 1, to: 1 } as never).load(row._id);
    return [...stays].sort((a: ResidenceRecord, b: ResidenceRecord) => (a.from < b.from ? -1 : 1));
  },
};

export const household = {
  __resolveReference: (stub: { number: string }, { loaders }: PopulationContext, info: GraphQLResolveInfo) =>
    loaders.household(projectionOf(askedFields(info), HOUSEHOLD_NEEDS)).load(Number(stub.number)),
  number: (row: HouseholdRecord) => String(row._id),
  head: (row: HouseholdRecord, _: unknown, { loaders }: PopulationContext, info: GraphQLResolveInfo) =>
    loaders.person(projectionOf(askedFields(info), PERSON_NEEDS)).load(row.headRef),
  members: (row: HouseholdRecord, _: unknown, { loaders }: PopulationContext, info: GraphQLResolveInfo) =>
    loaders.members(projectionOf(askedFields(info), PERSON_NEEDS)).load(row._id),
  size: async (row: HouseholdRecord, _: unknown, { loaders }: PopulationContext) =>
    (await loaders.members({ _id: 1 }).load(row._id)).length,
};
