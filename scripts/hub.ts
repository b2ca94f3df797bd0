#!/usr/bin/env node
import { run } from './run-command.ts';

process.exitCode = await run(process.argv.slice(2));
