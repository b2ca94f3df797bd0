import type { GraphQLResolveInfo } from 'graphql';
import { legacyResidentNumber, parseResidentNumber } from '../../lib/codes/resident-number.ts';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import type { Page, PageArguments } from '../../lib/connection.ts';
import { HubError } from '../../lib/errors.ts';
import { exactText } from '../../lib/exact-text.ts';
import { both } from '../../lib/row-scope.ts';
import { shuffledPage } from '../../lib/shuffled-page.ts';
import { today } from '../../lib/today.ts';
import { withinDivision } from '../../lib/within-division.ts';
import { refOf } from './identity.ts';
import { HOUSEHOLD_NEEDS, PERSON_NEEDS, type PopulationContext, REGISTRATION } from './loaders.ts';
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
    return shuffledPage(context.loaders.models.persons, {
      list: 'persons',
      filter: mongoFilter(args.filter),
      within: context.loaders.scope,
      projection: projectionOf(asked, PERSON_NEEDS),
      arguments: args,
      cursors: context.cursors,
    });
  },

  household: (_: unknown, { number }: { number: string }, { loaders }: PopulationContext, info: GraphQLResolveInfo) => {
    if (!/^\d{1,15}$/.test(number))
      throw new HubError('BAD_USER_INPUT', 'number: not a household number. Give its digits, 15 at most.');
    return loaders.household(projectionOf(askedFields(info), HOUSEHOLD_NEEDS)).load(Number(number));
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
  const verdict = parseResidentNumber(residentNumber.trim(), today());
  if (verdict.kind === 'INVALID') throw new HubError('BAD_USER_INPUT', `residentNumber: ${verdict.message}`);
  const { number } = verdict.value;
  const rows: PersonRecord[] = await loaders.models.persons
    .find(both({ residentNumber: { $in: [number, legacyResidentNumber(number)] } }, loaders.scope))
    .select({ ...projection, residentNumber: 1 })
    .lean();
  return rows.find((row) => row.residentNumber === number) ?? rows[0] ?? null;
}

function mongoFilter({ division, sex, bornFrom, bornTo, ...filter }: PersonFilter): Record<string, unknown> {
  const name = exactText(filter.name, 'filter.name');
  if (bornFrom && bornTo && bornFrom > bornTo)
    throw new HubError('BAD_USER_INPUT', 'filter.bornTo: before filter.bornFrom. Give the earlier day first.');
  const born = { ...(bornFrom && { $gte: bornFrom }), ...(bornTo && { $lte: bornTo }) };
  return {
    ...withinDivision(division, REGISTRATION),
    ...(name && { name }),
    ...(sex && { sex: SEX_CODE[sex] }),
    ...(Object.keys(born).length > 0 && { birthDate: born }),
  };
}
