import { Command, InvalidArgumentError } from 'commander';
import { type Interval, median, ratio, type Samples } from './measure.ts';

/** How a contender compares with the one it is measured against. */
export interface Row {
  readonly name: string;
  /** Median CPU microseconds per request. */
  readonly cpuUs: number;
  /** Absent for the one that the others are measured against. */
  readonly ratio?: Interval;
}

export function rowsOf(samples: Samples, against: string): Row[] {
  return [...samples].map(([name, values]) => ({
    name,
    cpuUs: Math.round(median(values)),
    ...(name !== against && { ratio: ratio(samples, name, against) }),
  }));
}

export function table(title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, cpuUs, ratio: of }) => {
    const compared = of ? `${of.median.toFixed(3)}  [${of.low.toFixed(3)}, ${of.high.toFixed(3)}]` : '1';
    return `  ${name.padEnd(width)}  ${String(cpuUs).padStart(7)}  ${compared}`;
  });
  return [title, `  ${''.padEnd(width)}  CPU µs  ratio  [95 %]`, ...lines].join('\n');
}

/** The options that all benches have. */
export function benchCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--rounds <number>', 'rounds in which each contender has its turn', count, 15)
    .option('--requests <number>', 'requests of each contender in a round', count, 40)
    .option('--clients <number>', 'requests under way at once', count, 4)
    .option('--json', 'print the figures as JSON');
}

export interface BenchOptions {
  readonly rounds: number;
  readonly requests: number;
  readonly clients: number;
  readonly json?: true;
}

export function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 to 999999.');
  return Number(text);
}

export function show(json: true | undefined, result: object, text: () => string): void {
  process.stdout.write(`${json ? JSON.stringify(result) : text()}\n`);
}
