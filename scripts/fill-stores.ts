import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Connection } from 'mongoose';
import { HubError } from '../lib/errors.ts';
import { hasStore } from '../lib/mongo/embedded-stores.ts';
import type { Settings } from '../lib/settings.ts';
import { hubArguments } from './hub-process.ts';
import { seedState } from './seed/seed-log.ts';
import type { HostedSubgraph } from './subgraph-host.ts';

/**
 * Makes the data of a first start before any store is opened here: the process that makes them takes its memory with it when
 * it ends. Subgraphs that run elsewhere, or on a MongoDB server, keep their own data.
 */
export async function fillNewStores(settings: Settings, signal: AbortSignal): Promise<void> {
  const elsewhere = Object.keys(settings.subgraphUrls).length > 0 || settings.stores.url !== undefined;
  if (elsewhere || Object.keys(settings.stores.byDatabase).length > 0) return;
  if (!(await hasStore('population', settings.dataDir))) await generate(settings, signal);
}

/**
 * Fills opened stores that are empty, or goes on where filling them was interrupted. Stores that hold data already, generated
 * or real, are left as they are.
 */
export async function fillStores(
  hosted: readonly HostedSubgraph[],
  { settings, signal }: { readonly settings: Settings; readonly signal: AbortSignal },
): Promise<void> {
  const own = hosted.filter(({ server }) => server.name !== 'exchange').map(({ connection }) => connection);
  if (Object.keys(settings.subgraphUrls).length === 0 && (await needsData(own))) await generate(settings, signal);
}

/** Runs `hub seed`, which joins stores that are open. Its progress is seen on standard error. */
async function generate(settings: Settings, signal: AbortSignal): Promise<void> {
  const { persons, seed } = settings.data;
  const args = ['seed', '--persons', String(persons), '--seed', seed, '--data-dir', settings.dataDir];
  const child = spawn(process.execPath, [...hubArguments(), ...args], {
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
