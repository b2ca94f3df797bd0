import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { type ArchivesContext, LAW_NEEDS } from './loaders.ts';
import type { LawRecord } from './models.ts';

export const law = {
  __resolveReference: (stub: { id: string }, { loaders }: ArchivesContext, info: GraphQLResolveInfo) =>
    loaders.law(projectionOf(askedFields(info), LAW_NEEDS)).load(stub.id),
  id: (row: LawRecord) => row._id,
};
