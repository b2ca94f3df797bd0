import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from './load.ts';

/** Gives the value to the asker, and takes it away again; each resolves once the store has acknowledged it. */
export interface Right {
  give(): Promise<void>;
  take(): Promise<void>;
}

export interface Latency {
  /** Revocations seen, one for each gateway and round. */
  readonly samples: number;
  /** Milliseconds from the acknowledged revocation to the last answer that still showed the value. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Answers that showed the value more than a second after its revocation. */
  readonly leaks: number;
}

export interface CutOff {
  readonly cuts: number;
  /** Milliseconds from the cut to the last answer that still showed the value, the longest of all cuts. */
  readonly cutOffMs: number;
  /** Answers that showed the value more than five seconds after the cut, its right revoked meanwhile. */
  readonly leaks: number;
}

const IN_FORCE_MS = 1_000;
const STALE_MS = 5_000;
/** An answer under way at the limit has this long to arrive and be counted. */
const MARGIN_MS = 500;
const SHOWN_WITHIN_MS = 10_000;

/** Revokes again and again while both gateways are asked, and looks how long the value is still shown. */
export async function measureRevocation(
  loads: readonly Load[],
  right: Right,
  { rounds, onRound }: { rounds: number; onRound: (done: number) => void },
): Promise<Latency> {
  const samples: number[] = [];
  let leaks = 0;
  for (let round = 0; round < rounds; round++) {
    await right.give();
    await Promise.all(loads.map((each) => each.shows(SHOWN_WITHIN_MS)));
    await right.take();
    const revoked = performance.now();
    await sleep(IN_FORCE_MS + MARGIN_MS);
    for (const each of loads) {
      samples.push(Math.max(0, (each.lastShown() ?? revoked) - revoked));
      leaks += each.shownAfter(revoked + IN_FORCE_MS);
    }
    onRound(round + 1);
  }
  samples.sort((one, other) => one - other);
  return {
    samples: samples.length,
    p50Ms: rank(samples, 0.5),
    p99Ms: rank(samples, 0.99),
    maxMs: rank(samples, 1),
    leaks,
  };
}

/** Cuts a gateway off from its store, revokes meanwhile, and looks how long the value is still shown. */
export async function measureCutOff(
  cutOff: Load,
  right: Right,
  way: { cut(): void; mend(): void },
  { cuts, onCut }: { cuts: number; onCut: (done: number) => void },
): Promise<CutOff> {
  let longest = 0;
  let leaks = 0;
  for (let done = 0; done < cuts; done++) {
    await right.give();
    await cutOff.shows(SHOWN_WITHIN_MS);
    way.cut();
    const cut = performance.now();
    await right.take();
    await sleep(STALE_MS + 2 * MARGIN_MS);
    longest = Math.max(longest, (cutOff.lastShown() ?? cut) - cut);
    leaks += cutOff.shownAfter(cut + STALE_MS);
    way.mend();
    onCut(done + 1);
  }
  return { cuts, cutOffMs: Math.round(longest), leaks };
}

/** The nearest rank (no interpolation): with few samples a p99 is the largest. */
function rank(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
}
