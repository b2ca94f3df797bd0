import type { Caller } from '../lib/caller.ts';
import type { DeniedItem, Outcome } from '../sharing/store/audit-entry.ts';
import type { SubgraphFailure } from './subgraph-failure.ts';

/** What an answer shows by one grant. */
export interface Charge {
  rows: number;
  /** As keyed hashes. */
  readonly subjects: Set<string>;
}

/** What one request leaves behind, gathered step by step; the last step records it. */
export interface Trail {
  readonly requestId: string;
  readonly traceparent: string;
  readonly startedAt: number;
  /** Ends it, for the caller's part or for the time it may take. */
  signal: AbortSignal;
  /** Ends it where nobody waits for the answer any more. */
  readonly gone?: AbortSignal | undefined;
  readonly caller: Caller;
  readonly token?: string | undefined;
  outcome: Outcome;
  /** Whether it was a GraphQL request at all, however wrong what it asks. */
  wellFormed: boolean;
  operation?: { readonly name?: string; readonly hash: string; readonly text: string };
  items: {
    readonly allowed: readonly string[];
    readonly masked: readonly string[];
    readonly denied: readonly DeniedItem[];
  };
  grants: readonly string[];
  rows: Map<string, number>;
  subjects: Set<string>;
  /** By grant with a quota. */
  charges: Map<string, Charge>;
  failures: SubgraphFailure[];
  release: string;
  epoch: number;
}

export function beginTrail(
  request: Pick<Trail, 'requestId' | 'traceparent' | 'startedAt' | 'signal' | 'gone' | 'caller' | 'token'>,
): Trail {
  return {
    ...request,
    // Until a step says otherwise the request is not an operation of this schema.
    outcome: 'INVALID',
    wellFormed: false,
    items: { allowed: [], masked: [], denied: [] },
    grants: [],
    rows: new Map(),
    subjects: new Set(),
    charges: new Map(),
    failures: [],
    release: '',
    epoch: -1,
  };
}
