/** The collections of a store and their indexes, kept in the store itself. */
import { randomBytes } from 'node:crypto';

import { deserialize, serialize } from 'bson';

import { CommandError, noSuchCollection } from '../errors.ts';
import type { Store } from '../storage/store.ts';
import type { Transaction } from '../storage/transaction.ts';
import { type Document, isDocument } from '../values/document.ts';
import { after, keyOf } from '../values/key-encoder.ts';
import { Collection, type CollectionRecord } from './collection.ts';
import { ID_INDEX, type IndexSpec, isSameIndex, parseIndex } from './index-spec.ts';

/** Collection 0 is the catalogue: a name never starts with a zero byte, so records of the store itself come before it. */
const CATALOGUE = Buffer.alloc(4);
const FIRST_NAME = Buffer.from([0, 0, 0, 0, 1]);
const NEXT_COLLECTION = Buffer.from([0, 0, 0, 0, 0, 0]);

export class Catalogue {
  readonly store: Store;
  private collections = new Map<string, Collection>();

  constructor(store: Store) {
    this.store = store;
    this.reload();
  }

  /** Reads everything from the file again. Needed after a commit failed, since memory may be ahead of it then. */
  reload(): void {
    this.collections = this.store.read((view) => {
      const entries = [...view.range([FIRST_NAME, after(CATALOGUE)])];
      return new Map(
        entries
          .map(({ value }) => recordFrom(deserialize(value)))
          .map((record) => [record.ns, new Collection(record, view)]),
      );
    });
  }

  get(ns: string): Collection | undefined {
    return this.collections.get(ns);
  }
  /** @throws CommandError 26 */
  need(ns: string): Collection {
    const collection = this.collections.get(ns);
    if (!collection) throw noSuchCollection(ns);
    return collection;
  }
  list(database?: string): Collection[] {
    return [...this.collections.values()]
      .filter(({ ns }) => database === undefined || ns.startsWith(`${database}.`))
      .sort((a, b) => (a.ns < b.ns ? -1 : 1));
  }

  /** The collection of that name, made if there is none. Not in a session's transaction, which may never land. */
  ensure(view: Transaction, ns: string): Collection {
    const known = this.collections.get(ns);
    if (known) return known;
    checkName(ns);
    const id = view.get(NEXT_COLLECTION)?.readUInt32BE(0) ?? 1;
    // Numbers are never used again: what a crash left of a dropped collection must not appear in a new one.
    view.put(NEXT_COLLECTION, uint32(id + 1));
    const record: CollectionRecord = { id, ns, uuid: randomBytes(16), nextIndex: 1, indexes: [] };
    save(view, record);
    const collection = new Collection(record, view);
    this.collections.set(ns, collection);
    view.onAbandoned(() => this.collections.delete(ns));
    return collection;
  }

  /** True when there was one. */
  drop(ns: string): Promise<boolean> {
    return this.store.write((view) => {
      const collection = this.collections.get(ns);
      if (!collection) return false;
      this.store.abortAll();
      this.collections.delete(ns);
      view.remove(nameKey(ns));
      view.direct().clear(collection.range());
      return true;
    });
  }

  /** All of the indexes or none of them. */
  async createIndexes(ns: string, definitions: readonly unknown[]): Promise<{ before: number; now: number }> {
    return this.store.write((view) => {
      const wanted = definitions.map((definition) => parseIndex(0, isDocument(definition) ? definition : {}));
      const collection = this.ensure(view, ns);
      const before = collection.record;
      let record = before;
      for (const spec of wanted) if (isNew(record, spec)) record = withIndex(record, spec);
      const made = record.indexes.slice(before.indexes.length).map((spec) => collection.open(spec, view));
      const direct = view.direct();
      try {
        for (const index of made) collection.build(direct, index);
      } catch (error) {
        for (const { spec } of made) direct.clear(collection.range(spec.id));
        throw error;
      }
      if (made.length > 0) this.store.abortAll();
      save(view, record);
      collection.adopt(record, view);
      return { before: before.indexes.length + 1, now: record.indexes.length + 1 };
    });
  }

  /** Drops the named indexes, those with the given keys, or with '*' all but the one by _id. */
  async dropIndexes(ns: string, which: unknown): Promise<number> {
    return this.store.write((view) => {
      const collection = this.need(ns);
      const { record } = collection;
      const wanted: unknown[] = Array.isArray(which) ? which : [which];
      const doomed = which === '*' ? [...record.indexes] : wanted.map((one) => findIndex(record, one));
      const kept = { ...record, indexes: record.indexes.filter((spec) => !doomed.includes(spec)) };
      this.store.abortAll();
      save(view, kept);
      collection.adopt(kept, view);
      for (const spec of doomed) view.direct().clear(collection.range(spec.id));
      return record.indexes.length + 1;
    });
  }
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const nameKey = (ns: string): Buffer => Buffer.concat([CATALOGUE, Buffer.from(ns)]);

function save(view: Transaction, record: CollectionRecord): void {
  const indexes = record.indexes.map(({ id, definition }) => ({ id, definition }));
  view.put(nameKey(record.ns), Buffer.from(serialize({ ...record, indexes })));
}

function recordFrom({ id, ns, uuid, nextIndex, indexes }: Document): CollectionRecord {
  const stored = indexes as { id: number; definition: Document }[];
  return {
    id: Number(id),
    ns: String(ns),
    uuid: (uuid as { buffer: Uint8Array }).buffer,
    nextIndex: Number(nextIndex),
    indexes: stored.map((index) => parseIndex(index.id, index.definition)),
  };
}

function withIndex(record: CollectionRecord, spec: IndexSpec): CollectionRecord {
  return {
    ...record,
    nextIndex: record.nextIndex + 1,
    indexes: [...record.indexes, { ...spec, id: record.nextIndex }],
  };
}

/** False when the index is there already; an error when one like it is there that is not the same. */
function isNew({ indexes }: CollectionRecord, spec: IndexSpec): boolean {
  const all = [ID_INDEX, ...indexes];
  if (isSameIndex(spec, ID_INDEX, ['key'])) return false;
  const named = all.find((index) => index.name === spec.name);
  if (named) {
    if (isSameIndex(named, spec)) return false;
    throw new CommandError(
      86,
      'IndexKeySpecsConflict',
      `An existing index has the same name as the requested index but other options: ${spec.name}`,
    );
  }
  const alike = all.find((index) => isSameIndex(index, spec, ['key', 'partialFilterExpression']));
  if (alike)
    throw new CommandError(85, 'IndexOptionsConflict', `Index already exists with a different name: ${alike.name}`);
  return true;
}

function findIndex(record: CollectionRecord, which: unknown): IndexSpec {
  const found = record.indexes.find(
    ({ name, definition }) => which === name || keyOf(definition['key']) === keyOf(which),
  );
  if (found) return found;
  if (which === '_id_') throw new CommandError(72, 'InvalidOptions', 'cannot drop _id index');
  throw new CommandError(
    27,
    'IndexNotFound',
    `index not found with name [${typeof which === 'string' ? which : JSON.stringify(which)}]`,
  );
}

function checkName(ns: string): void {
  const name = ns.slice(ns.indexOf('.') + 1);
  if (
    name === '' ||
    name.includes('$') ||
    name.includes('\0') ||
    name.startsWith('system.') ||
    Buffer.byteLength(ns) > 255
  ) {
    throw new CommandError(73, 'InvalidNamespace', `Invalid collection name: ${name}`);
  }
}
