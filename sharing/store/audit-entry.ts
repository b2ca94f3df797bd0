import type { Caller } from '../../lib/caller.ts';
import type { DenyReason } from '../policy/decide.ts';

export type Outcome =
  /** Every asked item was answered. */
  | 'ANSWERED'
  /** Some items were refused, masked or could not be fetched. */
  | 'PARTIAL'
  /** Nothing that was asked could be shown. */
  | 'REFUSED'
  | 'UNAUTHENTICATED'
  /** Not GraphQL, or not valid for this schema. */
  | 'INVALID'
  | 'LIMIT'
  | 'TIMEOUT'
  | 'CANCELLED'
  | 'ERROR';

export interface DeniedItem {
  readonly coordinate: string;
  readonly reason: DenyReason;
}

/** 留痕: one request, so that it can be proved later. It holds no personal value: literals and variables are left out. */
export interface AuditEntry {
  readonly id: string;
  /** One run of one gateway; its entries are numbered without gaps from 0, the entry that opens it. */
  readonly writer: string;
  readonly sequence: number;
  readonly at: Date;
  readonly kind: 'OPENED' | 'REQUEST' | 'AUTHENTICATION_FAILED' | 'CLOSED';
  readonly requestId?: string;
  readonly traceId?: string;
  readonly caller?: Caller;
  /** The token's id (jti). */
  readonly token?: string;
  readonly grants?: readonly string[];
  readonly operation?: {
    readonly name?: string;
    /** SHA-256 of the normalised text, base64url. */
    readonly hash: string;
    /** The operation without literals. */
    readonly text: string;
  };
  readonly items?: {
    readonly allowed: readonly string[];
    readonly masked: readonly string[];
    readonly denied: readonly DeniedItem[];
  };
  /** Rows shown, by resource. */
  readonly rows?: Readonly<Record<string, number>>;
  /** Data subjects shown, as hashes under a key of the hub. */
  readonly subjects?: readonly string[];
  readonly outcome?: Outcome;
  readonly release?: string;
  readonly epoch?: number;
  readonly durationMs?: number;
  /** For AUTHENTICATION_FAILED: why, from where, and how many such failures this entry stands for. */
  readonly failure?: { readonly reason: string; readonly address: string; readonly count: number };
}

/** An entry before its writer gives it an id and its number. */
export type Unnumbered = Omit<AuditEntry, 'id' | 'writer' | 'sequence' | 'at'>;
