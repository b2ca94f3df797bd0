import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Connection } from 'mongoose';
import { HubError } from '../lib/errors.ts';
import type { Settings } from '../lib/settings.ts';
import { seedState } from './seed/seed-log.ts';
import type { HostedSubgraph } from './subgraph-host.ts';

/**
 * Fills the stores of a first start with generated data. Stores that hold data already, generated or real, are left as they
 * are; what was interrupted goes on. A process of its own makes the data, so that the hub does not keep the memory it took.
 */
export async function fillStores(
  hosted: readonly HostedSubgraph[],
  { settings, signal }: { readonly settings: Settings; readonly signal: AbortSignal },
): Promise<void> {
  const own = hosted.filter(({ server }) => server.name !== 'exchange').map(({ connection }) => connection);
  // Subgraphs that run elsewhere keep their own data.
  if (Object.keys(settings.subgraphUrls).length > 0 || !(await needsData(own))) return;
  const { persons, seed } = settings.data;
  const args = ['seed', '--persons', String(persons), '--seed', seed, '--data-dir', settings.dataDir];
  const child = spawn(process.execPath, [...process.execArgv, hubScript(), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const interrupt = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  const [code] = (await once(child, 'exit')) as [number | null];
  signal.removeEventListener('abort', interrupt);
  if (code !== 0 && !signal.aborted)
    throw new HubError(
      'SEED_FAILED',
      'The first data could not be generated; the reason stands above. Start again to go on, or begin with an empty DATA_DIR.',
    );
}

async function needsData(connections: readonly Connection[]): Promise<boolean> {
  const states = await Promise.all(connections.map(seedState));
  if (states.includes('BEGUN')) return true;
  return states.includes('NEVER') && (await Promise.all(connections.map(isEmpty))).every(Boolean);
}

async function isEmpty(connection: Connection): Promise<boolean> {
  for (const { collection } of Object.values(connection.models))
    if (await collection.findOne({}, { projection: { _id: 1 } })) return false;
  return true;
}

function hubScript(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './hub.ts' : './hub.js', import.meta.url));
}
