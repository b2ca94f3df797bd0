import { Command } from 'commander';
import { print, printJson, withExamples } from '../command-line.ts';
import { settingsOf, type SettingOptions } from '../read-settings.ts';
import { listenForStop } from '../stop-signal.ts';

interface Options extends SettingOptions {
  readonly asOf?: string;
  readonly json?: true;
}

/** `hub seed`: fills the stores with generated data. */
export function seedCommand(): Command {
  const command = new Command('seed')
    .description('fill the subgraphs’ stores with generated data; interrupted, the same command goes on')
    .option('--persons <number>', 'size, 200 to 2500000; all else in proportion (HUB_PERSONS; 20000)')
    .option('--seed <word>', 'the same word gives the same data (HUB_SEED; shuniu)')
    .option('--as-of <date>', 'the day the data describe, YYYY-MM-DD')
    .option('--data-dir <folder>', 'where the embedded stores are (DATA_DIR; ./data)')
    .option('--json', 'print the result as JSON')
    .action(run);
  return withExamples(
    command,
    'hub seed',
    'hub seed --persons 2500000 --seed 2026',
    'MONGODB_URL=mongodb://db.example/ hub seed --persons 200000',
  );
}

async function run({ asOf, json, ...options }: Options): Promise<void> {
  const settings = settingsOf(options, 'tool');
  const [{ openStores }, { seed }, { showProgress }] = await Promise.all([
    import('../open-stores.ts'),
    import('../seed/seed.ts'),
    import('../seed/progress.ts'),
  ]);
  const { signal } = listenForStop();
  const stores = openStores(settings);
  const display = showProgress('Generating data');
  try {
    const { persons, seed: word } = settings.data;
    const result = await seed(
      { open: (name) => stores.open(name) },
      { persons, seed: word, asOf, onProgress: display.show, signal },
    );
    display.stop();
    if (json) printJson(result);
    else print(SENTENCES[result.kind](result.written));
    if (result.kind === 'INTERRUPTED') process.exitCode = 1;
  } finally {
    display.stop();
    await stores.close();
  }
}

const SENTENCES = {
  COMPLETE: (written: number) => `All data are in place; ${written} documents were written.`,
  INTERRUPTED: (written: number) => `Interrupted after ${written} documents; the same command goes on.`,
  UNCHANGED: () => 'All data were in place already.',
};
