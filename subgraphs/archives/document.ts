import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { KIND, nameOf, SECRECY, URGENCY } from './code-names.ts';
import { type ArchivesContext, DOCUMENT_NEEDS } from './loaders.ts';
import type { DocumentRecord } from './models.ts';
import { subjects } from './subjects.ts';

export const document = {
  __resolveReference: (stub: { id: string }, { loaders }: ArchivesContext, info: GraphQLResolveInfo) =>
    loaders.document(projectionOf(askedFields(info), DOCUMENT_NEEDS)).load(stub.id),
  id: (row: DocumentRecord) => row._id,
  title: (row: DocumentRecord) => (row.publicity === 'PROACTIVE' ? row.title : null),
  fullTitle: (row: DocumentRecord) => row.title,
  kind: (row: DocumentRecord) => nameOf(KIND, row.kind),
  urgency: (row: DocumentRecord) => nameOf(URGENCY, row.urgency),
  secrecy: (row: DocumentRecord) => nameOf(SECRECY, row.secrecy),
  subjects,
};
