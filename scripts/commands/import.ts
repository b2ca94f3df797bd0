import { Argument, Command, Option } from 'commander';
import { print, printJson, withExamples } from '../command-line.ts';
import type { ImportResult } from '../import/import-file.ts';
import { settingsOf, type SettingOptions } from '../read-settings.ts';
import { listenForStop } from '../stop-signal.ts';

/** The names of `import/resources.ts`, which is loaded only when a file is imported. */
const RESOURCES = ['persons', 'legal-persons', 'parcels', 'observations', 'archive-items', 'documents', 'complaints'];

interface Options extends SettingOptions {
  readonly encoding?: 'utf8' | 'gb18030';
  readonly format?: 'csv' | 'ndjson' | 'geojson';
  readonly datum?: string;
  readonly rejects?: string;
  readonly json?: true;
}

/** `hub import <resource> <file>`. */
export function importCommand(): Command {
  const command = new Command('import')
    .description('import a department’s file; rows that cannot be stored are written to a reject file with the reason')
    .addArgument(new Argument('<resource>', 'what the rows are').choices(RESOURCES))
    .argument('<file>', 'CSV, NDJSON or GeoJSON')
    .addOption(new Option('--encoding <name>', 'found out when absent').choices(['utf8', 'gb18030']))
    .addOption(new Option('--format <name>', 'by the file’s ending when absent').choices(['csv', 'ndjson', 'geojson']))
    .option('--datum <name>', 'datum of the geometry, where the file does not say it')
    .option('--rejects <file>', 'where rejected rows go (<file>.rejects.csv)')
    .option('--data-dir <folder>', 'where the embedded stores are (DATA_DIR; ./data)')
    .option('--json', 'print the counts as JSON')
    .action(run);
  return withExamples(
    command,
    'hub import persons 2026-10.csv',
    'hub import parcels parcels.geojson --datum CGCS2000',
    'hub import archive-items catalogue.csv --encoding gb18030 --rejects rejected.csv',
  );
}

async function run(resource: string, file: string, { json, ...options }: Options): Promise<void> {
  const settings = settingsOf(options, 'tool');
  const [{ importFile }, { resources }, { openStores }, { showProgress }] = await Promise.all([
    import('../import/import-file.ts'),
    import('../import/resources.ts'),
    import('../open-stores.ts'),
    import('../seed/progress.ts'),
  ]);
  const { signal } = listenForStop();
  const stores = openStores(settings);
  const display = showProgress(`Importing ${resource}`);
  try {
    const connection = await stores.open(resources.get(resource)?.store ?? resource);
    const { encoding, format, datum, rejects } = options;
    const how = { encoding, format, datum, rejects, onProgress: display.show, signal };
    const result = await importFile({ resource, file, connection, ...how });
    display.stop();
    if (json) printJson(result);
    else print(sentences(result));
    if (result.kind === 'INTERRUPTED' || result.rejected > 0) process.exitCode = 1;
  } finally {
    display.stop();
    await stores.close();
  }
}

function sentences({
  kind,
  rows,
  inserted,
  updated,
  unchanged,
  rejected,
  rejects,
  ignoredColumns,
}: ImportResult): string {
  return [
    `${rows} rows: ${inserted} new, ${updated} changed, ${unchanged} unchanged, ${rejected} rejected.`,
    ...(rejects ? [`Rejected rows and why: ${rejects}`] : []),
    ...(ignoredColumns.length > 0 ? [`Columns that belong to no field: ${ignoredColumns.join(', ')}`] : []),
    ...(kind === 'INTERRUPTED' ? ['Interrupted; importing the file again completes it.'] : []),
  ].join('\n');
}
