import type { ClientSession, mongo } from 'mongoose';
import type { AuditRecord, SharingModels } from './models.ts';
import { SETTLED, type UsageCollections, usageCollections } from './usage-collections.ts';
import { canBeMade, idsBetween, nextHour, within } from './usage-hour.ts';
import { makeDays } from './usage-days.ts';
import { COUNTED, countEntry, emptyTally, recordsOf, type Tally } from './usage-tally.ts';
import { type Behind, changedHours, entryAfter, writersBehind } from './usage-writers.ts';
import { isTaken } from './stored.ts';

export interface RollUpOptions {
  readonly now: Date;
  /** Milliseconds after which no further hour is begun; what is made stays made. Absent, it goes on to the end. */
  readonly forMs?: number | undefined;
}

export interface RolledUp {
  /** Hours that were made, or made again. */
  readonly hours: number;
  /** Whether nothing is left that could be made now. */
  readonly done: boolean;
}

/**
 * Makes the records of the hours that are over and of those for which entries came late.
 *
 * An hour is made of all its entries at once, never added to. It counts as made from the transaction on that stores its
 * records, and only then the positions of its writers move: a crash in between makes an hour twice, with one result. Of two
 * processes that make an hour at once the second to store it reads its entries again first.
 */
export async function rollUp(
  models: Pick<SharingModels, 'audit'>,
  { now, forMs = Number.POSITIVE_INFINITY }: RollUpOptions,
): Promise<RolledUp> {
  const collections = usageCollections(models);
  const until = performance.now() + forMs;
  const making = new Making(models, collections);
  const behind = await writersBehind(collections);
  // Before any position moves: it is by the position that they are found.
  const changed = await Promise.all(behind.map((writer) => changedHours(collections, writer)));
  for (const hour of new Set(changed.flat())) if (canBeMade(hour, now)) await making.make(hour);

  const writers = behind.map((each) => new Advancing(collections, each));
  let storedAt = performance.now();
  for (;;) {
    const next = await Promise.all(writers.map((writer) => writer.next()));
    const hours = next.filter((hour) => hour !== undefined && canBeMade(hour, now)) as number[];
    const late = performance.now() > until;
    if (hours.length > 0 && !late) {
      const counted = await making.make(Math.min(...hours));
      await Promise.all(writers.map((writer) => writer.advance(counted)));
      if (performance.now() - storedAt < POSITIONS_AFTER_MS) continue;
    }
    await Promise.all(writers.map((writer) => writer.store()));
    storedAt = performance.now();
    if (hours.length === 0) return { hours: making.made, done: await makeDays(models, { now, until }) };
    if (late) return { hours: making.made, done: false };
  }
}

/** How much of the work is done again after a crash, at most. */
const POSITIONS_AFTER_MS = 1_000;

/** Numbers of the entries of an hour, by writer; of the one that closes a run, it is told. */
interface Counted {
  readonly byWriter: ReadonlyMap<string, ReadonlySet<number>>;
  readonly closing: ReadonlyMap<string, number>;
}

/** The store was given a newer state of an hour since its version was read. */
class Overtaken extends Error {}

class Making {
  made = 0;
  readonly #models: Pick<SharingModels, 'audit'>;
  readonly #collections: UsageCollections;
  /** Texts and sets of items that this run has stored. */
  readonly #kept = new Set<string>();

  constructor(models: Pick<SharingModels, 'audit'>, collections: UsageCollections) {
    this.#models = models;
    this.#collections = collections;
  }

