import { randomBytes } from 'node:crypto';

/** W3C Trace Context (Recommendation, level 1): the trace a request belongs to and the span that sent it. */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string;
  /** Whether the sender may have recorded its part. */
  readonly sampled: boolean;
}

const HEADER =
  /^(?<version>[\da-f]{2})-(?<traceId>[\da-f]{32})-(?<spanId>[\da-f]{16})-(?<flags>[\da-f]{2})(?<more>-.*)?$/;

/** Reads a `traceparent` header; undefined when it is not well formed, as the recommendation asks (§3.2.2). */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const { version, traceId = '', spanId = '', flags = '', more } = HEADER.exec(header ?? '')?.groups ?? {};
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (parseInt(flags, 16) & 1) === 1 };
}

/** A new span in the trace of the caller, or the first of a new trace where the caller has none. */
export function childTrace(header: string | undefined): TraceContext {
  const parent = parseTraceparent(header);
  return {
    traceId: parent?.traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    sampled: parent?.sampled ?? false,
  };
}

export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}
