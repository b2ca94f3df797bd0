import { Command } from 'commander';
import { readSettings } from '../../lib/env.ts';

interface StartFlags {
  readonly port?: string;
  readonly host?: string;
  readonly dataDir?: string;
  readonly persons?: string;
}

/** `hub start`: everything in one process. */
export function startCommand(): Command {
  return new Command('start')
    .description('Start the whole hub: its stores, the subgraphs that do not run elsewhere, and the endpoint.')
    .option('--port <number>', 'port of the endpoint (HUB_PORT, 4000)')
    .option('--host <address>', 'address to listen at (HUB_HOST, 127.0.0.1)')
    .option('--data-dir <folder>', 'where the embedded store keeps its data (DATA_DIR, ./data)')
    .option('--persons <number>', 'size of the data generated at the first start (HUB_PERSONS, 20000)')
    .addHelpText('after', '\nExamples:\n  hub start\n  hub start --port 4100 --data-dir /var/lib/shuniu\n')
    .action(runStart);
}

async function runStart(flags: StartFlags): Promise<void> {
  const { start } = await import('../start.ts');
  const { discoverSubgraphs } = await import('../subgraphs.ts');
  const subgraphs = (await discoverSubgraphs()).map(({ name }) => name);
  const settings = readSettings(
    { subgraphs, role: 'hub' },
    { HUB_PORT: flags.port, HUB_HOST: flags.host, DATA_DIR: flags.dataDir, HUB_PERSONS: flags.persons },
  );
  const stopping = stopSignal();
  const hub = await start(settings, { signal: stopping, say: (text) => process.stdout.write(`${text}\n`) });
  await new Promise<void>((resolve) => {
    if (stopping.aborted) resolve();
    else stopping.addEventListener('abort', () => resolve(), { once: true });
  });
  process.stderr.write('Stopping: requests under way are finished first. Press Ctrl-C again to stop at once.\n');
  await hub.stop();
}

/** Aborts at the first SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  return controller.signal;
}
