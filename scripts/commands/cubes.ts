import { Command } from 'commander';
import { today } from '../../lib/today.ts';
import { print, printJson, printTable, withExamples } from '../command-line.ts';
import type { BuildProgress, BuildResult } from '../cubes/build.ts';
import type { HiddenShare, ListedRelease } from '../cubes/list.ts';
import { settingsOf, type SettingOptions } from '../read-settings.ts';
import type { ProgressDisplay } from '../seed/progress.ts';
import { listenForStop } from '../stop-signal.ts';

interface BuildOptions extends SettingOptions {
  readonly period?: string;
  readonly json?: true;
}

interface ListOptions extends SettingOptions {
  readonly json?: true;
}

/** `hub cubes`: statistical releases. */
export function cubesCommand(): Command {
  const command = new Command('cubes').description('statistical releases: protected tables by division and period');
  command
    .command('build')
    .description('count the registers, protect the tables and publish them; interrupted, the same command goes on')
    .option('--period <month>', 'the month it is for, this one or the last (this month)')
    .option('--data-dir <folder>', 'where the embedded stores are (DATA_DIR; ./data)')
    .option('--json', 'print the result as JSON')
    .action(build);
  command
    .command('list')
    .description('the releases, and how much of each table is hidden')
    .option('--data-dir <folder>', 'where the embedded stores are (DATA_DIR; ./data)')
    .option('--json', 'print them as JSON')
    .action(list);
  return withExamples(command, 'hub cubes build', 'hub cubes build --period 2026-10', 'hub cubes list --json');
}

async function build({ period: asked, json, ...options }: BuildOptions): Promise<void> {
  const settings = settingsOf(options, 'tool');
  const [{ buildCubes }, { openCubeStores }, { periodToBuild }, { showProgress }] = await Promise.all([
    import('../cubes/build.ts'),
    import('../cubes/open.ts'),
    import('../cubes/period.ts'),
    import('../seed/progress.ts'),
  ]);
  const { period, asOf } = periodToBuild(asked, today());
  const { signal } = listenForStop();
  const stores = await openCubeStores(settings);
  const displays = {
    COUNTING: showProgress('Counting rows'),
    PROTECTING: showProgress('Protecting tables'),
  } satisfies Record<BuildProgress['phase'], ProgressDisplay>;
  const stop = (): void => {
    for (const display of Object.values(displays)) display.stop();
  };
  try {
    const onProgress = ({ phase, ...progress }: BuildProgress): void => displays[phase].show(progress);
    const result = await buildCubes(stores.stores, { period, asOf, signal, onProgress });
    stop();
    if (json) printJson(result);
    else show(result);
    if (result.kind !== 'PUBLISHED') process.exitCode = 1;
  } finally {
    stop();
    await stores.close();
  }
}

function show({ kind, release, period, asOf, rows, protections, carriedOver, refusals, ended }: BuildResult): void {
  if (ended?.as === 'COMPLETED')
    print(`Release ${ended.release} of ${ended.period} was published in some stores only; now it is in all.`);
  if (ended?.as === 'DROPPED')
    print(`Release ${ended.release} of ${ended.period} was never finished and cannot be any more; it was dropped.`);
  if (kind === 'INTERRUPTED') {
    print('Interrupted, and nothing published; the same command goes on.');
    return;
  }
  if (kind === 'REFUSED') {
    print('Refused, and nothing published: not one table could be protected.');
    for (const refusal of refusals) print(`  ${refusal}`);
    return;
  }
  print(`Release ${release} of ${period}, as of ${asOf}, is published; ${rows} rows were counted.`);
  const lines = protections.flatMap(({ _id, tables }) => {
    const [, audience = '', cube = ''] = _id.split('/');
    return tables.map((each) => ({ ...each, audience, cube }));
  });
  printTable(
    ['cube', 'table', 'audience', 'cells', 'primary', 'secondary', 'hidden'],
    lines.map((each) => [...[each.cube, each.table || 'total', each.audience, each.cells], ...hidden(each)]),
  );
  const narrowed = protections.flatMap(({ _id, narrowed: ids = [] }) => (ids.length > 0 ? [{ _id, ids }] : []));
  if (narrowed.length > 0) print('Hidden cells that nobody can compute, but can place closer than the rules ask:');
  for (const { _id, ids } of narrowed) {
    const [, audience, cube] = _id.split('/');
    print(
      `  ${cube}, ${audience}: ${ids.slice(0, NAMED).join('  ')}${ids.length > NAMED ? `  and ${ids.length - NAMED} more` : ''}`,
    );
  }
  if (carriedOver.length === 0) return;
  print('Carried over, as they could not be protected; the release named answers on:');
  printTable(
    ['table', 'level', 'answered by', 'why'],
    carriedOver.map(({ table, level, from, reason }) => [
      table,
      level,
      from === null ? 'none' : `release ${from}`,
      reason,
    ]),
  );
}

/** Cells that are named before the rest is only counted. */
const NAMED = 5;

function hidden({ cells, primary, secondary }: { cells: number; primary: number; secondary: number }) {
  return [primary, secondary, cells === 0 ? undefined : `${((100 * (primary + secondary)) / cells).toFixed(1)} %`];
}

/** 'population/AGE_BAND TOWNSHIP', for each level of a table. */
function carried({ carriedOver }: ListedRelease): string {
  return carriedOver.map(({ table, level }) => `${table} ${level}`).join(', ') || '-';
}

async function list({ json, ...options }: ListOptions): Promise<void> {
  const settings = settingsOf(options, 'tool');
  const [{ listReleases }, { openCubeStores }] = await Promise.all([
    import('../cubes/list.ts'),
    import('../cubes/open.ts'),
  ]);
  const stores = await openCubeStores(settings);
  try {
    const releases = await listReleases(stores.stores);
    if (json) {
      printJson(releases);
      return;
    }
    const share = (of: HiddenShare | undefined): string | undefined =>
      of && of.cells > 0 ? `${((100 * of.hidden) / of.cells).toFixed(1)} %` : undefined;
    printTable(
      [
        'release',
        'period',
        'as of',
        'published',
        'departments',
        'tables',
        'carried over',
        'hidden: general',
        'hidden: leader',
      ],
      releases.map((each) => [
        ...[each.release, each.period, each.asOf, each.publishedAt?.toISOString().slice(0, 16) ?? 'not yet'],
        ...[each.stores.length, each.tables, carried(each), share(each.hidden.GENERAL), share(each.hidden.LEADER)],
      ]),
    );
  } finally {
    await stores.close();
  }
}
