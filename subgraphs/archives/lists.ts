import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import type { PageArguments } from '../../lib/connection.ts';
import { HubError } from '../../lib/errors.ts';
import { exactText } from '../../lib/exact-text.ts';
import { both } from '../../lib/row-scope.ts';
import { searchPage } from '../../lib/search-page.ts';
import { type TextSearch, textSearch } from '../../lib/text-search.ts';
import { withinDivision } from '../../lib/within-division.ts';
import { KIND, wordOf } from './code-names.ts';
import { ARCHIVE, ARCHIVE_ITEM_NEEDS, type ArchivesContext, DOCUMENT_NEEDS, ISSUER, LAW_NEEDS } from './loaders.ts';
import { openOn } from './opening.ts';

interface TitleFilter {
  readonly title?: string | null;
  readonly fullTitle?: string | null;
}

interface DocumentFilter extends TitleFilter {
  readonly division: string;
  readonly year?: number | null;
  readonly kind?: string | null;
  readonly publicity?: string | null;
}

interface ArchiveItemFilter extends TitleFilter {
  readonly division: string;
  readonly year?: number | null;
  readonly fonds?: string | null;
  readonly open?: boolean | null;
}

interface LawFilter {
  readonly title?: string | null;
  readonly inForceOn?: string | null;
}

type Listing<Filter> = { readonly filter: Filter } & PageArguments;

export function documents(
  args: Listing<DocumentFilter>,
  { loaders, cursors }: ArchivesContext,
  info: GraphQLResolveInfo,
) {
  const { division, year, kind, publicity } = args.filter;
  const search = titleSearch(args.filter, { publicity: 'PROACTIVE' });
  const filter = {
    ...withinDivision(division, ISSUER),
    ...(typeof year === 'number' && { issuedOn: inYear(year) }),
    ...(kind && { kind: wordOf(KIND, kind) }),
    ...(publicity && { publicity }),
  };
  return searchPage(loaders.models.documents, {
    list: 'documents',
    filter,
    within: both(search?.filter ?? {}, loaders.visible.documents),
    projection: projectionOf(
      [...askedFields(info, ['edges', 'node']), ...(search ? ['fullTitle'] : [])],
      DOCUMENT_NEEDS,
    ),
    sort: { issuedOn: -1, _id: -1 },
    accept: search && ((row) => search.matches(row.title)),
    arguments: args,
    cursors,
  });
}

export function archiveItems(
  args: Listing<ArchiveItemFilter>,
  { loaders, cursors }: ArchivesContext,
  info: GraphQLResolveInfo,
) {
  const { division, year, open } = args.filter;
  const fonds = exactText(args.filter.fonds, 'filter.fonds');
  const opened = openOn(loaders.day);
  const search = titleSearch(args.filter, opened);
  const filter = {
    ...withinDivision(division, ARCHIVE),
    ...(typeof year === 'number' && { formedOn: inYear(year) }),
    ...(fonds && { fonds }),
    ...(open === true && opened),
    ...(open === false && { $nor: [opened] }),
  };
  const asked = [...askedFields(info, ['edges', 'node']), ...(search ? ['fullTitle'] : [])];
  return searchPage(loaders.models.archiveItems, {
    list: 'archiveItems',
    filter,
    within: both(search?.filter ?? {}, loaders.visible.archiveItems),
    projection: projectionOf(asked, ARCHIVE_ITEM_NEEDS),
    sort: { county: 1, _id: 1 },
    accept: search && ((row) => search.matches(row.title)),
    arguments: args,
    cursors,
  });
}

export function laws(
  args: { readonly filter?: LawFilter | null } & PageArguments,
  { loaders, cursors }: ArchivesContext,
  info: GraphQLResolveInfo,
) {
  const { title, inForceOn } = args.filter ?? {};
  const search = typeof title === 'string' ? textSearch(title, 'filter.title', 'titleTokens') : undefined;
  const filter = {
    ...search?.filter,
    ...(inForceOn && {
      effectiveFrom: { $lte: inForceOn },
      $or: [{ repealedOn: null }, { repealedOn: { $gt: inForceOn } }],
    }),
  };
  const asked = [...askedFields(info, ['edges', 'node']), ...(search ? ['title'] : [])];
  return searchPage(loaders.models.laws, {
    list: 'laws',
    filter,
    projection: projectionOf(asked, LAW_NEEDS),
    sort: { _id: 1 },
    accept: search && ((row) => search.matches(row.title)),
    arguments: args,
    cursors,
  });
}

/**
 * A search in titles. By `title` it finds only rows whose title everybody may read: a search that also met the others
 * would spell out, phrase by phrase, what they hide.
 */
function titleSearch({ title, fullTitle }: TitleFilter, readable: Record<string, unknown>): TextSearch | undefined {
  if (typeof title !== 'string')
    return typeof fullTitle === 'string' ? textSearch(fullTitle, 'filter.fullTitle', 'titleTokens') : undefined;
  if (typeof fullTitle === 'string')
    throw new HubError('BAD_USER_INPUT', 'filter.fullTitle: given beside filter.title. Give one of them.');
  const search = textSearch(title, 'filter.title', 'titleTokens');
  return { ...search, filter: both(search.filter, readable) };
}

function inYear(year: number): Record<string, string> {
  if (year < 1000 || year > 9999)
    throw new HubError('BAD_USER_INPUT', 'filter.year: not a year. Give four digits, such as 2024.');
  return { $gte: `${year}-01-01`, $lte: `${year}-12-31` };
}
