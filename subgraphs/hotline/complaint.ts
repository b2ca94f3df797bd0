import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { COMPLAINT_NEEDS, type HotlineContext } from './loaders.ts';
import type { ComplaintRecord } from './models.ts';

/** Fields that are not as they are stored; the others are read by their own names. */
export const complaint = {
  __resolveReference: (stub: { ref: string }, { loaders }: HotlineContext, info: GraphQLResolveInfo) =>
    loaders.complaint(projectionOf(askedFields(info), COMPLAINT_NEEDS)).load(stub.ref),
  ref: (row: ComplaintRecord) => row._id,
  inScope: () => true,
  /** Encrypted under the key of the consumer and purpose: two extracts cannot be joined by it. */
  id: (row: ComplaintRecord, _: unknown, { cursors }: HotlineContext) => cursors.encode(`complaint ${row._id}`),
};
