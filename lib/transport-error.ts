/** Why a fetch has no answer. */
export type TransportFailure =
  /** No connection, or it broke. */
  | 'unreachable'
  /** No answer in time. */
  | 'timeout'
  /** An answer that is not GraphQL, or too large. */
  | 'bad-answer'
  /** Given up by the gateway, as its caller has gone. */
  | 'aborted';

/** A subgraph did not answer; not for the caller of the hub, who is told only which fields are missing. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly kind: TransportFailure;
  readonly subgraph: string;

  constructor(kind: TransportFailure, subgraph: string, options: { detail?: string; cause?: unknown } = {}) {
    super(`${subgraph}: ${SENTENCES[kind]}${options.detail ? ` (${options.detail})` : ''}`, { cause: options.cause });
    this.kind = kind;
    this.subgraph = subgraph;
  }
}

const SENTENCES: Readonly<Record<TransportFailure, string>> = {
  unreachable: 'cannot be reached',
  timeout: 'did not answer in time',
  'bad-answer': 'did not answer in GraphQL',
  aborted: 'the fetch was given up',
};

/** What an aborted signal means for a fetch: a deadline that passed, or a caller who has gone. */
export function abortError(subgraph: string, signal: AbortSignal): TransportError {
  const reason: unknown = signal.reason;
  const late = reason instanceof Error && reason.name === 'TimeoutError';
  return new TransportError(late ? 'timeout' : 'aborted', subgraph);
}
