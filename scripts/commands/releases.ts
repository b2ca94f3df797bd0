import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { printJson, printTable, withExamples } from '../command-line.ts';
import { printPublication, publication, PUBLICATION_FIELDS } from './publication.ts';
import { count, endpoint, type EndpointOptions, pageOf, printPage, withEndpointOptions } from './request-endpoint.ts';

const release = z.object({
  number: z.number(),
  kind: z.string(),
  at: z.string(),
  department: z.string(),
  officer: z.string(),
  message: z.string(),
  subgraph: z.string().nullable(),
  restores: z.number().nullable(),
  inForce: z.boolean(),
  digest: z.string(),
});

/** `hub releases`. */
export function releasesCommand(): Command {
  const command = withEndpointOptions(new Command('releases'))
    .description('the releases, newest first: what gateways serve and decide by')
    .option('--first <number>', 'how many, 200 at most', count, 20)
    .action(listReleases);
  return withExamples(command, 'hub releases', 'hub releases --first 100 --json');
}

/** `hub rollback`. */
export function rollbackCommand(): Command {
  const command = withEndpointOptions(new Command('rollback'))
    .description('bring back what an earlier release was made of, as a release of its own (role hub-operator)')
    .argument('<number>', 'the earlier release', numberOf)
    .requiredOption('--message <text>', 'why')
    .action(rollBack);
  return withExamples(command, `hub rollback 41 --message 'release 42 hides the address by mistake'`);
}

async function listReleases(options: EndpointOptions & { first: number }): Promise<void> {
  const { ask } = await endpoint(options);
  const { releases } = await ask(
    `query ($first: Int) { releases(first: $first) { edges { node {
      number kind at department officer message subgraph restores inForce digest } } pageInfo { hasNextPage } } }`,
    { first: options.first },
    z.object({ releases: pageOf(release) }),
  );
  printPage(releases, options, (nodes) =>
    printTable(
      ['release', 'in force', 'what', 'of', 'at', 'by', 'why'],
      nodes.map((each) => [
        ...[each.number, each.inForce ? 'yes' : undefined, each.kind],
        ...[each.subgraph ?? (each.restores === null ? undefined : `release ${each.restores}`)],
        ...[each.at.slice(0, 19), `${each.department}/${each.officer}`, each.message],
      ]),
    ),
  );
}

async function rollBack(number: number, options: EndpointOptions & { message: string }): Promise<void> {
  const { ask } = await endpoint(options);
  const { done } = await ask(
    `mutation ($number: Int!, $message: String!) {
      done: rollBack(number: $number, message: $message) { ${PUBLICATION_FIELDS} } }`,
    { number, message: options.message },
    z.object({ done: publication }),
  );
  if (options.json) printJson(done);
  else printPublication(done, `release ${number}`);
}

function numberOf(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value))
    throw new InvalidArgumentError('Give the number of a release, as hub releases shows it.');
  return Number(value);
}
