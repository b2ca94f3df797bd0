import { Command } from 'commander';
import { print, printJson, printTable, withExamples } from '../command-line.ts';
import { settingsOf, type SettingOptions } from '../read-settings.ts';
import { subgraphNames } from '../subgraphs.ts';

interface Options extends SettingOptions {
  readonly json?: true;
}

const HUB = 'hub';

/** `hub store url|status`. */
export function storeCommand(): Command {
  const url = new Command('url')
    .description(
      'print the URL of the embedded store that is running, for mongosh or as MONGODB_URL of another process',
    )
    .argument('[database]', 'one database; without it, one URL for all in which {database} stands for the name')
    .option('--data-dir <folder>', 'where the embedded stores are (DATA_DIR; ./data)')
    .option('--json', 'print JSON')
    .action(printUrl);
  const status = new Command('status')
    .description('say of each database where it is, whether it answers, and how much it holds')
    .option('--data-dir <folder>', 'where the embedded stores are (DATA_DIR; ./data)')
    .option('--json', 'print JSON')
    .action(printStatus);
  const command = new Command('store').description('the stores of the subgraphs, and the hub’s own');
  command.addCommand(url).addCommand(status);
  return withExamples(
    command,
    'hub store url',
    'mongosh "$(hub store url population)"',
    'MONGODB_URL="$(hub store url)" hub seed --persons 200000',
    'hub store status --json',
  );
}

async function printUrl(database: string | undefined, { json, ...options }: Options): Promise<void> {
  const { dataDir } = settingsOf(options, 'tool');
  const { runningUrl, urlTemplate } = await import('../../lib/mongo/store-url.ts');
  const url = database === undefined ? undefined : await runningUrl(database, dataDir);
  const found = url ?? (await urlTemplate(database === undefined ? [...subgraphNames(), HUB] : [database], dataDir));
  if (json) printJson({ database, url: found });
  else print(found);
}

async function printStatus({ json, ...options }: Options): Promise<void> {
  const settings = settingsOf(options, 'tool');
  const { storeStatus } = await import('../store-status.ts');
  const rows = await storeStatus(settings);
  if (json) printJson(rows);
  else
    printTable(
      ['database', 'store', 'state', 'collections', 'documents', 'bytes on disk'],
      rows.map((row) => [row.database, row.store, row.state, row.collections, row.documents, row.bytes]),
    );
  if (rows.some(({ state }) => state === 'unreachable')) process.exitCode = 1;
}
