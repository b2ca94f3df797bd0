import { Command } from 'commander';
import { print, withExamples } from '../command-line.ts';
import { settingsOf } from '../read-settings.ts';

/** `hub supergraph print`. */
export function supergraphCommand(): Command {
  const printCommand = new Command('print')
    .description('compose all subgraphs and print the supergraph’s SDL')
    .option('--policy', 'print the policy table as JSON instead: who owns each item, and how it is shared')
    .action(async ({ policy }: { policy?: true }) => {
      const settings = settingsOf({}, 'tool');
      const [{ compose }, { policyToJson }, { discoverSubgraphs }] = await Promise.all([
        import('../../schema/compose.ts'),
        import('../../schema/policy-json.ts'),
        import('../subgraphs.ts'),
      ]);
      const definitions = await discoverSubgraphs();
      const composition = compose(
        definitions.map((each) => ({ ...each, url: settings.subgraphUrls[each.name] ?? `local:${each.name}` })),
      );
      print(policy ? policyToJson(composition.policy) : composition.supergraphSdl);
    });
  const command = new Command('supergraph').description('what the subgraphs are together').addCommand(printCommand);
  return withExamples(
    command,
    'hub supergraph print > supergraph.graphql',
    `hub supergraph print --policy | jq '.items[] | select(.class == "WITHHELD")'`,
  );
}
