import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { archiveItems, documents, laws } from './lists.ts';
import { ARCHIVE_ITEM_NEEDS, type ArchivesContext, DOCUMENT_NEEDS, LAW_NEEDS } from './loaders.ts';

/** The root fields of archives. A look-up that finds nothing is null, whether there is no such row or it is not for this caller. */
export const queries = {
  document: (_: unknown, { id }: { id: string }, { loaders }: ArchivesContext, info: GraphQLResolveInfo) =>
    loaders.document(projectionOf(askedFields(info), DOCUMENT_NEEDS)).load(id.trim()),

  documentByNumber: (
    _: unknown,
    { documentNumber }: { documentNumber: string },
    { loaders }: ArchivesContext,
    info: GraphQLResolveInfo,
  ) =>
    loaders
      .documentByNumber(projectionOf(askedFields(info), DOCUMENT_NEEDS))
      .load(withSixAngledBrackets(documentNumber)),

  documents: (_: unknown, args: Parameters<typeof documents>[0], context: ArchivesContext, info: GraphQLResolveInfo) =>
    documents(args, context, info),

  archiveItem: (_: unknown, { number }: { number: string }, { loaders }: ArchivesContext, info: GraphQLResolveInfo) =>
    loaders.archiveItem(projectionOf(askedFields(info), ARCHIVE_ITEM_NEEDS)).load(number.trim()),

  archiveItems: (
    _: unknown,
    args: Parameters<typeof archiveItems>[0],
    context: ArchivesContext,
    info: GraphQLResolveInfo,
  ) => archiveItems(args, context, info),

  law: (_: unknown, { id }: { id: string }, { loaders }: ArchivesContext, info: GraphQLResolveInfo) =>
    loaders.law(projectionOf(askedFields(info), LAW_NEEDS)).load(id.trim()),

  laws: (_: unknown, args: Parameters<typeof laws>[0], context: ArchivesContext, info: GraphQLResolveInfo) =>
    laws(args, context, info),
};

/** The year of a document number stands in 〔 〕 (GB/T 9704); people type [ ], ( ), （ ） or 【 】. */
function withSixAngledBrackets(documentNumber: string): string {
  return documentNumber
    .replace(/\s+/gu, '')
    .replace(/[[(（【［]/u, '〔')
    .replace(/[\])）】］]/u, '〕');
}
