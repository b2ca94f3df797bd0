/**
 * A collection: documents under their _id, and one ordered set of entries for each index.
 *   document       [collection][0][key of _id]              -> BSON
 *   unique index   [collection][index][keys of fields]       -> key of _id
 *   other index    [collection][index][keys of fields][id]   -> key of _id
 *   traits         [0][1][collection][index]                 -> what its entries have come to hold
 */
import { CommandError } from '../errors.ts';
import type { Range, Transaction } from '../storage/transaction.ts';
import type { Document } from '../values/document.ts';
import { after, encodeValue } from '../values/key-encoder.ts';
import { readDocument, Row } from '../values/row.ts';
import { duplicateKey } from './duplicate-key.ts';
import { type Entries, entriesOf } from './index-entries.ts';
import { ID_INDEX, type IndexSpec } from './index-spec.ts';

export type CollectionRecord = {
  readonly id: number;
  readonly ns: string;
  readonly uuid: Uint8Array;
  /** The number the next index gets; numbers are not used again. */
  readonly nextIndex: number;
  /** Without the one by _id. */
  readonly indexes: readonly IndexSpec[];
};

/** An index, and what its entries have come to hold. The traits are only ever too careful, never wrong. */
export type Index = {
  readonly spec: IndexSpec;
  readonly prefix: Buffer;
  readonly entries: (document: Document) => Entries;
  multikey: boolean;
  cut: boolean;
};

const LARGEST_DOCUMENT = 16 * 1024 * 1024;

export class Collection {
  readonly id: number;
  readonly ns: string;
  record: CollectionRecord;
  /** The first is the collection itself, by _id. */
  indexes: readonly Index[];

  constructor(record: CollectionRecord, view: Transaction) {
    this.record = record;
    this.id = record.id;
    this.ns = record.ns;
    this.indexes = [ID_INDEX, ...record.indexes].map((spec) => this.open(spec, view));
  }

  /** Takes up a new list of indexes; those that stay keep what is known of them. */
  adopt(record: CollectionRecord, view: Transaction): void {
    this.record = record;
    this.indexes = [ID_INDEX, ...record.indexes].map(
      (spec) => this.indexes.find((index) => index.spec.id === spec.id) ?? this.open(spec, view),
    );
  }

  open(spec: IndexSpec, view: Transaction): Index {
    const prefix = prefixOf(this.id, spec.id);
    const traits = view.get(traitsKey(this.id, spec.id))?.[0] ?? 0;
    return {
      spec,
      prefix,
      entries: entriesOf(spec, prefix),
      multikey: (traits & MULTIKEY) !== 0,
      cut: (traits & CUT) !== 0,
    };
  }

  /** @throws CommandError 11000 when its _id or another unique key is taken; then nothing is written. */
  insert(view: Transaction, raw: Buffer, document: Document): void {
    if (raw.length > LARGEST_DOCUMENT) throw tooLarge(raw.length);
    const id = encodeValue(document['_id']);
    if (view.get(this.keyOf(id))) throw duplicateKey(this.ns, ID_INDEX, document);
    this.reindex(view, id, undefined, document);
    view.put(this.keyOf(id), raw);
  }

  replace(view: Transaction, old: Row, raw: Buffer): void {
    if (raw.length > LARGEST_DOCUMENT) throw tooLarge(raw.length);
    const document = readDocument(raw);
    const id = encodeValue(document['_id']);
    this.reindex(view, id, old.document, document);
    view.put(this.keyOf(id), raw);
  }

  remove(view: Transaction, row: Row): void {
    const id = encodeValue(row.document['_id']);
    this.reindex(view, id, row.document, undefined);
    view.remove(this.keyOf(id));
  }

  byId(view: Transaction, id: unknown): Row | undefined {
    const raw = view.get(this.keyOf(encodeValue(id)));
    return raw && new Row(raw);
  }
  byKey(view: Transaction, id: Buffer): Buffer | undefined {
    return view.get(this.keyOf(id));
  }

  /** Fills an index; on an error its entries are gone again. The view must be a direct one. */
  build(direct: Transaction, index: Index): void {
    try {
      for (const { key, value } of direct.range(this.range(0))) {
        this.reindex(direct, key.subarray(PREFIX_LENGTH), undefined, readDocument(value), [index]);
      }
    } catch (error) {
      direct.clear(this.range(index.spec.id));
      throw error;
    }
  }

  /** All keys of one index, or of the whole collection. */
  range(index?: number): Range {
    const low = index === undefined ? prefixOf(this.id, 0).subarray(0, 4) : prefixOf(this.id, index);
    return [low, after(low)];
  }

  private keyOf(id: Buffer): Buffer {
    return Buffer.concat([this.indexes[0]?.prefix ?? prefixOf(this.id, 0), id]);
  }

  /** Moves a document's entries from its old self to its new one; throws before it changes anything. */
  private reindex(
    view: Transaction,
    id: Buffer,
    before: Document | undefined,
    now: Document | undefined,
    indexes: readonly Index[] = this.indexes,
  ): void {
    const added: Buffer[] = [];
    const removed: Buffer[] = [];
    for (const index of indexes) {
      if (index.spec.id === 0) continue;
      const old = before ? index.entries(before).keys : [];
      const fresh = now ? index.entries(now) : undefined;
      if (fresh && (fresh.multikey || fresh.cut)) this.note(view, index, fresh);
      const keys = fresh?.keys ?? [];
      for (const key of old) if (!keys.some((other) => other.equals(key))) removed.push(entryKey(index, key, id));
      for (const key of keys) {
        if (old.some((other) => other.equals(key))) continue;
        const entry = entryKey(index, key, id);
        if (index.spec.unique && now && isTaken(view, entry, id)) throw duplicateKey(this.ns, index.spec, now);
        added.push(entry);
      }
    }
    for (const key of removed) view.remove(key);
    for (const key of added) view.put(key, id);
  }

  /** Records a trait before the first entry that has it, in the same transaction. */
  private note(view: Transaction, index: Index, fresh: Entries): void {
    index.multikey ||= fresh.multikey;
    index.cut ||= fresh.cut;
    const traits = (index.multikey ? MULTIKEY : 0) | (index.cut ? CUT : 0);
    const key = traitsKey(this.id, index.spec.id);
    if (view.get(key)?.[0] !== traits) view.put(key, Buffer.from([traits]));
  }
}

const MULTIKEY = 1;
const CUT = 2;
const PREFIX_LENGTH = 8;

function prefixOf(collection: number, index: number): Buffer {
  const prefix = Buffer.allocUnsafe(PREFIX_LENGTH);
  prefix.writeUInt32BE(collection, 0);
  prefix.writeUInt32BE(index, 4);
  return prefix;
}
const traitsKey = (collection: number, index: number): Buffer =>
  Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 1]), prefixOf(collection, index)]);
const entryKey = (index: Index, key: Buffer, id: Buffer): Buffer =>
  index.spec.unique ? key : Buffer.concat([key, id]);

/** A key that a multikey document holds twice, or that it keeps, is not taken by another. */
const isTaken = (view: Transaction, entry: Buffer, id: Buffer): boolean => {
  const holder = view.get(entry);
  return holder !== undefined && !holder.equals(id);
};

const tooLarge = (size: number): CommandError =>
  new CommandError(
    10334,
    'BSONObjectTooLarge',
    `a document of ${size} bytes is too large: at most ${LARGEST_DOCUMENT} are stored`,
  );
