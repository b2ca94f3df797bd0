import { Command, Option } from 'commander';
import { z } from 'zod';
import { print, printJson, printTable, withExamples } from '../command-line.ts';
import { printGains, proposal, type Proposal, PROPOSAL_FIELDS } from './publication.ts';
import { count, endpoint, type EndpointOptions, pageOf, printPage, withEndpointOptions } from './request-endpoint.ts';

/** `hub proposal`: what would let somebody see more, and waits for a second officer. */
export function proposalCommand(): Command {
  const command = new Command('proposal').description(
    'decide, as a second officer of the owner, on what would let somebody see more',
  );
  const list = new Command('list')
    .description('the proposals your department made or has to decide on, newest first')
    .addOption(new Option('--state <state>', 'only these').choices(['PENDING', 'APPROVED', 'REFUSED']))
    .option('--first <number>', 'how many, 200 at most', count, 20)
    .action(listProposals);
  const show = new Command('show')
    .description('one proposal: what it loosens, and who would newly see what')
    .argument('<id>', 'its id')
    .action((id: string, options: EndpointOptions) =>
      one(options, `query ($id: ID!) { done: proposal(id: $id) { ${PROPOSAL_FIELDS} } }`, { id }),
    );
  const approve = new Command('approve')
    .description('approve it for your department (role sharing-officer, never the one who proposed)')
    .argument('<id>', 'its id')
    .action((id: string, options: EndpointOptions) =>
      one(options, `mutation ($id: ID!) { done: approveProposal(proposal: $id) { ${PROPOSAL_FIELDS} } }`, { id }),
    );
  const refuse = new Command('refuse')
    .description('refuse it for your department')
    .argument('<id>', 'its id')
    .requiredOption('--reason <text>', 'why, for who proposed it')
    .action((id: string, options: EndpointOptions & { reason: string }) =>
      one(
        options,
        `mutation ($id: ID!, $reason: String!) { done: refuseProposal(proposal: $id, reason: $reason) { ${PROPOSAL_FIELDS} } }`,
        { id, reason: options.reason },
      ),
    );
  for (const each of [list, show, approve, refuse]) command.addCommand(withEndpointOptions(each));
  return withExamples(
    command,
    'hub proposal list --state PENDING',
    'hub proposal show P-0123456789abcdef',
    'hub proposal approve P-0123456789abcdef',
    `hub proposal refuse P-0123456789abcdef --reason 'the phone number stays masked'`,
  );
}

async function listProposals(options: EndpointOptions & { state?: string; first: number }): Promise<void> {
  const { ask } = await endpoint(options);
  const { proposals } = await ask(
    `query ($first: Int, $state: RequestState) {
      proposals(first: $first, state: $state) { edges { node { ${PROPOSAL_FIELDS} } } pageInfo { hasNextPage } } }`,
    { first: options.first, ...(options.state !== undefined && { state: options.state }) },
    z.object({ proposals: pageOf(proposal) }),
  );
  printPage(proposals, options, (nodes) =>
    printTable(
      ['id', 'state', 'of', 'what', 'items', 'owners', 'release'],
      nodes.map((each) => [
        ...[each.id, each.state, `${each.department}/${each.officer}`],
        ...[whatOf(each), each.rights.length],
        ...[each.owners.join(' '), each.release ?? undefined],
      ]),
    ),
  );
}

async function one(options: EndpointOptions, query: string, variables: Record<string, unknown>): Promise<void> {
  const { ask } = await endpoint(options);
  const { done } = await ask(query, variables, z.object({ done: proposal }));
  if (options.json) printJson(done);
  else printProposal(done);
}

function printProposal({ rights, gains, owners, approvedBy, ...rest }: Proposal): void {
  for (const [name, value] of Object.entries(rest)) if (value !== null) print(`${name.padEnd(12)} ${value}`);
  print(`${'owners'.padEnd(12)} ${owners.join(' ')}`);
  if (approvedBy.length > 0) print(`${'approved by'.padEnd(12)} ${approvedBy.join(' ')}`);
  print('\nWhat it loosens');
  printTable(
    ['item', 'what', 'before', 'after'],
    rights.map((each) => [each.coordinate, each.what, each.before, each.after]),
  );
  printGains(gains);
}

function whatOf({ subgraph, restores, transferTo }: Proposal): string {
  if (restores !== null) return `release ${restores} again`;
  return `${subgraph ?? ''}${transferTo === null ? '' : ` to ${transferTo}`}`;
}
