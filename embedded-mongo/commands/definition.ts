/** Commands that make, list and drop collections and their indexes. */
import { serialize, UUID } from 'bson';

import { ID_INDEX } from '../collections/index-spec.ts';
import type { Collection } from '../collections/collection.ts';
import { CommandError, noSuchCollection } from '../errors.ts';
import { compileFilter } from '../queries/filter.ts';
import type { Document } from '../values/document.ts';
import { objectField } from './arguments.ts';
import { type Call, type Handlers, nsOf, ok, read } from './call.ts';
import { sourceOf } from './cursors.ts';

const bytesOf = (documents: readonly Document[]): Iterator<Buffer> =>
  documents.map((document) => Buffer.from(serialize(document, { ignoreUndefined: true })))[Symbol.iterator]();

function refuseInTransaction(call: Call, name: string): void {
  if (call.transaction) {
    throw new CommandError(
      263,
      'OperationNotSupportedInTransaction',
      `Cannot run '${name}' in a multi-document transaction.`,
    );
  }
}

const listed = ({ ns, record }: Collection): Document => ({
  name: ns.slice(ns.indexOf('.') + 1),
  type: 'collection',
  options: {},
  info: { readOnly: false, uuid: new UUID(record.uuid) },
  idIndex: ID_INDEX.definition,
});

export const DEFINITION: Handlers = {
  create: async (command, call) => {
    const ns = nsOf(call, command['create']);
    if (call.catalogue.get(ns)) throw new CommandError(48, 'NamespaceExists', `Collection ${ns} already exists.`);
    await call.catalogue.store.write((view) => call.catalogue.ensure(view, ns));
    return ok();
  },

  drop: async (command, call) => {
    refuseInTransaction(call, 'drop');
    const ns = nsOf(call, command['drop']);
    const indexes = call.catalogue.get(ns)?.indexes.length;
    if (!(await call.catalogue.drop(ns))) throw noSuchCollection(ns);
    return ok({ ns, nIndexesWas: indexes });
  },

  dropDatabase: async (_, call) => {
    refuseInTransaction(call, 'dropDatabase');
    for (const { ns } of call.catalogue.list(call.db)) await call.catalogue.drop(ns);
    return ok({ dropped: call.db });
  },

  listDatabases: (command, call) => {
    const names = [...new Set(call.catalogue.list().map(({ ns }) => ns.slice(0, ns.indexOf('.'))))];
    const databases = names.map((name): Document => ({ name, sizeOnDisk: 0, empty: false }));
    return ok({ databases: databases.filter(compileFilter(objectField(command, 'filter'))), totalSize: 0 });
  },

  listCollections: (command, call) => {
    const matches = compileFilter(objectField(command, 'filter'));
    const found = call.catalogue.list(call.db).map(listed).filter(matches);
    const shown = command['nameOnly'] === true ? found.map(({ name, type }): Document => ({ name, type })) : found;
    return call.cursors.first(`${call.db}.$cmd.listCollections`, sourceOf(bytesOf(shown)), { batchSize: Infinity });
  },

  createIndexes: async (command, call) => {
    refuseInTransaction(call, 'createIndexes');
    const ns = nsOf(call, command['createIndexes']);
    const indexes: unknown[] = Array.isArray(command['indexes']) ? command['indexes'] : [];
    const createdCollectionAutomatically = !call.catalogue.get(ns);
    const { before, now } = await call.catalogue.createIndexes(ns, indexes);
    return ok({ numIndexesBefore: before, numIndexesAfter: now, createdCollectionAutomatically });
  },

  listIndexes: (command, call) => {
    const { ns, indexes } = call.catalogue.need(nsOf(call, command['listIndexes']));
    return call.cursors.first(ns, sourceOf(bytesOf(indexes.map(({ spec }) => spec.definition))), {
      batchSize: Infinity,
    });
  },

  dropIndexes: async (command, call) => {
    refuseInTransaction(call, 'dropIndexes');
    return ok({ nIndexesWas: await call.catalogue.dropIndexes(nsOf(call, command['dropIndexes']), command['index']) });
  },

  collStats: (command, call) => {
    const collection = call.catalogue.get(nsOf(call, command['collStats']));
    const count = collection ? read(call, (view) => view.count(collection.range(0))) : 0;
    return ok({ ns: nsOf(call, command['collStats']), count, nindexes: collection?.indexes.length ?? 0 });
  },

  dbStats: (_, call) => {
    const collections = call.catalogue.list(call.db);
    const objects = read(call, (view) =>
      collections.reduce((sum, collection) => sum + view.count(collection.range(0)), 0),
    );
    return ok({ db: call.db, collections: collections.length, objects });
  },
};
