import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { parseOrgCode } from '../../lib/codes/org-code.ts';
import { parseCreditCode } from '../../lib/codes/uscc.ts';
import type { Page, PageArguments } from '../../lib/connection.ts';
import { HubError } from '../../lib/errors.ts';
import { exactText } from '../../lib/exact-text.ts';
import { searchPage } from '../../lib/search-page.ts';
import { textSearch } from '../../lib/text-search.ts';
import { withinDivision } from '../../lib/within-division.ts';
import { LEGAL_PERSON_NEEDS, type LegalPersonsContext, OFFICE, PROFESSIONAL_NEEDS } from './loaders.ts';
import type { LegalPersonRecord, ProfessionalRecord } from './models.ts';

interface LegalPersonFilter {
  readonly division: string;
  readonly name?: string | null;
  readonly kind?: string | null;
  readonly industry?: string | null;
  readonly status?: string | null;
}

interface ProfessionalFilter {
  readonly division: string;
  readonly qualification?: string | null;
  readonly validOn?: string | null;
}

const BY_COUNTY = { county: 1, _id: 1 } as const;

/** The root fields of legal persons. A look-up that finds nothing is null, whether there is no such row or it is not for this caller. */
export const queries = {
  legalPerson: (_: unknown, args: { uscc: string }, { loaders }: LegalPersonsContext, info: GraphQLResolveInfo) => {
    const verdict = parseCreditCode(args.uscc.trim().toUpperCase());
    if (verdict.kind === 'INVALID') throw new HubError('BAD_USER_INPUT', `uscc: ${verdict.message}`);
    return loaders.legalPerson(projectionOf(askedFields(info), LEGAL_PERSON_NEEDS)).load(verdict.value.code);
  },

  legalPersonByOrgCode: (
    _: unknown,
    args: { orgCode: string },
    { loaders }: LegalPersonsContext,
    info: GraphQLResolveInfo,
  ) => {
    const verdict = parseOrgCode(args.orgCode.trim().toUpperCase());
    if (verdict.kind === 'INVALID') throw new HubError('BAD_USER_INPUT', `orgCode: ${verdict.message}`);
    return loaders.legalPersonByOrgCode(projectionOf(askedFields(info), LEGAL_PERSON_NEEDS)).load(verdict.value);
  },

  legalPersons: (
    _: unknown,
    args: { filter: LegalPersonFilter } & PageArguments,
    { loaders, cursors }: LegalPersonsContext,
    info: GraphQLResolveInfo,
  ): Promise<Page<LegalPersonRecord>> => {
    const { division, name, kind, industry, status } = args.filter;
    const search = typeof name === 'string' ? textSearch(name, 'filter.name', 'nameTokens') : undefined;
    const filter = {
      ...withinDivision(division, OFFICE),
      ...search?.filter,
      ...(kind && { kind }),
      ...(industry && { industry }),
      ...(status && { status }),
    };
    const projection = projectionOf(askedFields(info, ['edges', 'node']), LEGAL_PERSON_NEEDS);
    return searchPage(loaders.models.legalPersons, {
      list: 'legalPersons',
      filter,
      within: loaders.scope.legalPersons,
      projection: search ? { ...projection, name: 1 } : projection,
      sort: BY_COUNTY,
      accept: search && ((row) => search.matches(row.name)),
      arguments: args,
      cursors,
    });
  },

  professional: (_: unknown, args: { number: string }, { loaders }: LegalPersonsContext, info: GraphQLResolveInfo) =>
    loaders.professional(projectionOf(askedFields(info), PROFESSIONAL_NEEDS)).load(args.number.trim()),

  professionals: (
    _: unknown,
    args: { filter: ProfessionalFilter } & PageArguments,
    { loaders, cursors }: LegalPersonsContext,
    info: GraphQLResolveInfo,
  ): Promise<Page<ProfessionalRecord>> => {
    const { division, validOn } = args.filter;
    const qualification = exactText(args.filter.qualification, 'filter.qualification');
    const filter = {
      ...withinDivision(division, { county: 'county' }),
      ...(qualification && { qualification }),
      ...(validOn && { registeredOn: { $lte: validOn }, validUntil: { $gte: validOn } }),
    };
    return searchPage(loaders.models.professionals, {
      list: 'professionals',
      filter,
      within: loaders.scope.professionals,
      projection: projectionOf(askedFields(info, ['edges', 'node']), PROFESSIONAL_NEEDS),
      sort: BY_COUNTY,
      arguments: args,
      cursors,
    });
  },
};
