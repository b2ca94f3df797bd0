import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { pageSize } from '../../lib/connection.ts';
import { keyedOrder } from '../../lib/keyed-order.ts';
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
  members: async (row: HouseholdRecord, { first }: First, context: PopulationContext, info: GraphQLResolveInfo) => {
    const { loaders, cursors } = context;
    const most = pageSize(first);
    const marked = keyedOrder(cursors, 'members').mark(await loaders.members.load(row._id));
    const shown = marked.sort((one, other) => (one.mark < other.mark ? -1 : 1)).slice(0, most);
    const persons = loaders.person(projectionOf(askedFields(info), PERSON_NEEDS));
    const members = await Promise.all(shown.map(({ id }) => persons.load(id)));
    return members.filter((member) => member !== null);
  },
  size: async (row: HouseholdRecord, _: unknown, { loaders }: PopulationContext) =>
    (await loaders.members.load(row._id)).length,
};
