import { describe, expect, it } from 'vitest';
import { createLogger } from '../../lib/logger.ts';
import { createMetrics } from '../../lib/metrics.ts';

function metrics() {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  return {
    lines,
    metrics: createMetrics(createLogger({ level: 'info', production: true, service: 'test', destination })),
  };
}

describe('metrics', () => {
  it('count requests, fetches, audit writes and decisions', async () => {
    const { metrics: counted } = metrics();
    const end = counted.began();
    counted.began();
    counted.answered('ANSWERED', 12);
    counted.answered('REFUSED', 3);
    counted.fetched('population', 'ok', 4);
    counted.flushed(7, 2);
    counted.flushFailed();
    counted.decided({ allowed: 5, masked: 1, denied: 2 });
    end();
    const { contentType, text } = await counted.render();
    expect(contentType).toContain('text/plain');
    for (const line of [
      'shuniu_request_duration_seconds_count{outcome="ANSWERED"} 1',
      'shuniu_request_duration_seconds_bucket{le="0.01",outcome="ANSWERED"} 0',
      'shuniu_request_duration_seconds_bucket{le="0.025",outcome="ANSWERED"} 1',
      'shuniu_request_duration_seconds_sum{outcome="REFUSED"} 0.003',
      'shuniu_requests_in_flight 1',
      'shuniu_subgraph_fetch_duration_seconds_sum{subgraph="population",outcome="ok"} 0.004',
      'shuniu_audit_flush_entries_sum 7',
      'shuniu_audit_flush_failures_total 1',
      'shuniu_items_total{decision="allowed"} 5',
      'shuniu_items_total{decision="denied"} 2',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).toMatch(/nodejs_eventloop_lag_seconds \d/);
    expect(text).toMatch(/process_resident_memory_bytes \d/);
  });

  it('never fail what they measure', async () => {
    const { lines, metrics: counted } = metrics();
    counted.decided({ allowed: -1, masked: 0, denied: 0 });
    counted.answered('ANSWERED', 'soon' as never);
    expect(lines.filter((line) => line.includes('a measurement was lost'))).toHaveLength(2);
    expect((await counted.render()).text).not.toContain('shuniu_items_total{decision="allowed"}');
  });
});
