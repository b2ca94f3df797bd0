import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { pageSize } from '../../lib/connection.ts';
import { EMPLOYMENT_NEEDS, LEGAL_PERSON_NEEDS, type LegalPersonsContext, PROFESSIONAL_NEEDS } from './loaders.ts';
import type { EmploymentRecord, ProfessionalRecord } from './models.ts';

export const professional = {
  __resolveReference: (stub: { number: string }, { loaders }: LegalPersonsContext, info: GraphQLResolveInfo) =>
    loaders.professional(projectionOf(askedFields(info), PROFESSIONAL_NEEDS)).load(stub.number),
  number: (row: ProfessionalRecord) => row._id,
  person: (row: ProfessionalRecord) => ({ ref: row.personRef }),
  division: (row: ProfessionalRecord) => row.county,
  employments: (
    row: ProfessionalRecord,
    args: { asAt?: string | null; first?: number | null },
    { loaders }: LegalPersonsContext,
    info: GraphQLResolveInfo,
  ) =>
    loaders
      .employmentsOf({
        filter: lastingOn(args.asAt),
        sort: { from: -1, _id: -1 },
        first: pageSize(args.first),
        projection: projectionOf(askedFields(info), EMPLOYMENT_NEEDS),
      })
      .load(row._id),
};

export const employment = {
  professional: (row: EmploymentRecord, _: unknown, { loaders }: LegalPersonsContext, info: GraphQLResolveInfo) =>
    loaders.professional(projectionOf(askedFields(info), PROFESSIONAL_NEEDS)).load(row.professional),
  employer: (row: EmploymentRecord, _: unknown, { loaders }: LegalPersonsContext, info: GraphQLResolveInfo) =>
    loaders.legalPerson(projectionOf(askedFields(info), LEGAL_PERSON_NEEDS)).load(row.uscc),
};

/** Employments that lasted on a day; the day of leaving is the first day no longer employed. */
export function lastingOn(day: string | null | undefined): Record<string, unknown> {
  return day ? { from: { $lte: day }, $or: [{ to: null }, { to: { $gt: day } }] } : {};
}
