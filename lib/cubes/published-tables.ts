import { LRUCache } from 'lru-cache';
import type { Connection } from 'mongoose';
import type { Release } from './choose-release.ts';
import { cubeModels, type PublishedCell } from './models.ts';

/** Cells of a store that are kept in memory; some 200 bytes each. */
const CELLS = 50_000;

type Cells = readonly PublishedCell[];
type Memory = LRUCache<string, Cells>;

const memories = new WeakMap<Connection, Memory>();

/** A table of a release by its key (see `tableKey`). */
export interface TableOfRelease {
  readonly release: Release;
  readonly key: string;
}

/**
 * The cells of published tables, in one read for those that are not known; undefined where the release has no such table. What
 * was published never changes, so what was read once is not read again. That a table is not there is not kept: a copy of the
 * store that lags behind may not have it yet.
 */
export async function publishedTables(
  connection: Connection,
  wanted: readonly TableOfRelease[],
): Promise<(Cells | undefined)[]> {
  const memory = memories.get(connection) ?? newMemory();
  memories.set(connection, memory);
  const known = wanted.map((each) => memory.get(nameOf(each)));
  const missing = wanted.filter((_, index) => !known[index]);
  if (missing.length === 0) return known;
  const read = await readTables(connection, missing);
  for (const each of missing) memory.set(nameOf(each), read.get(each.key));
  return wanted.map(({ key }, index) => known[index] ?? read.get(key));
}

/** A release that was taken out of the store by hand and built anew has the same number at another time. */
function nameOf({ release, key }: TableOfRelease): string {
  return `${release.publishedAt?.getTime()}/${key}`;
}

function newMemory(): Memory {
  return new LRUCache({ maxSize: CELLS, sizeCalculation: (cells) => cells.length + 1 });
}

async function readTables(
  connection: Connection,
  wanted: readonly TableOfRelease[],
): Promise<ReadonlyMap<string, readonly PublishedCell[]>> {
  const keys = wanted.map(({ key }) => key);
  // Past mongoose: records are as the build wrote them, and casting them would cost as much as reading them.
  const records = await cubeModels(connection)
    .tables.collection.find({ _id: { $in: keys as never[] } })
    .toArray();
  return new Map(records.map(({ _id, cells }) => [String(_id), cells as PublishedCell[]]));
}
