import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { pageSize } from '../../lib/connection.ts';
import { lastingOn } from './employment.ts';
import { EMPLOYMENT_NEEDS, LEGAL_PERSON_NEEDS, type LegalPersonsContext, PROFESSIONAL_NEEDS } from './loaders.ts';
import type { LegalPersonRecord } from './models.ts';

type Reference = { readonly uscc: string } | { readonly orgCode: string };

interface First {
  readonly first?: number | null;
}

export const legalPerson = {
  __resolveReference: (stub: Reference, { loaders }: LegalPersonsContext, info: GraphQLResolveInfo) => {
    const projection = projectionOf(askedFields(info), LEGAL_PERSON_NEEDS);
    return 'uscc' in stub
      ? loaders.legalPerson(projection).load(stub.uscc)
      : loaders.legalPersonByOrgCode(projection).load(stub.orgCode);
  },
  uscc: (row: LegalPersonRecord) => row._id,
  inScope: () => true,
  representative: (row: LegalPersonRecord) => ({ ref: row.representativeRef }),

  licences: (
    row: LegalPersonRecord,
    args: First & { validOn?: string | null },
    { loaders }: LegalPersonsContext,
    info: GraphQLResolveInfo,
  ) =>
    loaders
      .licences({
        filter: args.validOn ? validOn(args.validOn) : {},
        sort: { issuedOn: -1, _id: -1 },
        first: pageSize(args.first),
        projection: projectionOf(askedFields(info)),
      })
      .load(row._id),

  penalties: (
    row: LegalPersonRecord,
    args: First & { since?: string | null },
    { loaders }: LegalPersonsContext,
    info: GraphQLResolveInfo,
  ) =>
    loaders
      .penalties({
        filter: args.since ? { decidedOn: { $gte: args.since } } : {},
        sort: { decidedOn: -1, _id: -1 },
        first: pageSize(args.first),
        projection: projectionOf(askedFields(info)),
      })
      .load(row._id),

  employments: (
    row: LegalPersonRecord,
    args: First & { asAt?: string | null },
    { loaders }: LegalPersonsContext,
    info: GraphQLResolveInfo,
  ) =>
    loaders
      .employmentsAt({
        filter: lastingOn(args.asAt),
        sort: { from: -1, _id: -1 },
        first: pageSize(args.first),
        projection: projectionOf(askedFields(info), EMPLOYMENT_NEEDS),
      })
      .load(row._id),
};

/** What this register knows of a person whom the population register describes. */
export const person = {
  __resolveReference: (stub: { ref: string }) => stub,

  represents: (stub: { ref: string }, args: First, { loaders }: LegalPersonsContext, info: GraphQLResolveInfo) =>
    loaders
      .represented({
        filter: loaders.scope.legalPersons,
        sort: { _id: 1 },
        first: pageSize(args.first),
        projection: projectionOf(askedFields(info), LEGAL_PERSON_NEEDS),
      })
      .load(stub.ref),

  registrations: (stub: { ref: string }, args: First, { loaders }: LegalPersonsContext, info: GraphQLResolveInfo) =>
    loaders
      .registrations({
        filter: loaders.scope.professionals,
        sort: { _id: 1 },
        first: pageSize(args.first),
        projection: projectionOf(askedFields(info), PROFESSIONAL_NEEDS),
      })
      .load(stub.ref),
};

function validOn(day: string): Record<string, unknown> {
  return { issuedOn: { $lte: day }, $or: [{ validUntil: null }, { validUntil: { $gte: day } }] };
}
