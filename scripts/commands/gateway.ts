import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { print, withExamples } from '../command-line.ts';
import { settingsOf, type SettingOptions } from '../read-settings.ts';
import { listenForStop } from '../stop-signal.ts';

interface Options extends SettingOptions {
  readonly supergraph?: string;
  readonly policy?: string;
  readonly open?: boolean;
  readonly subgraph: Readonly<Record<string, string>>;
}

/** `hub gateway`: the endpoint by itself, over any supergraph. */
export function gatewayCommand(): Command {
  const command = new Command('gateway')
    .description('serve the releases of the hub, or any federation 2 supergraph, over subgraphs that answer over HTTP')
    .option('--supergraph <file>', 'SDL of a supergraph, in the place of the hub’s releases; followed when it changes')
    .option('--policy <file>', 'policy table, as hub supergraph print --policy prints it; followed when it changes')
    .option('--open', 'let everybody read everything, without token, grant or record (refused in production)')
    .option('--subgraph <name=url>', 'URL of a subgraph, before the supergraph’s own; repeat it for more', named, {})
    .option('--host <address>', 'address to listen on (HUB_HOST; 127.0.0.1)')
    .option('--port <number>', 'port to listen on, 0 for a free one (HUB_PORT; 4000)')
    .option('--data-dir <folder>', 'where the embedded store and the keys are (DATA_DIR; ./data)')
    .option('--key-dir <folder>', 'where the keys are (KEY_DIR; <data>/keys)')
    .action(run);
  return withExamples(
    command,
    'hub gateway --port 4001 --subgraph population=http://127.0.0.1:4101/graphql',
    'hub gateway --supergraph supergraph.graphql --policy policy.json --port 4000',
    'hub gateway --supergraph shop.graphql --open --subgraph products=http://127.0.0.1:4001/graphql',
  );
}

async function run({ supergraph, policy, open = false, subgraph, ...options }: Options): Promise<void> {
  // Nobody is authenticated at an open gateway: it needs no issuer of tokens.
  const settings = settingsOf(options, open ? 'tool' : 'hub');
  const { runGateway } = await import('../gateway-alone.ts');
  const { stopped } = listenForStop();
  const running = await runGateway(settings, {
    supergraphFile: supergraph === undefined ? undefined : resolve(supergraph),
    policyFile: policy === undefined ? undefined : resolve(policy),
    open,
    subgraphUrls: subgraph,
  });
  print(
    `${open ? 'OPEN to everybody: ' : ''}${running.origin}/graphql serves ${supergraph ?? 'the releases of the hub'}. Ctrl-C stops it in order.`,
  );
  await stopped;
  await running.stop();
}

function named(given: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [, name, url] = /^([^=]+)=(https?:\/\/.+)$/.exec(given) ?? [];
  if (name === undefined || url === undefined || !URL.canParse(url))
    throw new InvalidArgumentError('Give a name and an http or https URL: products=http://127.0.0.1:4001/graphql.');
  return { ...before, [name]: url };
}
