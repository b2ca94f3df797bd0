import { createHash } from 'node:crypto';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';

/**
 * The public id of a person, one per consumer and purpose: two departments cannot join their extracts by it, nor can one
 * department join what it was given for two purposes.
 */
export function publicId(ref: string, context: SubgraphContext): string {
  return context.cursors.encode(scope(context) + ref);
}

/** The person behind a public id; undefined for an id that was not issued to this consumer for this purpose. */
export function refOf(id: string, context: SubgraphContext): string | undefined {
  try {
    const issued = context.cursors.decode(id);
    const issuedFor = scope(context);
    return typeof issued === 'string' && issued.startsWith(issuedFor) ? issued.slice(issuedFor.length) : undefined;
  } catch {
    // An id of somebody else answers as an unknown one does, so that it tells nothing.
    return undefined;
  }
}

/** 72 bits for (consumer, purpose), always of one length, so that no scope is the beginning of another. */
function scope(context: SubgraphContext): string {
  const { department, purpose } = context.signed.caller;
  return createHash('sha256')
    .update(JSON.stringify(['person', department, purpose ?? null]))
    .digest('base64url')
    .slice(0, 12);
}
