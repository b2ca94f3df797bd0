import { Command, InvalidArgumentError } from 'commander';
import { print, printJson, withExamples } from '../command-line.ts';
import { listenForStop } from '../stop-signal.ts';

interface Options {
  readonly rounds: number;
  readonly cuts: number;
  readonly clients: number;
  readonly json?: true;
}

/** Milliseconds within which a revocation is in force at every gateway, and those after which a cut-off one shows nothing. */
const GOAL_MS = 1_000;
const CUT_OFF_GOAL_MS = 5_000;

/** `hub bench revocation`. */
export function benchCommand(): Command {
  const revocation = new Command('revocation')
    .description(
      'measure how soon a revoked grant is in force at two gateways under load, with the store up and cut off',
    )
    .option('--rounds <number>', 'revocations with the store up', count, 50)
    .option('--cuts <number>', 'times one gateway is cut off from the store', count, 5)
    .option('--clients <number>', 'requests under way at each gateway', count, 8)
    .option('--json', 'print the figures as JSON')
    .action(run);
  withExamples(revocation, 'hub bench revocation', 'hub bench revocation --rounds 200 --cuts 10 --json');
  return new Command('bench')
    .description('measurements of a hub made for them, in a folder of its own')
    .addCommand(revocation);
}

async function run({ json, ...options }: Options): Promise<void> {
  const [{ benchRevocation }, { showProgress }] = await Promise.all([
    import('../revocation/bench.ts'),
    import('../seed/progress.ts'),
  ]);
  const { signal } = listenForStop();
  const display = showProgress('Revoking');
  try {
    const { storeUp, storeCutOff, answers, seconds } = await benchRevocation({
      ...options,
      onProgress: display.show,
      signal,
    });
    display.stop();
    const leaks = storeUp.leaks + storeCutOff.leaks;
    if (json)
      printJson({
        p99Ms: storeUp.p99Ms,
        leaks,
        cutOffMs: storeCutOff.cutOffMs,
        storeUp,
        storeCutOff,
        answers,
        seconds,
      });
    else
      print(
        `Store up: ${storeUp.samples} revocations seen, in force after ${storeUp.p50Ms} ms (median), ${storeUp.p99Ms} ms (p99), ${storeUp.maxMs} ms at most; ${storeUp.leaks} answers leaked after one second.\n` +
          `Store cut off: ${storeCutOff.cuts} times, shown for ${storeCutOff.cutOffMs} ms at most; ${storeCutOff.leaks} answers leaked after five seconds.\n` +
          `${answers} answers in ${seconds} s.`,
      );
    if (leaks > 0 || storeUp.p99Ms > GOAL_MS || storeCutOff.cutOffMs > CUT_OFF_GOAL_MS) process.exitCode = 1;
  } finally {
    display.stop();
  }
}

function count(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 to 99999.');
  return Number(text);
}
