import { readFileSync, readlinkSync } from 'node:fs';

/** Names the calling thread to `threadTime`; undefined where the system does not say. */
export function thisThread(): string | undefined {
  try {
    return readlinkSync('/proc/thread-self');
  } catch {
    // Only Linux tells threads apart in this way.
    return undefined;
  }
}

/**
 * Milliseconds that a thread of this process has computed, waiting for a processor not counted; undefined where the system does
 * not say. Source: proc_pid_schedstat, the first number is nanoseconds.
 */
export function threadTime(thread: string | undefined): number | undefined {
  if (thread === undefined) return undefined;
  try {
    const spent = Number(readFileSync(`/proc/${thread}/schedstat`, 'utf8').split(' ')[0]);
    return Number.isFinite(spent) ? spent / 1e6 : undefined;
  } catch {
    // A kernel without statistics of its scheduler, or a thread that has ended.
    return undefined;
  }
}
