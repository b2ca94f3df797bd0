import type { SubgraphError } from '../lib/transport.ts';
import { withoutGivenValues } from './given-values.ts';

/** Why a fetch, or a field of it, has no value. */
export interface SubgraphFailure {
  readonly subgraph: string;
  readonly code: 'SUBGRAPH_UNAVAILABLE' | 'SUBGRAPH_TIMEOUT' | 'SUBGRAPH_ERROR' | 'CANCELLED' | (string & {});
  readonly message: string;
  /** Response path of the field, list indexes left out. */
  readonly path: readonly string[];
}

/** Codes whose message was written for the caller; any other message may hold what the caller must not see. */
const OPEN_CODES = new Set([
  'BAD_USER_INPUT',
  'BAD_CURSOR',
  'STORE_UNAVAILABLE',
  'GRAPHQL_VALIDATION_FAILED',
  'CONFLICT',
  'NOT_FOUND',
  'PARTIAL_SCOPE',
]);

/** An error that a subgraph answered with, as its reader may see it. */
export function failureOf(subgraph: string, error: SubgraphError): Pick<SubgraphFailure, 'code' | 'message'> {
  const code = error.extensions?.['code'];
  if (typeof code === 'string' && OPEN_CODES.has(code)) return { code, message: withoutGivenValues(error.message) };
  return { code: 'SUBGRAPH_ERROR', message: `The subgraph ${subgraph} could not answer this field.` };
}
