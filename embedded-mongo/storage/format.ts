/** The version of the layout of a store's file, kept in the file itself. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';

import type { Store } from './store.ts';

/** Raised whenever a file written now could be misread by an earlier version of this program. */
export const FORMAT_VERSION = 1;

/** Before every other key: collections are numbered from 1, and a catalogue entry's name never starts with a zero byte. */
const FORMAT_KEY = Buffer.from([0, 0, 0, 0, 0]);

export class FormatError extends Error {}

/** Where LMDB's own mark is in the first page of a file: behind the head of the page. */
const LMDB_MARK = { at: 24, value: 0xbeefc0de };

/** Refuses what is no LMDB file before LMDB opens it: it would end the whole process. */
export function checkFile(path: string): void {
  if (!existsSync(path)) return;
  const head = Buffer.alloc(LMDB_MARK.at + 4);
  const file = openSync(path, 'r');
  const length = readSync(file, head);
  closeSync(file);
  if (length === 0 || (length === head.length && head.readUInt32LE(LMDB_MARK.at) === LMDB_MARK.value)) return;
  throw new FormatError(`${path} is not a store of this program: name another directory, or move the file away`);
}

/** Marks a new file, accepts a known one and refuses one that a newer version has written. */
export async function checkFormat(store: Store, file: string): Promise<void> {
  const { format, empty } = store.read((view) => {
    const [first] = view.range([Buffer.from([0]), Buffer.alloc(8, 0xff)]);
    return { format: view.get(FORMAT_KEY)?.readUInt32BE(0), empty: first === undefined };
  });
  if (format === undefined) {
    if (!empty) throw new FormatError(`${file} is an LMDB file, but not one of this program: name another directory`);
    const version = Buffer.alloc(4);
    version.writeUInt32BE(FORMAT_VERSION);
    await store.write((view) => view.put(FORMAT_KEY, version));
  } else if (format > FORMAT_VERSION) {
    throw new FormatError(
      `${file} has format ${format}; this version reads up to ${FORMAT_VERSION}: start it with the version that wrote it, or a later one`,
    );
  }
}
