import { describe, expect, it } from 'vitest';
import { childTrace, formatTraceparent, parseTraceparent } from '../../lib/trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('trace context', () => {
  it('reads a traceparent', () => {
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true });
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-02`)?.sampled).toBe(false);
  });

  it('reads what a later version begins with', () => {
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-holds`)?.traceId).toBe(TRACE);
  });

  it.each([
    undefined,
    '',
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-01-more`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${SPAN}-01\r\nx: y`,
  ])('takes %j for none, and begins a trace', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
    expect(childTrace(header).traceId).not.toBe(TRACE);
    expect(parseTraceparent(formatTraceparent(childTrace(header)))).toBeDefined();
  });

  it('goes on with the trace of the caller in a span of its own', () => {
    const child = childTrace(`00-${TRACE}-${SPAN}-01`);
    expect(child).toMatchObject({ traceId: TRACE, sampled: true });
    expect(child.spanId).not.toBe(SPAN);
  });
});
