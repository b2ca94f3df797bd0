import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { pageSize } from '../../lib/connection.ts';
import { nameOf, RETENTION, SECRECY } from './code-names.ts';
import { ARCHIVE_ITEM_NEEDS, type ArchivesContext } from './loaders.ts';
import type { ArchiveItemRecord } from './models.ts';
import { isOpen, openingDate } from './opening.ts';
import { subjects } from './subjects.ts';

export const archiveItem = {
  __resolveReference: (stub: { number: string }, { loaders }: ArchivesContext, info: GraphQLResolveInfo) =>
    loaders.archiveItem(projectionOf(askedFields(info), ARCHIVE_ITEM_NEEDS)).load(stub.number),
  number: (row: ArchiveItemRecord) => row._id,
  title: (row: ArchiveItemRecord, _: unknown, { loaders }: ArchivesContext) =>
    isOpen(row, loaders.day) ? row.title : null,
  fullTitle: (row: ArchiveItemRecord) => row.title,
  retention: (row: ArchiveItemRecord) => nameOf(RETENTION, row.retention),
  secrecy: (row: ArchiveItemRecord) => nameOf(SECRECY, row.secrecy),
  openingDate: (row: ArchiveItemRecord) => openingDate(row),
  open: (row: ArchiveItemRecord, _: unknown, { loaders }: ArchivesContext) => isOpen(row, loaders.day),
  division: (row: ArchiveItemRecord) => row.county,
  subjects,
};

interface First {
  readonly first?: number | null;
}

export const person = {
  __resolveReference: (stub: { ref: string }) => stub,
  archiveItems: (stub: { ref: string }, args: First, context: ArchivesContext, info: GraphQLResolveInfo) =>
    itemsAbout(stub.ref, args, context, info),
};

export const legalPerson = {
  __resolveReference: (stub: { uscc: string }) => stub,
  archiveItems: (stub: { uscc: string }, args: First, context: ArchivesContext, info: GraphQLResolveInfo) =>
    itemsAbout(stub.uscc, args, context, info),
};

function itemsAbout(
  ref: string,
  { first }: First,
  { loaders }: ArchivesContext,
  info: GraphQLResolveInfo,
): Promise<readonly ArchiveItemRecord[]> {
  return loaders
    .archiveItemsAbout({
      filter: loaders.visible.archiveItems,
      sort: { _id: 1 },
      first: pageSize(first),
      projection: projectionOf(askedFields(info), ARCHIVE_ITEM_NEEDS),
    })
    .load(ref);
}
