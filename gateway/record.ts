import type { Logger } from 'pino';
import type { AuditLog } from '../sharing/store/audit-log.ts';
import type { FailureReason } from './authenticate.ts';
import type { Trail } from './trail.ts';

/** Writes the one entry of an authenticated request. Only when it is durable may the first byte of the answer leave. */
export function recordRequest(log: AuditLog, trail: Trail): Promise<string> {
  return log.append({
    kind: 'REQUEST',
    requestId: trail.requestId,
    traceId: trail.traceparent.split('-')[1] ?? '',
    caller: trail.caller,
    ...(trail.token !== undefined && { token: trail.token }),
    grants: trail.grants,
    ...(trail.operation && { operation: trail.operation }),
    items: trail.items,
    rows: Object.fromEntries(trail.rows),
    subjects: [...trail.subjects],
    outcome: trail.outcome,
    release: trail.release,
    epoch: trail.epoch,
    durationMs: Math.round((performance.now() - trail.startedAt) * 100) / 100,
  });
}

/** Failed authentications of one address and reason that are recorded one by one, per window; the rest are counted. */
const SINGLE = 5;
const WINDOW_MS = 10_000;
/** Sources remembered at once: a flood from many addresses must not fill the memory. */
const SOURCES = 1_000;

export interface FailureRecorder {
  /** Resolves when the failure is durable, or counted towards the entry of its window. */
  record(failure: { reason: FailureReason; address: string; requestId: string; traceparent: string }): Promise<void>;
  /** Writes the counts that are still held. */
  close(): Promise<void>;
}

/** Records failed authentications: each one while they are few, one entry with a count per window under a flood. */
export function failureRecorder(log: AuditLog, logger: Logger): FailureRecorder {
  const windows = new Map<string, { reason: FailureReason; address: string; seen: number; timer: NodeJS.Timeout }>();

  const flush = async (key: string): Promise<void> => {
    const window = windows.get(key);
    windows.delete(key);
    if (!window) return;
    clearTimeout(window.timer);
    const count = window.seen - SINGLE;
    const { reason, address } = window;
    if (count <= 0) return;
    try {
      await log.append({
        kind: 'AUTHENTICATION_FAILED',
        outcome: 'UNAUTHENTICATED',
        failure: { reason, address, count },
      });
    } catch (err) {
      // The audit log keeps what it could not write and writes it with the next entry; only an operator can hear of it here.
      logger.error({ err, reason, count }, 'failed authentications could not be recorded');
    }
  };

  return {
    async record({ reason, address, requestId, traceparent }) {
      const source = windows.size >= SOURCES ? 'many' : address;
      const key = JSON.stringify([source, reason]);
      const window = windows.get(key) ?? {
        reason,
        address: source,
        seen: 0,
        timer: setTimeout(() => void flush(key), WINDOW_MS).unref(),
      };
      windows.set(key, window);
      window.seen += 1;
      if (window.seen > SINGLE) return;
      await log.append({
        kind: 'AUTHENTICATION_FAILED',
        requestId,
        traceId: traceparent.split('-')[1] ?? '',
        outcome: 'UNAUTHENTICATED',
        failure: { reason, address: source, count: 1 },
      });
    },
    async close() {
      await Promise.all([...windows.keys()].map(flush));
    },
  };
}
