import { Command, CommanderError } from 'commander';
import { quietApollo } from '../lib/env.ts';
import { messageOf } from '../lib/errors.ts';
import { startCommand } from './commands/start.ts';

/** Exit codes: what a script can tell apart. */
export const OK = 0;
export const FAILED = 1;
export const WRONG_USAGE = 2;

/**
 * Runs one command of the command line. Results go to standard output, everything else to standard error.
 * @returns the exit code.
 */
export async function run(args: readonly string[]): Promise<number> {
  quietApollo();
  const program = new Command('hub')
    .description('Shuniu 枢纽: one GraphQL endpoint over the data of many departments, authorised field by field.')
    .helpCommand(false)
    .showHelpAfterError('Run with --help to see the options.')
    .exitOverride();
  for (const command of [startCommand]) program.addCommand(command().exitOverride());
  try {
    await program.parseAsync(args, { from: 'user' });
    return OK;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? OK : WRONG_USAGE;
    process.stderr.write(`hub: ${messageOf(thrown)}\n`);
    return FAILED;
  }
}
