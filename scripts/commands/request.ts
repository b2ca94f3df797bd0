import { Command, Option } from 'commander';
import { z } from 'zod';
import { gather, print, printJson, printTable, withExamples } from '../command-line.ts';
import { type ConditionOptions, conditions, obligationOption, quotaOf, summary } from './conditions.ts';
import {
  type AskedItem,
  count,
  endpoint,
  type EndpointOptions,
  gatherItem,
  moment,
  pageOf,
  printPage,
  withEndpointOptions,
} from './request-endpoint.ts';

interface CreateOptions extends EndpointOptions, ConditionOptions {
  readonly item: readonly AskedItem[];
  readonly division: readonly string[];
  readonly basis: string;
  readonly purpose?: string;
  readonly from?: string;
  readonly until?: string;
  readonly days?: number;
  readonly quiet?: true;
}

interface ListOptions extends EndpointOptions {
  readonly state?: string;
  readonly first: number;
}

/** `hub request`: asks owners for grants, and shows what was asked. */
export function requestCommand(): Command {
  const command = new Command('request').description('ask the owners of items for grants, and see what was asked');
  const create = new Command('create')
    .description('ask for items in the name of the token’s application; one request for each owner')
    .requiredOption(
      '--item <coordinate>',
      'Type.field to be shown, or Type.field=USE,USE; repeat it for more',
      gatherItem,
    )
    .requiredOption('--basis <text>', 'the law or rule that the purpose rests on')
    .requiredOption('--division <code>', 'division whose rows are needed; repeat it for more', gather)
    .option('--purpose <code>', 'what for; what the token names when absent')
    .option('--days <number>', 'length of the term', count)
    .option('--until <day>', 'end of the term, instead of --days: the first day it is no longer needed', moment)
    .option('--from <day>', 'beginning of the term; as soon as it is approved when absent', moment)
    .option('--rows-per-day <number>', 'most rows you need on a day', count)
    .option('--subjects-per-day <number>', 'most different data subjects you need on a day', count)
    .addOption(obligationOption('what you will observe; repeat it for more'))
    .option('--quiet', 'print the ids alone')
    .action(createRequests);
  const list = new Command('list')
    .description('the requests your department made or has to decide on, newest first')
    .addOption(new Option('--state <state>', 'only these').choices(['PENDING', 'APPROVED', 'REFUSED']))
    .option('--first <number>', 'how many, 200 at most', count, 20)
    .action(listRequests);
  const show = new Command('show').description('one request').argument('<id>', 'its id').action(showRequest);
  for (const each of [create, list, show]) command.addCommand(withEndpointOptions(each));
  return withExamples(
    command,
    `hub request create --item Person.maritalStatus --basis '社会救助暂行办法 第五十八条' --division 532300 --days 365`,
    'hub request create --item Person.residentNumber=LOOKUP,VERIFY --item LegalPerson.name --basis … --division 532301 --until 2027-06-30',
    'hub request list --state PENDING',
    'hub request show R-0123456789abcdef',
  );
}

const FIELDS = `id department application officer purpose basis items { coordinate uses } divisions validFrom validUntil
  quota { rowsPerDay subjectsPerDay } obligations owner state requestedAt decidedBy decidedAt reason grant`;

const request = z.object({
  id: z.string(),
  department: z.string(),
  application: z.string(),
  officer: z.string(),
  purpose: z.string(),
  basis: z.string(),
  items: z.array(z.object({ coordinate: z.string(), uses: z.array(z.string()) })),
  divisions: z.array(z.string()),
  validFrom: z.string(),
  validUntil: z.string(),
  ...conditions,
  owner: z.string(),
  state: z.string(),
  requestedAt: z.string(),
  decidedBy: z.string().nullable(),
  decidedAt: z.string().nullable(),
  reason: z.string().nullable(),
  grant: z.string().nullable(),
});
type Request = z.infer<typeof request>;

async function createRequests({ quiet, ...options }: CreateOptions): Promise<void> {
  const { item: items, division: divisions, basis, from, until, days } = options;
  const { ask, purpose } = await endpoint(options);
  const input = {
    ...{ purpose: options.purpose ?? purpose ?? '', basis, items, divisions },
    ...(from !== undefined && { validFrom: from }),
    ...(until !== undefined && { validUntil: until }),
    ...(days !== undefined && { days }),
    ...(quotaOf(options) && { quota: quotaOf(options) }),
    ...(options.obligation && { obligations: options.obligation }),
  };
  const { requestSharing: made } = await ask(
    `mutation ($input: SharingRequestInput!) { requestSharing(input: $input) { ${FIELDS} } }`,
    { input },
    z.object({ requestSharing: z.array(request) }),
  );
  if (quiet) print(made.map(({ id }) => id).join('\n'));
  else if (options.json) printJson(made);
  else table(made);
}

async function listRequests(options: ListOptions): Promise<void> {
  const { ask } = await endpoint(options);
  const { requests } = await ask(
    `query ($first: Int, $state: RequestState) {
      requests(first: $first, state: $state) { edges { node { ${FIELDS} } } pageInfo { hasNextPage } } }`,
    { first: options.first, ...(options.state !== undefined && { state: options.state }) },
    z.object({ requests: pageOf(request) }),
  );
  printPage(requests, options, table);
}

async function showRequest(id: string, options: EndpointOptions): Promise<void> {
  const { ask } = await endpoint(options);
  const data = z.object({ request });
  const { request: found } = await ask(`query ($id: ID!) { request(id: $id) { ${FIELDS} } }`, { id }, data);
  if (options.json) {
    printJson(found);
    return;
  }
  const { items, divisions, quota, obligations, ...rest } = found;
  for (const [name, value] of Object.entries(rest)) if (value !== null) print(`${name.padEnd(12)} ${value}`);
  print(`${'divisions'.padEnd(12)} ${divisions.join(' ')}`);
  if (quota) print(`${'a day'.padEnd(12)} ${summary(quota) ?? ''}`);
  for (const obligation of obligations) print(`${'bound to'.padEnd(12)} ${obligation}`);
  for (const { coordinate, uses } of items) print(`${'item'.padEnd(12)} ${coordinate}=${uses.join(',')}`);
}

function table(requests: readonly Request[]): void {
  printTable(
    ['id', 'state', 'asked by', 'of', 'purpose', 'items', 'until', 'grant'],
    requests.map(({ id, state, department, application, owner, purpose, items, validUntil, grant }) => [
      ...[id, state, `${department}/${application}`, owner, purpose],
      ...[itemSummary(items), validUntil.slice(0, 10), grant ?? undefined],
    ]),
  );
}

function itemSummary(items: Request['items']): string {
  const [first] = items;
  return items.length > 1 ? `${first?.coordinate ?? ''} and ${items.length - 1} more` : (first?.coordinate ?? '');
}
