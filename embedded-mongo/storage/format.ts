/** The version of the layout of a store's file, kept in the file itself. */
import type { Store } from './store.ts';

/** Raised whenever a file written now could be misread by an earlier version of this program. */
export const FORMAT_VERSION = 1;

/** Before every other key: collections are numbered from 1, and a catalogue entry's name never starts with a zero byte. */
const FORMAT_KEY = Buffer.from([0, 0, 0, 0, 0]);

export class FormatError extends Error {}

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
