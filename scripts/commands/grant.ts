import { Command } from 'commander';
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

interface ChangeOptions extends EndpointOptions {
  readonly quiet?: true;
}

interface ApproveOptions extends ChangeOptions, ConditionOptions {
  readonly item?: readonly AskedItem[];
  readonly division?: readonly string[];
  readonly until?: string;
  readonly reason?: string;
}

/** `hub grant`: an owner's officer decides on requests, and ends or renews what was granted. */
export function grantCommand(): Command {
  const command = new Command('grant').description(
    'decide on requests as the owner’s officer; revoke, renew, list grants',
  );
  const list = new Command('list')
    .description('the grants your department holds or gave')
    .option('--first <number>', 'how many, 200 at most', count, 20)
    .action(listGrants);
  const approve = new Command('approve')
    .description('grant what was asked for, or less')
    .argument('<request>', 'id of the request')
    .option(
      '--item <coordinate>',
      'only this of the items: Type.field, or Type.field=USE,USE; repeat it for more',
      gatherItem,
    )
    .option('--division <code>', 'only this division, one of those asked for or inside one; repeat it for more', gather)
    .option('--until <day>', 'an earlier end than was asked for', moment)
    .option('--rows-per-day <number>', 'most rows it may show on a day', count)
    .option('--subjects-per-day <number>', 'most different data subjects it may show on a day', count)
    .addOption(obligationOption('what its holder must observe; repeat it for more'))
    .option('--reason <text>', 'what you say to it, for who asked')
    .action((request: string, options: ApproveOptions) =>
      change(
        options,
        `mutation ($request: ID!, $items: [SharedItemInput!], $divisions: [String!], $validUntil: DateTime, $quota: QuotaInput,
          $obligations: [Obligation!], $reason: String) {
          done: approve(request: $request, items: $items, divisions: $divisions, validUntil: $validUntil, quota: $quota,
            obligations: $obligations, reason: $reason) { ${FIELDS} } }`,
        {
          ...{ request, items: options.item, divisions: options.division, validUntil: options.until },
          ...{ quota: quotaOf(options), obligations: options.obligation, reason: options.reason },
        },
      ),
    );
  const confirm = new Command('confirm')
    .description('say what a grant covers where its divisions were merged or split')
    .argument('<grant>', 'id of the grant')
    .requiredOption('--division <code>', 'what became of one of its divisions; repeat it for more', gather)
    .action((grant: string, { division: divisions, ...options }: ChangeOptions & { readonly division: string[] }) =>
      change(
        options,
        `mutation ($grant: ID!, $divisions: [String!]!) {
          done: confirmDivisions(grant: $grant, divisions: $divisions) { ${FIELDS} } }`,
        { grant, divisions },
      ),
    );
  const refuse = new Command('refuse')
    .description('refuse a request')
    .argument('<request>', 'id of the request')
    .requiredOption('--reason <text>', 'why, for who asked')
    .action(refuseRequest);
  const revoke = new Command('revoke')
    .description('end a grant at once; every gateway knows within a second')
    .argument('<grant>', 'id of the grant')
    .requiredOption('--reason <text>', 'why, for who holds it')
    .action((grant: string, { reason, ...options }: ChangeOptions & { readonly reason: string }) =>
      change(
        options,
        `mutation ($grant: ID!, $reason: String!) { done: revoke(grant: $grant, reason: $reason) { ${FIELDS} } }`,
        { grant, reason },
      ),
    );
  const renew = new Command('renew')
    .description('move the end of a grant, to three years from now at most')
    .argument('<grant>', 'id of the grant')
    .requiredOption('--until <day>', 'the new end', moment)
    .action((grant: string, { until, ...options }: ChangeOptions & { readonly until: string }) =>
      change(
        options,
        `mutation ($grant: ID!, $until: DateTime!) { done: renew(grant: $grant, until: $until) { ${FIELDS} } }`,
        { grant, until },
      ),
    );
  for (const each of [approve, revoke, renew, confirm]) each.option('--quiet', 'print the id of the grant alone');
  for (const each of [list, approve, refuse, revoke, renew, confirm]) command.addCommand(withEndpointOptions(each));
  return withExamples(
    command,
    'hub grant list --json',
    'hub grant approve R-0123456789abcdef --division 532301 --until 2027-06-30',
    `hub grant refuse R-0123456789abcdef --reason 'the rule names no such purpose'`,
    `hub grant revoke G-0123456789abcdef --reason 'the purpose has ended'`,
    'hub grant approve R-0123456789abcdef --rows-per-day 500 --subjects-per-day 200 --obligation OFFICER_NAMED',
    'hub grant renew G-0123456789abcdef --until 2028-01-01 --token-file officer.token',
    'hub grant confirm G-0123456789abcdef --division 230717',
  );
}

