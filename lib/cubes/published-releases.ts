import type { Connection } from 'mongoose';
import type { Release } from './choose-release.ts';
import { cubeModels } from './models.ts';

/** Milliseconds after which the list of releases is read again: what is in it never changes, a new one may come. */
const FRESH_MS = 1_000;

interface Known {
  readonly readAt: number;
  readonly releases: Promise<readonly Release[]>;
}

const known = new WeakMap<Connection, Known>();

/** The published releases of a store. A dashboard makes several operations, each of which would read the same list. */
export function publishedReleases(connection: Connection): Promise<readonly Release[]> {
  const last = known.get(connection);
  if (last && Date.now() - last.readAt < FRESH_MS) return last.releases;
  const releases = cubeModels(connection).releases.find({ state: 'PUBLISHED' }).lean().exec();
  const reading = { readAt: Date.now(), releases };
  known.set(connection, reading);
  // A store that could not answer is asked again by the next operation, unless another has done so already.
  releases.catch(() => known.get(connection) === reading && known.delete(connection));
  return releases;
}

/** For who has just published one over this connection. */
export function forgetReleases(connection: Connection): void {
  known.delete(connection);
}
