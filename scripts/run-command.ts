import { Command, CommanderError } from 'commander';
import { quietApollo } from '../lib/env.ts';
import { complain, strict } from './command-line.ts';
import { benchCommand } from './commands/bench.ts';
import { catalogueCommand } from './commands/catalogue.ts';
import { cubesCommand } from './commands/cubes.ts';
import { explainCommand } from './commands/explain.ts';
import { gatewayCommand } from './commands/gateway.ts';
import { grantCommand } from './commands/grant.ts';
import { importCommand } from './commands/import.ts';
import { keysCommand } from './commands/keys.ts';
import { lintCommand } from './commands/lint.ts';
import { checkCommand, publishCommand } from './commands/publish.ts';
import { proposalCommand } from './commands/proposal.ts';
import { publishingKeyCommand } from './commands/publishing-key.ts';
import { registryCommand } from './commands/registry.ts';
import { releasesCommand, rollbackCommand } from './commands/releases.ts';
import { newSubgraphCommand } from './commands/new-subgraph.ts';
import { requestCommand } from './commands/request.ts';
import { seedCommand } from './commands/seed.ts';
import { startCommand } from './commands/start.ts';
import { storeCommand } from './commands/store.ts';
import { subgraphCommand } from './commands/subgraph.ts';
import { supergraphCommand } from './commands/supergraph.ts';
import { tokenCommand } from './commands/token.ts';
import { usageCommand } from './commands/usage.ts';
import { freshnessCommand } from './commands/freshness.ts';
import { version } from './version.ts';

/** Exit codes: what a script can tell apart. */
const OK = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

/** In the order of the help. Each loads what it needs when it runs, so that the small ones answer at once. */
const COMMANDS = [
  startCommand,
  subgraphCommand,
  newSubgraphCommand,
  gatewayCommand,
  tokenCommand,
  catalogueCommand,
  requestCommand,
  grantCommand,
  keysCommand,
  seedCommand,
  importCommand,
  cubesCommand,
  storeCommand,
  lintCommand,
  checkCommand,
  publishCommand,
  proposalCommand,
  releasesCommand,
  rollbackCommand,
  usageCommand,
  freshnessCommand,
  registryCommand,
  publishingKeyCommand,
  supergraphCommand,
  explainCommand,
  benchCommand,
];

/**
 * Runs one command of the command line. Results go to standard output, everything else to standard error.
 * @returns the exit code.
 */
export async function run(args: readonly string[]): Promise<number> {
  quietApollo();
  const program = hub();
  try {
    await program.parseAsync(args, { from: 'user' });
    // A command that ran to its end may still have found a fault, such as rejected rows.
    return typeof process.exitCode === 'number' ? process.exitCode : OK;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? OK : WRONG_USAGE;
    complain(thrown, { stack: program.opts<{ stack?: true }>().stack === true });
    return FAILED;
  }
}

function hub(): Command {
  const program = new Command('hub')
    .description('Shuniu 枢纽: one GraphQL endpoint over the data of many departments, authorised field by field.')
    .version(version())
    .option('--stack', 'with an unexpected error, also say where in the program it arose')
    .helpCommand(false)
    .addHelpText(
      'after',
      '\nSettings come from the environment (HUB_PORT, MONGODB_URL, DATA_DIR …); options of a command come before them.' +
        '\nExit status: 0 done, 1 failed, 2 wrong usage.',
    );
  for (const command of COMMANDS) program.addCommand(command());
  strict(program);
  return program;
}
