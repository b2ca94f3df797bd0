import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { thisThread, threadTime } from '../../lib/thread-time.ts';

/** Computes until it is told to wait, and waits until it is ended. */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  parentPort.postMessage(require('node:fs').readlinkSync('/proc/thread-self'));
  while (Atomics.load(workerData, 0) === 0);
  parentPort.postMessage('waits');
  Atomics.wait(workerData, 0, 1);`;

describe.runIf(thisThread() !== undefined)('the time of a thread', () => {
  it('goes on while it computes, and stands while it waits', async () => {
    const told = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(THREAD, { eval: true, workerData: told });
    const said = () => new Promise<string>((resolve) => worker.once('message', resolve));
    try {
      const thread = await said();
      const before = threadTime(thread) ?? Number.NaN;
      await expect.poll(() => threadTime(thread), { timeout: 30_000 }).toBeGreaterThan(before + 100);
      const waits = said();
      Atomics.store(told, 0, 1);
      await waits;
      await sleep(50);
      const waiting = threadTime(thread) ?? Number.NaN;
      await sleep(500);
      expect((threadTime(thread) ?? Number.NaN) - waiting).toBeLessThan(250);
    } finally {
      await worker.terminate();
    }
  });

  it('is not known of a thread that is none', () => {
    expect(threadTime('1/task/0')).toBeUndefined();
    expect(threadTime(undefined)).toBeUndefined();
  });
});
