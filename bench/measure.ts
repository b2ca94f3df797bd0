/** CPU of several contenders in one process, taken turn about, so that what disturbs one disturbs all. */

export interface Contender {
  readonly name: string;
  /** Answers one request; `number` counts up, so that requests can differ. */
  run(number: number): Promise<void>;
}

export interface Rounds {
  readonly rounds: number;
  /** Requests of each contender in each round. */
  readonly requests: number;
  /** Requests under way at once. */
  readonly clients: number;
}

/** CPU microseconds per request, of the whole process with its threads, one for each round. */
export type Samples = ReadonlyMap<string, readonly number[]>;

export interface Interval {
  readonly median: number;
  /** Bounds of the 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** The first round warms up and is not counted. In each round another contender begins. */
export async function measure(contenders: readonly Contender[], { rounds, ...options }: Rounds): Promise<Samples> {
  const samples = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(turn + round + contenders.length) % contenders.length];
      if (!contender) continue;
      const used = await cpuOf(contender, options);
      if (round >= 0) samples.get(contender.name)?.push(used);
    }
  }
  return samples;
}

async function cpuOf(contender: Contender, { requests, clients }: Omit<Rounds, 'rounds'>): Promise<number> {
  let number = 0;
  const client = async (): Promise<void> => {
    while (number < requests) await contender.run(number++);
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: clients }, client));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The smallest value that so large a share of all of them does not exceed; 0 of none. */
export function rank(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

const RESAMPLES = 10_000;

/**
 * How much one contender uses for each microsecond of another: the median over the rounds of the ratio within a round, with
 * its bootstrap interval (percentiles of the medians of rounds drawn with replacement).
 */
export function ratio(samples: Samples, one: string, other: string): Interval {
  const divisors = samples.get(other) ?? [];
  const ratios = (samples.get(one) ?? []).map((value, round) => value / (divisors[round] ?? Number.NaN));
  const random = generator();
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(ratios.map(() => ratios[Math.floor(random() * ratios.length)] ?? Number.NaN)),
  ).sort((a, b) => a - b);
  const at = (share: number): number => medians[Math.round(share * (RESAMPLES - 1))] ?? Number.NaN;
  return { median: median(ratios), low: at(0.025), high: at(0.975) };
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32), so that a printed interval can be computed again. */
function generator(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