const FIELDS = `id state owner department application purpose basis items { coordinate uses } divisions
  needsConfirmation { code successors } validFrom validUntil quota { rowsPerDay subjectsPerDay }
  usedToday { rows subjects renewsAt } obligations request approvedBy renewedBy revokedBy revocationReason`;

const grant = z.object({
  id: z.string(),
  state: z.string(),
  owner: z.string(),
  department: z.string(),
  application: z.string(),
  purpose: z.string(),
  basis: z.string(),
  items: z.array(z.object({ coordinate: z.string(), uses: z.array(z.string()) })),
  divisions: z.array(z.string()),
  needsConfirmation: z.array(z.object({ code: z.string(), successors: z.array(z.string()) })),
  validFrom: z.string(),
  validUntil: z.string(),
  ...conditions,
  usedToday: z.object({ rows: z.number(), subjects: z.number(), renewsAt: z.string() }).nullable(),
  request: z.string().nullable(),
  approvedBy: z.string().nullable(),
  renewedBy: z.string().nullable(),
  revokedBy: z.string().nullable(),
  revocationReason: z.string().nullable(),
});

async function listGrants(options: EndpointOptions & { readonly first: number }): Promise<void> {
  const { ask } = await endpoint(options);
  const { grants } = await ask(
    `query ($first: Int) { grants(first: $first) { edges { node { ${FIELDS} } } pageInfo { hasNextPage } } }`,
    { first: options.first },
    z.object({ grants: pageOf(grant) }),
  );
  printPage(grants, options, table);
}

async function change(options: ChangeOptions, mutation: string, variables: Record<string, unknown>): Promise<void> {
  const { ask } = await endpoint(options);
  const { done } = await ask(mutation, variables, z.object({ done: grant }));
  if (options.quiet) print(done.id);
  else if (options.json) printJson(done);
  else table([done]);
}

async function refuseRequest(id: string, options: EndpointOptions & { readonly reason: string }): Promise<void> {
  const { ask } = await endpoint(options);
  const { refuse } = await ask(
    'mutation ($id: ID!, $reason: String!) { refuse(request: $id, reason: $reason) { id state reason } }',
    { id, reason: options.reason },
    z.object({ refuse: z.object({ id: z.string(), state: z.string(), reason: z.string() }) }),
  );
  if (options.json) printJson(refuse);
  else printTable(['id', 'state', 'reason'], [[refuse.id, refuse.state, refuse.reason]]);
}

function table(grants: readonly z.infer<typeof grant>[]): void {
  printTable(
    ['id', 'state', 'held by', 'from', 'purpose', 'items', 'divisions', 'until', 'a day', 'used today', 'bound to'],
    grants.map(({ id, state, department, application, owner, purpose, items, divisions, validUntil, ...each }) => [
      ...[id, state, `${department}/${application}`, owner, purpose],
      ...[items.length, divisions.join(' '), validUntil.slice(0, 10), summary(each.quota)],
      each.usedToday ? `${each.usedToday.rows} rows, ${each.usedToday.subjects} subjects` : undefined,
      each.obligations.join(' ') || undefined,
    ]),
  );
  for (const { id, needsConfirmation } of grants)
    for (const { code, successors } of needsConfirmation)
      print(
        `${id}: ${code} became ${successors.join(', ')}. Its owner says which are covered: hub grant confirm ${id} --division …`,
      );
}
