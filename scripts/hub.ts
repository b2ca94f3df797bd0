#!/usr/bin/env node
import { run } from './run-command.ts';

// `hub … | head` closes the pipe early: nobody is left to read, which is no failure of the command.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2));