  async make(hour: number): Promise<Counted> {
    for (;;) {
      // The version first: what is stored later than this must be seen to have been.
      const before = await this.#collections.hours.findOne({ _id: new Date(hour) }, SETTLED);
      const { tally, entries, ...counted } = await this.#read(hour);
      await this.#keep(tally);
      try {
        await this.#models.audit.db.transaction((session) =>
          this.#store(hour, { tally, entries, version: before?.version, session }),
        );
        this.made += 1;
        return counted;
      } catch (thrown) {
        if (!(thrown instanceof Overtaken)) throw thrown;
      }
    }
  }

  async #read(hour: number): Promise<Counted & { readonly tally: Tally; readonly entries: number }> {
    const tally = emptyTally();
    const byWriter = new Map<string, Set<number>>();
    const closing = new Map<string, number>();
    let entries = 0;
    const found = this.#collections.entries.find({ at: within(hour) }, { ...SETTLED, projection: COUNTED, ...BATCH });
    for await (const entry of found as AsyncIterable<AuditRecord>) {
      countEntry(tally, entry);
      entries += 1;
      const numbers = byWriter.get(entry.writer) ?? new Set();
      byWriter.set(entry.writer, numbers.add(entry.sequence));
      if (entry.kind === 'CLOSED') closing.set(entry.writer, entry.sequence);
    }
    return { tally, entries, byWriter, closing };
  }

  /** Before the records that name them, and outside their transaction: by their ids they are the same whoever stores them. */
  async #keep({ operations, itemSets }: Tally): Promise<void> {
    const texts = [...operations.values()].filter(({ _id }) => !this.#kept.has(_id));
    const sets = [...itemSets].filter(([_id]) => !this.#kept.has(_id));
    if (texts.length > 0)
      await this.#collections.operations.bulkWrite(
        texts.map(({ _id, ...rest }) => ({
          updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
        })),
      );
    if (sets.length > 0)
      await this.#collections.itemSets.bulkWrite(
        sets.map(([_id, set]) => ({ updateOne: { filter: { _id }, update: { $setOnInsert: set }, upsert: true } })),
      );
    for (const { _id } of texts) this.#kept.add(_id);
    for (const [_id] of sets) this.#kept.add(_id);
  }

  async #store(
    hour: number,
    {
      tally,
      entries,
      version,
      session,
    }: { tally: Tally; entries: number; version: number | undefined; session: ClientSession },
  ): Promise<void> {
    const { hours, records } = this.#collections;
    const _id = new Date(hour);
    if (version === undefined) await insertedFirst(hours.insertOne({ _id, version: 1, entries }, { session }));
    else {
      const update = { $set: { version: version + 1, entries } };
      const { matchedCount } = await hours.updateOne({ _id, version }, update, { session });
      if (matchedCount === 0) throw new Overtaken();
      await records.deleteMany({ _id: idsBetween(hour, nextHour(hour)) }, { session });
    }
    const made = recordsOf(tally, hour);
    if (made.length > 0) await records.insertMany(made, { session, ordered: false });
  }
}

const BATCH = { batchSize: 1_000 } as const;

async function insertedFirst(inserting: Promise<mongo.InsertOneResult>): Promise<void> {
  try {
    await inserting;
  } catch (thrown) {
    if (isTaken(thrown)) throw new Overtaken();
    throw thrown;
  }
}

/** Moves the position of one writer behind the hours that are made, up to what was stored when the run began. */
class Advancing {
  readonly #collections: UsageCollections;
  readonly #writer: string;
  /** What comes later may still change what was counted (`changedHours`), and is for the next run. */
  readonly #last: number;
  #position: number;
  #stored: number;
  #closed = false;
  #next: { readonly sequence: number; readonly hour: number } | null | undefined;
  /** Numbers beyond the position that are in hours that were made. */
  readonly #counted = new Set<number>();

  constructor(collections: UsageCollections, { writer, position, last }: Behind) {
    this.#collections = collections;
    this.#writer = writer;
    this.#position = position;
    this.#stored = position;
    this.#last = last;
  }

  /** The hour of its first entry that is in none that was made; undefined where all are. */
  async next(): Promise<number | undefined> {
    if (this.#next === undefined) this.#next = await entryAfter(this.#collections, this.#behind());
    return this.#next?.hour;
  }

  async advance({ byWriter, closing }: Counted): Promise<void> {
    for (const number of byWriter.get(this.#writer) ?? [])
      if (number > this.#position && number <= this.#last) this.#counted.add(number);
    let moved: number | undefined;
    for (let next = this.#next; next && this.#counted.has(next.sequence); next = this.#next) {
      moved = next.sequence;
      while (this.#counted.has(moved + 1)) moved += 1;
      this.#position = moved;
      this.#next = await entryAfter(this.#collections, this.#behind());
    }
    if (moved === undefined) return;
    for (const number of this.#counted) if (number <= moved) this.#counted.delete(number);
    this.#closed = closing.get(this.#writer) === moved;
  }

  /** Only once all that it covers is stored. */
  async store(): Promise<void> {
    if (this.#position === this.#stored) return;
    await this.#collections.positions.updateOne(
      { _id: this.#writer },
      { $max: { sequence: this.#position }, ...(this.#closed && { $set: { closed: true as const } }) },
      { upsert: true },
    );
    this.#stored = this.#position;
  }

  #behind(): Behind {
    return { writer: this.#writer, position: this.#position, last: this.#last };
  }
}
