/** Where the parts of a store are on the disk, and who may read them. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

import { EmbeddedMongoError } from '../start-error.ts';

export type StoreFiles = {
  readonly dir: string;
  readonly database: string;
  readonly data: string;
  /** Who has the store open, as JSON. */
  readonly lock: string;
  /** Where it listens. */
  readonly url: string;
  readonly socket: string;
};

export function filesOf(dir: string, database: string): StoreFiles {
  if (!/^[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62}$/.test(database)) {
    throw new EmbeddedMongoError(
      'CANNOT_START',
      `'${database}' is not a name for a database: use up to 63 letters, digits, - and _`,
    );
  }
  const absolute = resolve(dir);
  const file = (ending: string): string => join(absolute, `${database}.${ending}`);
  return { dir: absolute, database, data: file('mdb'), lock: file('lock'), url: file('url'), socket: file('sock') };
}

const PRIVATE = 0o700;

/** Makes the directory, or makes it private: the files in it hold personal data, and whoever reaches the socket reads them all. */
export function prepareDirectory(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: PRIVATE });
  const { mode, uid } = statSync(dir);
  if ((mode & 0o077) === 0) return;
  const isShared = (mode & 0o1002) !== 0 || (process.getuid !== undefined && process.getuid() !== uid);
  if (isShared) {
    throw new EmbeddedMongoError(
      'CANNOT_START',
      `${dir} is open to other users and not only ours to close: name a directory of its own for the data`,
    );
  }
  chmodSync(dir, PRIVATE);
}

/** What a socket's path may have at most, in bytes, without its closing zero (sockaddr_un). */
const LONGEST_SOCKET = process.platform === 'linux' ? 107 : 103;

/** The path to listen at: beside the data, or in a short directory of its own where that path would be too long. */
export function chooseSocket(files: StoreFiles): string {
  if (Buffer.byteLength(files.socket) <= LONGEST_SOCKET) return files.socket;
  const prefix = join(tmpdir(), 'store-');
  const name = basename(files.socket);
  if (Buffer.byteLength(prefix) + 6 + 1 + Buffer.byteLength(name) > LONGEST_SOCKET) {
    throw new EmbeddedMongoError(
      'CANNOT_START',
      `No path for the socket of '${files.database}' is short enough: ${LONGEST_SOCKET} bytes are allowed. Use a shorter data directory, or set TMPDIR to one`,
    );
  }
  // mkdtemp makes a directory only we can enter, under a name that cannot be known beforehand.
  return join(mkdtempSync(prefix), name);
}

/** Removes a socket, and the directory made for it. */
export function removeSocket(files: StoreFiles, socket: string): void {
  rmSync(socket, { force: true });
  const parent = dirname(socket);
  if (parent !== files.dir && basename(parent).startsWith('store-')) rmdirIfEmpty(parent);
}

function rmdirIfEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY') throw error;
  }
}
