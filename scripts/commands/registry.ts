import { Command } from 'commander';
import { z } from 'zod';
import { printJson, printTable, withExamples } from '../command-line.ts';
import { printPublication, publication, PUBLICATION_FIELDS } from './publication.ts';
import { endpoint, type EndpointOptions, withEndpointOptions } from './request-endpoint.ts';

const registered = z.object({ name: z.string(), owner: z.string(), registeredBy: z.string(), at: z.string() });
const FIELDS = 'name owner registeredBy at';

/** `hub registry`: which department may publish which subgraph. */
export function registryCommand(): Command {
  const command = new Command('registry').description('which department may publish which subgraph');
  const list = new Command('list').description('every registered subgraph').action(async (options: EndpointOptions) => {
    const { ask } = await endpoint(options);
    const { subgraphs } = await ask(`{ subgraphs { ${FIELDS} } }`, {}, z.object({ subgraphs: z.array(registered) }));
    show(options, subgraphs);
  });
  const register = new Command('register')
    .description('let a department publish a subgraph (role hub-operator of the data bureau)')
    .argument('<name>', 'its name: lower-case letters, digits and hyphens')
    .requiredOption('--owner <department>', 'department code')
    .action(async (name: string, options: EndpointOptions & { owner: string }) => {
      const { ask } = await endpoint(options);
      const { done } = await ask(
        `mutation ($name: String!, $owner: String!) { done: registerSubgraph(name: $name, owner: $owner) { ${FIELDS} } }`,
        { name, owner: options.owner },
        z.object({ done: registered }),
      );
      show(options, [done]);
    });
  const transfer = new Command('transfer')
    .description(
      'propose to give a subgraph to another department, with the grants on its items (role hub-operator); its owner decides',
    )
    .argument('<name>', 'its name')
    .requiredOption('--to <department>', 'department code')
    .requiredOption('--reason <text>', 'why')
    .action(async (name: string, options: EndpointOptions & { to: string; reason: string }) => {
      const { ask } = await endpoint(options);
      const { done } = await ask(
        `mutation ($name: String!, $owner: String!, $reason: String!) {
          done: transferSubgraph(name: $name, owner: $owner, reason: $reason) { ${PUBLICATION_FIELDS} } }`,
        { name, owner: options.to, reason: options.reason },
        z.object({ done: publication }),
      );
      if (options.json) printJson(done);
      else printPublication(done, name);
    });
  const withdraw = new Command('withdraw')
    .description('take a subgraph out of what is served (role hub-operator)')
    .argument('<name>', 'its name')
    .requiredOption('--message <text>', 'why')
    .option('--allow-breaking <reason>', 'although somebody uses it; they are told, with the reason')
    .action(async (name: string, options: EndpointOptions & { message: string; allowBreaking?: string }) => {
      const { ask } = await endpoint(options);
      const { done } = await ask(
        `mutation ($name: String!, $message: String!, $breaking: String) {
          done: withdrawSubgraph(name: $name, message: $message, breaking: $breaking) { ${PUBLICATION_FIELDS} } }`,
        { name, message: options.message, breaking: options.allowBreaking },
        z.object({ done: publication }),
      );
      if (options.json) printJson(done);
      else printPublication(done, name);
    });
  for (const each of [list, register, transfer, withdraw]) command.addCommand(withEndpointOptions(each));
  return withExamples(
    command,
    'hub registry list',
    'hub registry register traffic-police --owner public-security-traffic',
    `hub registry withdraw hotline --message 'moved to the provincial hub' --allow-breaking 'ask there'`,
    `hub registry transfer geospatial --to planning-bureau --reason 'reform of 2027'`,
  );
}

function show({ json }: EndpointOptions, subgraphs: readonly z.infer<typeof registered>[]): void {
  if (json) printJson(subgraphs);
  else
    printTable(
      ['subgraph', 'owner', 'registered by', 'at'],
      subgraphs.map(({ name, owner, registeredBy, at }) => [name, owner, registeredBy, at.slice(0, 19)]),
    );
}
