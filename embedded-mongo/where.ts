/** Tells further processes how to reach a store that is running. */
import { readFileSync } from 'node:fs';

import { EmbeddedMongoError } from './start-error.ts';
import { filesOf } from './storage/files.ts';
import { isAnswering, isHeld, readOwner, thisProcess } from './storage/owner.ts';

/** `retryWrites=false` because a write that is sent twice would be applied twice. */
export const storeUrl = (socket: string, database: string): string =>
  `mongodb://${encodeURIComponent(socket)}/${database}?directConnection=true&retryWrites=false`;

/**
 * The URL of the store of this name that another process runs in this directory.
 * @throws EmbeddedMongoError NOT_RUNNING
 */
export async function urlOf(dir: string, database: string): Promise<string> {
  const files = filesOf(dir, database);
  const owner = readOwner(files);
  if (owner && isHeld(owner, thisProcess(''), await isAnswering(owner, files))) {
    try {
      return readFileSync(files.url, 'utf8').trim();
    } catch {
      throw new EmbeddedMongoError(
        'NOT_RUNNING',
        `The store '${database}' in ${files.dir} is still starting (process ${String(owner.pid)}): try again`,
      );
    }
  }
  throw new EmbeddedMongoError(
    'NOT_RUNNING',
    `No store '${database}' is running in ${files.dir}: start the hub there first, or name its data directory`,
  );
}
