import type { PositionRecord, UsageCollections } from './usage-collections.ts';
import { SETTLED } from './usage-collections.ts';
import { hourOf } from './usage-hour.ts';

/** A writer of which entries are stored that no position covers. */
export interface Behind {
  readonly writer: string;
  /** Number up to which its entries are in hours that were made; -1 where none is. */
  readonly position: number;
  /** Number of its last stored entry. */
  readonly last: number;
}

/**
 * Writers with entries behind their position. A writer stores its entries in the order of their numbers, also those of a store
 * that was away for a day, so that what is new is what has a higher number, whatever time it bears.
 */
export async function writersBehind(collections: UsageCollections): Promise<readonly Behind[]> {
  const positions = new Map((await collections.positions.find({}, SETTLED).toArray()).map((each) => [each._id, each]));
  const behind: Behind[] = [];
  for (const writer of await writersOf(collections)) {
    const { sequence: position = -1, closed } = positions.get(writer) ?? ({} as Partial<PositionRecord>);
    if (closed) continue;
    const last = await lastOf(collections, writer);
    if (last > position) behind.push({ writer, position, last });
  }
  return behind;
}

/** Every writer, by a step from each to the next in the index: not by its entries, of which there are millions. */
async function writersOf({ entries }: UsageCollections): Promise<readonly string[]> {
  const found: string[] = [];
  for (;;) {
    const after = found.at(-1);
    const next = await entries.findOne(after === undefined ? {} : { writer: { $gt: after } }, {
      ...SETTLED,
      projection: { _id: 0, writer: 1 },
      sort: { writer: 1, sequence: 1 },
    });
    if (!next) return found;
    found.push(next.writer);
  }
}

async function lastOf({ entries }: UsageCollections, writer: string): Promise<number> {
  const last = await entries.findOne(
    { writer },
    { ...SETTLED, projection: { _id: 0, sequence: 1 }, sort: { writer: -1, sequence: -1 } },
  );
  return last?.sequence ?? -1;
}

/** The first entry of a writer beyond a number, with the hour it belongs to. */
export async function entryAfter({ entries }: UsageCollections, { writer, position, last }: Behind) {
  const next = await entries.findOne(
    { writer, sequence: { $gt: position, $lte: last } },
    { ...SETTLED, projection: { _id: 0, sequence: 1, at: 1 }, sort: { sequence: 1 } },
  );
  return next && { sequence: next.sequence, hour: hourOf(next.at) };
}

/** Entries that one write of an audit log carries at most (GROUP in audit-log.ts). */
const GROUP = 500;

/**
 * Hours of entries that may have been counted before they changed. A write that was stored although its writer heard nothing is
 * written again before the next one, with the outcome ERROR: that can only be the last group before what is new.
 */
export async function changedHours(
  { entries }: UsageCollections,
  { writer, position }: Behind,
): Promise<readonly number[]> {
  const changed = await entries
    .find(
      { writer, sequence: { $gt: position - GROUP, $lte: position }, outcome: 'ERROR' },
      { ...SETTLED, projection: { _id: 0, at: 1 } },
    )
    .toArray();
  return changed.map(({ at }) => hourOf(at));
}
