import { setImmediate } from 'node:timers/promises';

/** Milliseconds of work between two looks at the world: a signal is heard well within a second. */
const STRETCH_MS = 100;

/**
 * Gives the event loop its turn once enough time has gone by, so that a signal can arrive at all while the processor is busy. What
 * is computed does not depend on when that is.
 */
export class Breath {
  readonly #signal: AbortSignal | undefined;
  #last = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** @throws the reason of the signal once it was aborted. */
  async take(): Promise<void> {
    if (performance.now() - this.#last >= STRETCH_MS) {
      await setImmediate();
      this.#last = performance.now();
    }
    this.#signal?.throwIfAborted();
  }
}
