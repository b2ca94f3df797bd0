import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { today } from '../../lib/today.ts';
import { COMPLAINT_NEEDS, type HotlineContext } from './loaders.ts';
import type { ComplaintRecord } from './models.ts';
import { OWNER } from './owner.ts';
import { isOverdue } from './terms.ts';
import { topicOf } from './topics.ts';

/** Fields that are not as they are stored; the others are read by their own names. */
export const complaint = {
  __resolveReference: (stub: { ref: string }, { loaders }: HotlineContext, info: GraphQLResolveInfo) =>
    loaders.complaint(projectionOf(askedFields(info), COMPLAINT_NEEDS)).load(stub.ref),
  ref: (row: ComplaintRecord) => row._id,
  inScope: () => true,
  /** Encrypted under the key of the consumer and purpose: two extracts cannot be joined by it. */
  id: (row: ComplaintRecord, _: unknown, { cursors }: HotlineContext) => cursors.encode(`complaint ${row._id}`),
  topic: (row: ComplaintRecord) => topicOf(row.topic),
  callerName: (row: ComplaintRecord, _: unknown, context: HotlineContext) =>
    mayKnowCaller(row, context) ? row.callerName : null,
  callerPhone: (row: ComplaintRecord, _: unknown, context: HotlineContext) =>
    mayKnowCaller(row, context) ? row.callerPhone : null,
  unit: ({ unitUscc }: ComplaintRecord) => (unitUscc === undefined ? null : { uscc: unitUscc }),
  overdue: (row: ComplaintRecord) => isOverdue(row, today()),
};

/**
 * Who asked for confidence is known to the hotline alone: a grant is for items, and must not reach what was promised to a person.
 * A body that is complained about would else learn, by the right it has to the others, who complained.
 */
function mayKnowCaller({ confidential }: ComplaintRecord, { signed }: HotlineContext): boolean {
  return !confidential || signed.caller.department === OWNER;
}
