import { text as readAll } from 'node:stream/consumers';
import { Command, InvalidArgumentError } from 'commander';
import type { Caller } from '../../lib/caller.ts';
import type { Settings } from '../../lib/settings.ts';
import type { GrantView } from '../../sharing/policy/grant.ts';
import { print, printJson, printTable, withExamples } from '../command-line.ts';
import { settingsOf, type SettingOptions } from '../read-settings.ts';
import type { ExplainedPlan, Explanation } from '../explain.ts';

interface Options extends SettingOptions {
  readonly department: string;
  readonly application: string;
  readonly purpose?: string;
  readonly role: string[];
  readonly variables?: Record<string, unknown>;
  readonly operation?: string;
  readonly plan?: true;
  readonly json?: true;
}

/** `hub explain`: who would get what, and why. */
export function explainCommand(): Command {
  const command = new Command('explain')
    .description(
      'say what the endpoint would do with a query: each item’s decision and why, what is left, and the plan',
    )
    .argument('[query]', 'the query; from standard input when absent')
    .option('--department <code>', 'department that asks', 'civil-affairs')
    .option('--application <code>', 'its application', 'relief')
    .option('--purpose <code>', 'what for, as the grant names it; without it only unconditional items are shared')
    .option(
      '--role <code>',
      'a role of the caller; repeat it for more',
      (role, roles: string[]) => [...roles, role],
      [],
    )
    .option('--variables <json>', 'values of the query’s variables', readVariables)
    .option('--operation <name>', 'which operation, where the query has several')
    .option('--plan', 'also print the query plan and what each subgraph would be asked')
    .option('--data-dir <folder>', 'where the embedded store is (DATA_DIR; ./data)')
    .option('--json', 'print everything as JSON, the plan included')
    .action(run);
  return withExamples(
    command,
    `hub explain --purpose low-income-check '{ division(code: "532300") { name population { count } } }'`,
    `hub explain --department government-office --application dashboard --purpose leaders-statistics --plan < dashboard.graphql`,
  );
}

async function run(given: string | undefined, options: Options): Promise<void> {
  const { department, application, purpose, role: roles, variables, operation, plan, json } = options;
  const settings = settingsOf({ dataDir: options.dataDir }, 'tool');
  const [{ explain }, { compose }, { discoverSubgraphs }] = await Promise.all([
    import('../explain.ts'),
    import('../../schema/compose.ts'),
    import('../subgraphs.ts'),
  ]);
  const definitions = await discoverSubgraphs();
  const composition = compose(definitions.map((each) => ({ ...each, url: `local:${each.name}` })));
  const caller: Caller = { department, application, roles, ...(purpose !== undefined && { purpose }) };
  const query = given ?? (await readAll(process.stdin));
  const grants = await grantsOf(settings);
  const { limits } = settings;
  const at = Date.now();
  const result = explain({ composition, grants, limits, caller, query, variables, operationName: operation, at });
  if (json) printJson(result);
  else show(result, { plan: plan === true });
}

/** The grants of the hub's store, of a hub that runs beside as well; none where there is no store yet. */
async function grantsOf(settings: Settings): Promise<GrantView> {
  const [{ hasStore }, { joinStore }, { HUB_DATABASE, storeFor }, { sharingModels }, { loadGrants }, { grantView }] =
    await Promise.all([
      import('../../lib/mongo/embedded-stores.ts'),
      import('../../lib/mongo/store-url.ts'),
      import('../../lib/settings.ts'),
      import('../../sharing/store/models.ts'),
      import('../../sharing/store/grant-store.ts'),
      import('../../sharing/policy/grant.ts'),
    ]);
  const place = storeFor(settings, HUB_DATABASE);
  if (place.url === undefined && !(await hasStore(HUB_DATABASE, place.dataDir))) {
    process.stderr.write(`There is no store in ${place.dataDir} yet: explained as if nothing were granted.\n`);
    return grantView(0, []);
  }
  const store = await joinStore(HUB_DATABASE, place);
  try {
    return await loadGrants(sharingModels(store.connection), new Date());
  } finally {
    await store.close();
  }
}

function show({ items, operation, plan, epoch }: Explanation, wanted: { readonly plan: boolean }): void {
  printTable(
    ['decision', 'item', 'use', 'why', 'owner', 'grants', 'until'],
    items.map((item) => [
      item.decision,
      item.coordinate,
      item.use,
      item.reason,
      item.owner ?? undefined,
      item.grants.join(' ') || undefined,
      item.until ?? undefined,
    ]),
  );
  print(`\nDecided under policy epoch ${epoch}.`);
  print(operation === null ? '\nNothing is left to ask.' : `\nWhat is left:\n\n${operation}`);
  if (wanted.plan && plan) showPlan(plan);
}

function showPlan({ text, fetches }: ExplainedPlan): void {
  print(`\nPlan:\n\n${text}`);
  for (const { subgraph, operation } of fetches) print(`\nAsked of ${subgraph}:\n\n${operation}`);
}

function readVariables(given: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(given);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // What cannot be parsed is told like what is no object; the parser's message would repeat the values.
  }
  throw new InvalidArgumentError('Give a JSON object: {"code":"532300"}.');
}
