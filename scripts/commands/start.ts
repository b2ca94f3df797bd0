import { Command } from 'commander';
import { print, withExamples } from '../command-line.ts';
import { settingsOf, type SettingOptions } from '../read-settings.ts';
import { startStores } from '../start-stores.ts';
import { listenForStop } from '../stop-signal.ts';

/** `hub start`: everything in one process. */
export function startCommand(): Command {
  const command = new Command('start')
    .description('start the whole hub: its stores, the subgraphs that do not run elsewhere, and the endpoint')
    .option('--host <address>', 'address to listen at (HUB_HOST; 127.0.0.1)')
    .option('--port <number>', 'port of the endpoint, 0 for a free one (HUB_PORT; 4000)')
    .option('--data-dir <folder>', 'where the embedded stores and the keys are (DATA_DIR; ./data)')
    .option('--persons <number>', 'size of the data generated at the first start (HUB_PERSONS; 20000)')
    .action(run);
  return withExamples(
    command,
    'hub start',
    'hub start --port 8080 --persons 200000 --data-dir /var/lib/shuniu',
    'MONGODB_URL=mongodb://db1,db2,db3/?replicaSet=rs0 hub start',
    'HUB_SUBGRAPH_POPULATION_URL=http://127.0.0.1:4101/graphql hub start   # population runs by itself',
  );
}

async function run(options: SettingOptions): Promise<void> {
  const settings = settingsOf(options, 'hub');
  const giveBack = startStores(settings);
  try {
    const { start } = await import('../start.ts');
    const { signal, stopped } = listenForStop();
    const hub = await start(settings, { signal, say: print });
    await stopped;
    process.stderr.write('Stopping: requests under way are finished first. Press Ctrl-C again to stop at once.\n');
    await hub.stop();
  } finally {
    await giveBack();
  }
}
