import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Caller } from '../../lib/caller.ts';
import { HubError, messageOf } from '../../lib/errors.ts';
import type { Settings } from '../../lib/settings.ts';
import type { GrantView } from '../../sharing/policy/grant.ts';
import { gather, print, printJson, printTable, withExamples } from '../command-line.ts';
import { settingsOf, type SettingOptions } from '../read-settings.ts';
import type { AskersExplanation, ExplainedItem, ExplainedPlan, Explanation } from '../explain.ts';

interface Options extends SettingOptions {
  readonly department: string;
  readonly application: string;
  readonly purpose?: string;
  readonly officer?: string;
  readonly role: string[];
  readonly as?: string;
  readonly asFile?: string;
  readonly view: 'full' | 'asker';
  readonly variables?: Record<string, unknown>;
  readonly operation?: string;
  readonly plan?: true;
  readonly json?: true;
}

/** Who asks is said by these, or by a token. */
const CALLER_OPTIONS = ['department', 'application', 'officer', 'role'];

/** `hub explain`: who would get what, and why. */
export function explainCommand(): Command {
  const command = new Command('explain')
    .description(
      'say what the endpoint would do with a query: each item’s decision and why, what is left, and the plan',
    )
    .argument('[query]', 'the query; from standard input when absent')
    .option('--department <code>', 'department that asks', 'civil-affairs')
    .option('--application <code>', 'its application', 'relief')
    .option('--purpose <code>', 'what for, as the grant names it; with a token, one of the purposes that it allows')
    .option('--officer <id>', 'the officer at the application')
    .option('--role <code>', 'a role of the caller; repeat it for more', gather, [])
    .addOption(
      new Option(
        '--as <token>',
        'explain for the caller of a token, which is verified as the endpoint does; - reads it from standard input, where no list of processes shows it',
      ).conflicts([...CALLER_OPTIONS, 'asFile']),
    )
    .addOption(new Option('--as-file <file>', 'the same with the token in a file').conflicts(CALLER_OPTIONS))
    .addOption(
      new Option(
        '--view <whose>',
        'full: rules, grants and what each decision turned on, for owners and auditors; asker: what may be told to the one who asks',
      )
        .choices(['full', 'asker'])
        .default('full'),
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
    `hub explain --department government-office --application dashboard --purpose leaders-statistics --role leader --plan < dashboard.graphql`,
    `hub explain --as-file token.txt --view asker '{ persons(filter: { division: "532301" }) { totalCount } }'`,
  );
}

async function run(given: string | undefined, options: Options, command: Command): Promise<void> {
  const { variables, operation, plan, json, view } = options;
  if (view === 'asker' && plan) command.error("error: option '--plan' is not in the view of an asker");
  if (options.as === '-' && given === undefined)
    command.error("error: option '--as -' takes the standard input: give the query as an argument");
  const settings = settingsOf({ dataDir: options.dataDir }, 'tool');
  const caller = await callerOf(options, settings);
  const [{ explain, askersView }, { compose }, { discoverSubgraphs }] = await Promise.all([
    import('../explain.ts'),
    import('../../schema/compose.ts'),
    import('../subgraphs.ts'),
  ]);
  const definitions = await discoverSubgraphs();
  const composition = compose(definitions.map((each) => ({ ...each, url: `local:${each.name}` })));
  const query = given ?? (await readAll(process.stdin));
  const grants = await grantsOf(settings);
  const { limits } = settings;
  const at = Date.now();
  const result = explain({ composition, grants, limits, caller, query, variables, operationName: operation, at });
  const asked = view === 'asker' ? askersView(result) : undefined;
  if (json) printJson(asked ?? result);
  else if (asked) showAsker(asked);
  else show(result, { plan: plan === true });
}

async function callerOf(options: Options, settings: Settings): Promise<Caller> {
  const token = await tokenOf(options);
  if (token !== undefined) return callerOfToken(token, options.purpose, settings);
  const { department, application, purpose, officer, role: roles } = options;
  return {
    department,
    application,
    roles,
    ...(purpose !== undefined && { purpose }),
    ...(officer !== undefined && { officer }),
  };
}

async function tokenOf({ as: given, asFile }: Options): Promise<string | undefined> {
  if (given === '-') return (await readAll(process.stdin)).trim();
  if (asFile === undefined) return given;
  try {
    return (await readFile(asFile, 'utf8')).trim();
  } catch (thrown) {
    throw new HubError('TOKEN_MISSING', `--as-file: cannot be read (${messageOf(thrown)}). Name another file.`);
  }
}

/** @throws HubError UNAUTHENTICATED, with the sentence the endpoint would answer. */
async function callerOfToken(token: string, purpose: string | undefined, settings: Settings): Promise<Caller> {
  const [{ authenticator }, { jwksFrom }, { openKeyring }] = await Promise.all([
    import('../../gateway/authenticate.ts'),
    import('../../lib/keys/jwks-from.ts'),
    import('../../lib/keys/keyring.ts'),
  ]);
  const { tokens, production } = settings;
  const keys = tokens.jwks
    ? jwksFrom(tokens.jwks, { production })
    : openKeyring(settings.keys).verifying('development-issuer');
  const authenticate = authenticator({ keys, issuer: tokens.issuer, audience: tokens.audience });
  return (await authenticate(`Bearer ${token}`, purpose)).caller;
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

function showAsker({ items, decision }: AskersExplanation): void {
  printTable(
    ['code', 'item', 'use', 'owner'],
    items.map(({ code, coordinate, use, owner }) => [code, coordinate, use, owner ?? undefined]),
  );
  for (const { coordinate, howToApply } of items) if (howToApply !== null) print(`\n${coordinate}: ${howToApply}`);
  print(`\nDecision ${decision}.`);
}

function show(
  { items, grants, operation, plan, epoch, decision }: Explanation,
  wanted: { readonly plan: boolean },
): void {
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
  print('');
  printTable(
    ['item', 'use', 'class', 'mask', 'basis', 'subgraph', 'turns on'],
    items.map(({ coordinate, use, rule, turnsOn }) => [
      ...[coordinate, use, rule?.class, rule?.mask ?? undefined, rule?.basis ?? undefined, rule?.subgraph],
      told(turnsOn),
    ]),
  );
  if (grants.length > 0) print('');
  if (grants.length > 0)
    printTable(
      ['grant', 'owner', 'state', 'from', 'until', 'divisions', 'obligations', 'quota', 'basis'],
      grants.map(({ id, owner, state, from, until, divisions, obligations, quota, basis }) => [
        ...[id, owner, state, from, until, divisions.join(' ') || undefined, obligations.join(' ') || undefined],
        ...[quota ? JSON.stringify(quota) : undefined, basis],
      ]),
    );
  print(`\nDecision ${decision}, under policy epoch ${epoch}.`);
  print(operation === null ? '\nNothing is left to ask.' : `\nWhat is left:\n\n${operation}`);
  if (wanted.plan && plan) showPlan(plan);
}

function told(turnsOn: ExplainedItem['turnsOn']): string | undefined {
  const parts = Object.entries(turnsOn).map(([name, value]) => `${name}=${[value ?? '-'].flat().join(',')}`);
  return parts.join(' ') || undefined;
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
