/** How the gateway reaches a subgraph: in the same process or over HTTP, with the same words. */
import type { ResourceUpdates } from './resource-updates.ts';

export interface SubgraphRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName?: string | undefined;
  /** Compact JWS of the SignedContext; absent only towards subgraphs that do not take part in sharing. */
  readonly context?: string | undefined;
  readonly requestId: string;
  /** W3C trace context, passed on as it came or as the gateway began it. */
  readonly traceparent: string;
  /** Aborts when the caller has gone or the time is up. */
  readonly signal: AbortSignal;
}

export interface SubgraphError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** A GraphQL result of plain JSON values. The receiver may change it: it is made for this request alone. */
export interface SubgraphResponse {
  readonly data?: Record<string, unknown> | null | undefined;
  readonly errors?: readonly SubgraphError[] | undefined;
}

export interface SubgraphTransport {
  /** Rejects when the subgraph cannot be reached, does not answer in GraphQL, or the signal aborts. */
  send(request: SubgraphRequest): Promise<SubgraphResponse>;
  /** Whether the subgraph would answer now. */
  ready(): Promise<boolean>;
  /**
   * When each of its resources was last brought up to date, by type. Empty where the subgraph does not say, or cannot be asked:
   * never rejects.
   */
  freshness(): Promise<ResourceUpdates>;
  close(): Promise<void>;
}
