import type { GraphQLResolveInfo } from 'graphql';
import { legacyResidentNumber, parseResidentNumber } from '../../lib/codes/resident-number.ts';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { page, type Page, type PageArguments } from '../../lib/connection.ts';
import { HubError } from '../../lib/errors.ts';
import { withinDivision } from '../../lib/within-division.ts';
import { refOf } from './identity.ts';
import { HOUSEHOLD_NEEDS, PERSON_NEEDS, type PopulationContext } from './loaders.ts';
import type { PersonRecord } from './models.ts';
import { SEX_CODE } from './sex.ts';

interface PersonFilter {
  readonly division: string;
  readonly name?: string | null;
  readonly sex?: string | null;
  readonly bornFrom?: string | null;
  readonly bornTo?: string | null;
}

/** The root fields of population. A look-up that finds nothing is null, whether there is no such row or it is not for this caller. */
export const queries = {
  person: (_: unknown, { id }: { id: string }, context: PopulationContext, info: GraphQLResolveInfo) => {
    const ref = refOf(id, context);
    return ref === undefined ? null : context.loaders.person(projectionOf(askedFields(info), PERSON_NEEDS)).load(ref);
  },

  personByResidentNumber: (
    _: unknown,
    args: { residentNumber: string },
    context: PopulationContext,
    info: GraphQLResolveInfo,
  ) => findByResidentNumber(args.residentNumber, context, projectionOf(askedFields(info), PERSON_NEEDS)),

  persons: (
    _: unknown,
    args: { filter: PersonFilter } & PageArguments,
    context: PopulationContext,
    info: GraphQLResolveInfo,
  ): Promise<Page<PersonRecord>> => {
    const asked = askedFields(info, ['edges', 'node']);
    return page(context.loaders.models.persons, {
      filter: mongoFilter(args.filter),
      projection: projectionOf(asked, PERSON_NEEDS),
      orderBy: 'name',
      arguments: args,
      cursors: context.cursors,
    });
  },

  household: (_: unknown, { number }: { number: string }, { loaders }: PopulationContext, info: GraphQLResolveInfo) => {
    const key = Number(number);
    return Number.isSafeInteger(key)
      ? loaders.household(projectionOf(askedFields(info), HOUSEHOLD_NEEDS)).load(key)
      : null;
  },

  verifyPerson: async (_: unknown, args: { residentNumber: string; name: string }, context: PopulationContext) => {
    const person = await findByResidentNumber(args.residentNumber, context, { _id: 1, name: 1, updatedAt: 1 });
    const match = person?.name === args.name.trim();
    return { match, asOf: match ? person.updatedAt : null };
  },
};

/** A person may stand twice, once under the 15 digits of the old form: the record with the full number is the current one. */
async function findByResidentNumber(
  residentNumber: string,
  { loaders }: PopulationContext,
  projection: Record<string, 1>,
): Promise<PersonRecord | null> {
  const verdict = parseResidentNumber(residentNumber);
  if (verdict.kind === 'INVALID') throw new HubError('BAD_USER_INPUT', `residentNumber: ${verdict.message}`);
  const { number } = verdict.value;
  const rows: PersonRecord[] = await loaders.models.persons
    .find({ residentNumber: { $in: [number, legacyResidentNumber(number)] } })
    .select({ ...projection, residentNumber: 1 })
    .lean();
  return rows.find((row) => row.residentNumber === number) ?? rows[0] ?? null;
}

function mongoFilter(filter: PersonFilter): Record<string, unknown> {
  const born = {
    ...(filter.bornFrom && { $gte: filter.bornFrom }),
    ...(filter.bornTo && { $lte: filter.bornTo }),
  };
  return {
    ...withinDivision(filter.division, { county: 'county', division: 'division' }),
    ...(filter.name && { name: filter.name }),
    ...(filter.sex && { sex: SEX_CODE[filter.sex] }),
    ...(Object.keys(born).length > 0 && { birthDate: born }),
  };
}
