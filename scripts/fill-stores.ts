import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Connection } from 'mongoose';
import { cubeModels } from '../lib/cubes/models.ts';
import { HubError } from '../lib/errors.ts';
import { hasStore } from '../lib/mongo/embedded-stores.ts';
import type { Settings } from '../lib/settings.ts';
import { hubArguments } from './hub-process.ts';
import { seedState } from './seed/seed-log.ts';
import type { HostedSubgraph } from './subgraph-host.ts';

/**
 * Makes the data of a first start before any store is opened here: the processes that make them take their memory with them when
 * they end. Subgraphs that run elsewhere, or on a MongoDB server, keep their own data.
 */
export async function fillNewStores(settings: Settings, signal: AbortSignal): Promise<void> {
  const elsewhere = Object.keys(settings.subgraphUrls).length > 0 || settings.stores.url !== undefined;
  if (elsewhere || Object.keys(settings.stores.byDatabase).length > 0) return;
  if (await hasStore('population', settings.dataDir)) return;
  await generate(settings, signal);
  await release(settings, signal);
}

/**
 * Fills opened stores that are empty, or goes on where filling them was interrupted, and has their first tables released. Stores
 * that hold data already, generated or real, are left as they are.
 */
export async function fillStores(
  hosted: readonly HostedSubgraph[],
  { settings, signal }: { readonly settings: Settings; readonly signal: AbortSignal },
): Promise<void> {
  const own = hosted.filter(({ server }) => server.name !== 'exchange').map(({ connection }) => connection);
  if (Object.keys(settings.subgraphUrls).length > 0) return;
  if (await needsData(own)) await generate(settings, signal);
  if ((await Promise.all(own.map(isGenerated))).every(Boolean) && !(await hasRelease(own)))
    await release(settings, signal);
}

/** Runs `hub seed`, which joins stores that are open. */
async function generate(settings: Settings, signal: AbortSignal): Promise<void> {
  const { persons, seed } = settings.data;
  const args = ['seed', '--persons', String(persons), '--seed', seed, '--data-dir', settings.dataDir];
  if ((await runHub(args, signal)) || signal.aborted) return;
  throw new HubError(
    'SEED_FAILED',
    'The first data could not be generated; the reason stands above. Start again to go on, or begin with an empty DATA_DIR.',
  );
}

/** Runs `hub cubes build`: without a release no count is answered. */
async function release(settings: Settings, signal: AbortSignal): Promise<void> {
  if ((await runHub(['cubes', 'build', '--data-dir', settings.dataDir], signal)) || signal.aborted) return;
  throw new HubError(
    'CUBES_FAILED',
    'The first statistical release could not be built; the reason stands above. Start again to go on.',
  );
}

/** Whether the command ended well. Its progress is seen on standard error. */
async function runHub(args: readonly string[], signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const child = spawn(process.execPath, [...hubArguments(), ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const interrupt = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  const [code] = (await once(child, 'exit')) as [number | null];
  signal.removeEventListener('abort', interrupt);
  return code === 0;
}

async function needsData(connections: readonly Connection[]): Promise<boolean> {
  const states = await Promise.all(connections.map(seedState));
  if (states.includes('BEGUN')) return true;
  return states.includes('NEVER') && (await Promise.all(connections.map(isEmpty))).every(Boolean);
}

async function isGenerated(connection: Connection): Promise<boolean> {
  return (await seedState(connection)) === 'COMPLETE';
}

async function hasRelease(connections: readonly Connection[]): Promise<boolean> {
  for (const connection of connections)
    if (await cubeModels(connection).releases.exists({ state: 'PUBLISHED' })) return true;
  return false;
}

async function isEmpty(connection: Connection): Promise<boolean> {
  for (const { collection } of Object.values(connection.models))
    if (await collection.findOne({}, { projection: { _id: 1 } })) return false;
  return true;
}
