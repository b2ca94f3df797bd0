import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Connection } from 'mongoose';
import { HubError } from '../../lib/errors.ts';

/** Milliseconds after which a builder that says nothing is taken for dead, and how often it speaks. */
const LEASE_MS = 60_000;
const RENEW_MS = LEASE_MS / 4;

interface LockRecord {
  readonly _id: string;
  readonly holder: string;
  readonly host: string;
  readonly pid: number;
  readonly until: Date;
}

const KEY = 'build';
const DUPLICATE_KEY = 11_000;

export interface BuildLock {
  /** Aborts when the lock was lost: a process that slept longer than the lease must not go on writing. */
  readonly lost: AbortSignal;
  /** @throws HubError CUBES_BUSY where another builder has it by now. */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the stores for one builder: two of them would write one release together, each with other cells hidden. Stores are taken in
 * the order of their names, so that two builders never wait for one another.
 * @throws HubError CUBES_BUSY where another process builds.
 */
export async function lockStores(
  stores: readonly { readonly name: string; readonly connection: Connection }[],
): Promise<BuildLock> {
  const holder = randomUUID();
  const inOrder = [...stores].sort((one, other) => (one.name < other.name ? -1 : 1));
  const taken: Connection[] = [];
  const release = async (): Promise<void> => {
    for (const connection of taken) await locks(connection).deleteOne({ _id: KEY, holder });
  };
  try {
    for (const { connection } of inOrder) {
      await take(connection, holder);
      taken.push(connection);
    }
  } catch (thrown) {
    await release();
    throw thrown;
  }
  const lost = new AbortController();
  const confirm = async (): Promise<void> => {
    const until = new Date(Date.now() + LEASE_MS);
    for (const connection of taken) {
      const { matchedCount } = await locks(connection).updateOne({ _id: KEY, holder }, { $set: { until } });
      if (matchedCount === 0) throw busy();
    }
  };
  // A store that cannot be asked cannot be written to either: the build itself says so.
  const timer = setInterval(() => void confirm().catch((thrown: unknown) => lost.abort(thrown)), RENEW_MS);
  timer.unref();
  return {
    lost: lost.signal,
    confirm,
    async release() {
      clearInterval(timer);
      await release();
    },
  };
}

function locks(connection: Connection) {
  return connection.collection<LockRecord>('cubeLocks');
}

async function take(connection: Connection, holder: string): Promise<void> {
  const own = { holder, host: hostname(), pid: process.pid, until: new Date(Date.now() + LEASE_MS) };
  const other = await locks(connection).findOne({ _id: KEY });
  if (other && !isDead(other)) throw busy(other);
  // Replaced only as it was found: of two that find the same dead builder, one takes over.
  if (other) {
    const { matchedCount } = await locks(connection).updateOne(
      { _id: KEY, holder: other.holder, until: other.until },
      { $set: own },
    );
    if (matchedCount === 0) throw busy();
    return;
  }
  try {
    await locks(connection).insertOne({ _id: KEY, ...own });
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === DUPLICATE_KEY) throw busy();
    throw thrown;
  }
}

/** Silent for the whole lease, or a process of this machine that is gone: nobody waits a minute after a crash. */
function isDead({ host, pid, until }: LockRecord): boolean {
  if (until.getTime() < Date.now()) return true;
  return host === hostname() && pid !== process.pid && !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    // EPERM: it runs under another user.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

function busy(by?: LockRecord): HubError {
  const who = by ? ` (process ${by.pid} on ${by.host})` : '';
  return new HubError(
    'CUBES_BUSY',
    `Another hub cubes build is at work on these stores${who}. Wait for it to end, or stop it, and run the command again.`,
  );
}
