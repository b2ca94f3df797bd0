import { isDeepStrictEqual } from 'node:util';
import { mongo } from 'mongoose';
import type { Collection } from 'mongoose';
import type { Prepared } from './resource.ts';

export type Line = { readonly line: number; readonly prepared: Prepared };

export type LoadTarget = {
  readonly collection: Collection;
  readonly keyField: string;
  /** True where records say when they last changed. */
  readonly hasUpdatedAt: boolean;
};

export type Loaded = {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Lines that the store would not take. */
  readonly refused: readonly { readonly line: number; readonly reason: string; readonly message: string }[];
};

type Stored = Readonly<Record<string, unknown>>;

/**
 * Stores checked rows by their natural key: new ones are inserted, others changed where they differ, and where nothing
 * differs nothing is written: the same file twice changes nothing, not even the time of the last change.
 */
export async function loadBatch(target: LoadTarget, lines: readonly Line[], now: Date): Promise<Loaded> {
  const total = { inserted: 0, updated: 0, unchanged: 0, refused: [] as Loaded['refused'][number][] };
  for (const round of rounds(lines)) {
    const loaded = await loadRound(target, round, now);
    total.inserted += loaded.inserted;
    total.updated += loaded.updated;
    total.unchanged += loaded.unchanged;
    total.refused.push(...loaded.refused);
  }
  return total;
}

/** A key that occurs twice in a batch is stored twice, one after the other, so that the later line has the last word. */
function rounds(lines: readonly Line[]): Line[][] {
  const seen = new Map<string, number>();
  const made: Line[][] = [];
  for (const line of lines) {
    const round = seen.get(line.prepared.key) ?? 0;
    seen.set(line.prepared.key, round + 1);
    const group = made[round];
    if (group === undefined) made[round] = [line];
    else group.push(line);
  }
  return made;
}

async function loadRound(target: LoadTarget, lines: readonly Line[], now: Date): Promise<Loaded> {
  const stored = await findStored(target, lines);
  const inserts: { line: number; document: Stored }[] = [];
  const updates: { line: number; id: unknown; changes: Stored }[] = [];
  const touch = target.hasUpdatedAt ? { updatedAt: now } : {};
  for (const { line, prepared } of lines) {
    const known = stored.get(prepared.key);
    if (known === undefined) {
      inserts.push({ line, document: { ...prepared.initial, ...touch, ...prepared.stated } });
      continue;
    }
    const changes = Object.entries(prepared.stated).filter(([field, value]) => {
      return known[field] !== value && !isDeepStrictEqual(known[field], value);
    });
    if (changes.length > 0)
      updates.push({ line, id: known._id, changes: { ...touch, ...Object.fromEntries(changes) } });
  }
  const refused = [
    ...(await attempt(inserts, (documents) =>
      target.collection.insertMany(
        documents.map(({ document }) => document),
        { ordered: false },
      ),
    )),
    ...(await attempt(updates, (changed) =>
      target.collection.bulkWrite(
        changed.map(({ id, changes }) => toUpdate(id, changes)),
        { ordered: false },
      ),
    )),
  ];
  const refusedInserts = inserts.filter(({ line }) => refused.some((one) => one.line === line)).length;
  return {
    inserted: inserts.length - refusedInserts,
    updated: updates.length - (refused.length - refusedInserts),
    unchanged: lines.length - inserts.length - updates.length,
    refused,
  };
}

async function findStored({ collection, keyField }: LoadTarget, lines: readonly Line[]): Promise<Map<string, Stored>> {
  const found = await collection.find({ [keyField]: { $in: lines.map(({ prepared }) => prepared.key) } }).toArray();
  return new Map(found.map((document) => [String(document[keyField]), document]));
}

function toUpdate(id: unknown, changes: Stored) {
  const filter: Record<string, unknown> = { _id: id };
  return { updateOne: { filter, update: { $set: changes } } };
}

/** Writes what can be written and names the lines that were refused, by a unique index or by the geometry's index. */
async function attempt<Item extends { line: number }>(
  items: readonly Item[],
  write: (items: readonly Item[]) => Promise<unknown>,
): Promise<Loaded['refused'][number][]> {
  if (items.length === 0) return [];
  try {
    await write(items);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof mongo.MongoBulkWriteError)) throw thrown;
    const errors: readonly mongo.WriteError[] = [thrown.writeErrors].flat();
    if (errors.length === 0) throw thrown;
    return errors.map(({ index, code }) => ({
      line: items[index]?.line ?? 0,
      ...(code === 11_000
        ? {
            reason: 'CONFLICT',
            message: 'Another record already has one of the unique values; find out which of the two is right.',
          }
        : { reason: 'STORE', message: 'The store does not take this record; check its geometry and its values.' }),
    }));
  }
}
