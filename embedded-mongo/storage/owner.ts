/**
 * Who has a store open. Two owners would spoil it, since each keeps the catalogue in memory; so a store has a lock file that names
 * its owner, changed only under LMDB's writer lock, which the operating system releases with the process. A lock of a process
 * that is dead, however it died, is taken over.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { hostname } from 'node:os';

import { EmbeddedMongoError } from '../start-error.ts';
import type { StoreFiles } from './files.ts';
import type { Store } from './store.ts';

export type Owner = {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  /** When it took the store, ISO 8601. */
  readonly since: string;
  readonly socket: string;
  /** When the process began, in clock ticks since the boot: a number used again belongs to a process that began later. */
  readonly began: string | undefined;
  /** Which boot of which kernel, and which process namespace (container) in it. Unknown where there is no /proc. */
  readonly boot: string | undefined;
  readonly namespace: string | undefined;
};

/** A process this young may hold a store without answering yet, in milliseconds. */
const STARTING = 30_000;

export function thisProcess(socket: string, token: string = randomUUID()): Owner {
  return {
    token,
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    socket,
    began: beganAt('self'),
    boot: orUndefined(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: orUndefined(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** Takes the store for this process. @throws EmbeddedMongoError IN_USE with the name of the one who has it. */
export function claim(
  store: Store,
  files: StoreFiles,
  me: Owner,
  answering: (owner: Owner) => boolean,
): Owner | undefined {
  return store.exclusively(() => {
    const owner = readOwner(files);
    if (owner && isHeld(owner, me, answering(owner))) throw inUse(files, owner, me);
    const fresh = `${files.lock}.${String(me.pid)}`;
    writeFileSync(fresh, JSON.stringify(me), { mode: 0o600 });
    renameSync(fresh, files.lock);
    // Where the one before listened.
    rmSync(files.url, { force: true });
    return owner;
  });
}

/** Gives the store up, if it is still held under this token. */
export function release(files: StoreFiles, token: string): void {
  if (readOwner(files)?.token !== token) return;
  rmSync(files.url, { force: true });
  rmSync(files.lock, { force: true });
}

export function readOwner({ lock }: StoreFiles): Owner | undefined {
  const text = orUndefined(() => readFileSync(lock, 'utf8'));
  const found = text === undefined ? undefined : orUndefined((): unknown => JSON.parse(text));
  return isOwner(found) ? found : undefined;
}

/** True while the owner may still be at work. */
export function isHeld(owner: Owner, me: Owner, answering: boolean): boolean {
  const isYoung = Date.now() - Date.parse(owner.since) < STARTING;
  if (owner.boot !== undefined && me.boot !== undefined) {
    if (owner.boot === me.boot) {
      // In another container its number says nothing here; but a socket does, kernel and disk being the same.
      return owner.namespace === me.namespace ? beganAt(String(owner.pid)) === owner.began : answering || isYoung;
    }
    return owner.host !== me.host;
  }
  if (owner.host !== me.host) return true;
  return isRunning(owner.pid) && (answering || isYoung);
}

/** True when something listens at the owner's socket, or at the usual one: another container may know it by another path. */
export async function isAnswering(owner: Owner, files: StoreFiles): Promise<boolean> {
  for (const path of new Set([owner.socket, files.socket])) if (await accepts(path)) return true;
  return false;
}

export function inUse(files: StoreFiles, owner: Owner, me: Owner): EmbeddedMongoError {
  const where = owner.host === me.host ? `on this machine (${owner.host})` : `on ${owner.host}`;
  const elsewhere = owner.host === me.host ? '' : ` If ${owner.host} does not run it any more, remove ${files.lock}.`;
  return new EmbeddedMongoError(
    'IN_USE',
    `The store '${files.database}' in ${files.dir} is in use by process ${String(owner.pid)} ${where} since ${owner.since}. ` +
      `Stop that process, or join it: MONGODB_URL=$(hub store url).${elsewhere}`,
  );
}

function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.setTimeout(2_000, () => end(true));
  });
}

/**
 * Fields 3 and 22 of /proc/[pid]/stat (proc(5)): the name before them may hold anything, but ends with the last bracket. A process
 * that is dead but not yet waited for ('Z', 'X') holds nothing any more.
 */
function beganAt(pid: string): string | undefined {
  const stat = orUndefined(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function isOwner(value: unknown): value is Owner {
  return (
    typeof value === 'object' &&
    value !== null &&
    'token' in value &&
    'pid' in value &&
    'since' in value &&
    'socket' in value &&
    'host' in value
  );
}

/** For what need not be there: another process may remove it at any moment, and not every system has it. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
