import type { SubgraphContext } from '../../lib/subgraph-definition.ts';

/**
 * The public id of a person, one per consumer and purpose: two departments cannot join their extracts by it, nor can one
 * department join what it was given for two purposes.
 */
export function publicId(ref: string, context: SubgraphContext): string {
  return context.cursors.encode([scope(context), ref]);
}

/** The person behind a public id; undefined for an id that was not issued to this consumer for this purpose. */
export function refOf(id: string, context: SubgraphContext): string | undefined {
  try {
    const place = context.cursors.decode(id);
    const [issuedFor, ref] = Array.isArray(place) ? (place as unknown[]) : [];
    return issuedFor === scope(context) && typeof ref === 'string' ? ref : undefined;
  } catch {
    // An id of somebody else answers as an unknown one does, so that it tells nothing.
    return undefined;
  }
}

function scope(context: SubgraphContext): string {
  const { department, purpose } = context.signed.caller;
  return JSON.stringify(['person', department, purpose ?? null]);
}
