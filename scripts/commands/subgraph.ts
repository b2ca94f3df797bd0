import { Argument, Command } from 'commander';
import { print, printJson, withExamples } from '../command-line.ts';
import { settingsOf, type SettingOptions } from '../read-settings.ts';
import { listenForStop } from '../stop-signal.ts';
import { subgraphNames } from '../subgraphs.ts';

interface Options extends SettingOptions {
  readonly json?: true;
}

/** `hub subgraph <name>`: one department's subgraph by itself, on its own host. */
export function subgraphCommand(): Command {
  const command = new Command('subgraph')
    .description('run one subgraph by itself, with its store, over HTTP')
    .addArgument(new Argument('<name>', 'the subgraph').choices(subgraphNames()))
    .option('--host <address>', 'address to listen on (HUB_HOST; 127.0.0.1)')
    .option('--port <number>', 'port to listen on, 0 for a free one (HUB_PORT; 4000)')
    .option('--data-dir <folder>', 'where its embedded store is (DATA_DIR; ./data)')
    .option(
      '--key-dir <folder>',
      'where the gateway’s public keys are (KEY_DIR; <data>/keys), unless HUB_GATEWAY_JWKS is set',
    )
    .option('--json', 'say where it answers as JSON')
    .action(run);
  return withExamples(
    command,
    'hub subgraph population --port 4101',
    'hub subgraph legal-persons --host 0.0.0.0 --port 4102',
    'HUB_GATEWAY_JWKS=/etc/shuniu/gateway.jwks.json hub subgraph population',
  );
}

async function run(name: string, options: Options): Promise<void> {
  const settings = settingsOf(options, 'subgraph');
  const { runSubgraph } = await import('../run-subgraph.ts');
  const { stopped } = listenForStop();
  const running = await runSubgraph(name, settings);
  if (options.json) printJson({ name, url: running.url });
  else print(`${name} answers at ${running.url}. Ctrl-C stops it in order.`);
  await stopped;
  await running.stop();
}
