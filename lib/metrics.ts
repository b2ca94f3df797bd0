import type { Logger } from 'pino';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a process counts, for Prometheus. Nothing here can fail a request: what cannot be counted is logged and left out. */
export interface Metrics {
  /** A request has begun. @returns call it once when the request has ended. */
  readonly began: () => () => void;
  /** @param outcome one of a fixed list, as each makes a series of its own. */
  readonly answered: (outcome: string, milliseconds: number) => void;
  readonly fetched: (subgraph: string, outcome: string, milliseconds: number) => void;
  /** A group of audit entries was written. */
  readonly flushed: (entries: number, milliseconds: number) => void;
  readonly flushFailed: () => void;
  /** How many items of one request were allowed, masked and denied. */
  readonly decided: (items: { readonly allowed: number; readonly masked: number; readonly denied: number }) => void;
  /** When a resource was last brought up to date, and whether it should have been again. */
  readonly freshness: (resource: string, updatedAt: Date, overdue: boolean) => void;
  /** The text format of Prometheus. */
  readonly render: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A registry of its own, with what prom-client knows of the process: CPU, memory, event loop lag, garbage collection. */
export function createMetrics(logger: Logger): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const registers = [register];
  const requests = new Histogram({
    name: 'shuniu_request_duration_seconds',
    help: 'Time to answer a request, by outcome',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers,
  });
  const inFlight = new Gauge({ name: 'shuniu_requests_in_flight', help: 'Requests being answered', registers });
  const fetches = new Histogram({
    name: 'shuniu_subgraph_fetch_duration_seconds',
    help: 'Time of one fetch from a subgraph, by subgraph and outcome',
    labelNames: ['subgraph', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const flushes = new Histogram({
    name: 'shuniu_audit_flush_duration_seconds',
    help: 'Time to make a group of audit entries durable',
    buckets: SECONDS,
    registers,
  });
  const entries = new Histogram({
    name: 'shuniu_audit_flush_entries',
    help: 'Audit entries written together',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers,
  });
  const failures = new Counter({
    name: 'shuniu_audit_flush_failures_total',
    help: 'Groups of audit entries that could not be written; their requests were refused',
    registers,
  });
  const items = new Counter({
    name: 'shuniu_items_total',
    help: 'Items decided, by decision',
    labelNames: ['decision'],
    registers,
  });

  const updated = new Gauge({
    name: 'shuniu_resource_updated_timestamp_seconds',
    help: 'When a resource was last brought up to date',
    labelNames: ['resource'],
    registers,
  });
  const overdue = new Gauge({
    name: 'shuniu_resource_overdue',
    help: '1 where a resource should have been updated by its cycle and was not',
    labelNames: ['resource'],
    registers,
  });

  const safely = (count: () => void): void => {
    try {
      count();
    } catch (thrown) {
      logger.warn({ err: thrown }, 'a measurement was lost');
    }
  };
  return {
    began() {
      safely(() => inFlight.inc());
      return () => safely(() => inFlight.dec());
    },
    answered: (outcome, milliseconds) => safely(() => requests.observe({ outcome }, milliseconds / 1000)),
    fetched: (subgraph, outcome, milliseconds) =>
      safely(() => fetches.observe({ subgraph, outcome }, milliseconds / 1000)),
    flushed: (size, milliseconds) =>
      safely(() => {
        flushes.observe(milliseconds / 1000);
        entries.observe(size);
      }),
    flushFailed: () => safely(() => failures.inc()),
    decided: (counts) =>
      safely(() => {
        for (const [decision, count] of Object.entries(counts)) items.inc({ decision }, count);
      }),
    freshness: (resource, at, isOverdue) =>
      safely(() => {
        updated.set({ resource }, at.getTime() / 1000);
        overdue.set({ resource }, Number(isOverdue));
      }),
    render: async () => ({ contentType: register.contentType, text: await register.metrics() }),
  };
}
