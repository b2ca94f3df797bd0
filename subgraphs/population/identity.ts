import { createHash } from 'node:crypto';
import type { Caller } from '../../lib/caller.ts';
import { HubError } from '../../lib/errors.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';

/**
 * The public id of a person, one per consumer and purpose: two departments cannot join their extracts by it, nor can one
 * department join what it was given for two purposes. Lists of persons come in orders of their own for the same reason
 * (lib/shuffled-page.ts).
 */
export function publicId(ref: string, context: SubgraphContext): string {
  return context.cursors.encode(scopeOf(context.signed.caller) + ref);
}

/** The person behind a public id; undefined for an id that was not issued to this consumer for this purpose. */
export function refOf(id: string, context: SubgraphContext): string | undefined {
  try {
    const issued = context.cursors.decode(id);
    const issuedFor = scopeOf(context.signed.caller);
    return typeof issued === 'string' && issued.startsWith(issuedFor) ? issued.slice(issuedFor.length) : undefined;
  } catch (thrown) {
    // An id of somebody else answers as an unknown one does, so that it tells nothing.
    if (thrown instanceof HubError && thrown.code === 'BAD_CURSOR') return undefined;
    throw thrown;
  }
}

const scopes = new WeakMap<Caller, string>();

/** Worked out once for each verified context, not for each of its rows. */
function scopeOf(caller: Caller): string {
  const scope = scopes.get(caller) ?? scope72(caller);
  scopes.set(caller, scope);
  return scope;
}

/** 72 bits for (consumer, purpose), always of one length, so that no scope is the beginning of another. */
function scope72({ department, purpose }: Caller): string {
  return createHash('sha256')
    .update(JSON.stringify(['person', department, purpose ?? null]))
    .digest('base64url')
    .slice(0, 12);
}
