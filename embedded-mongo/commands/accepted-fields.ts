/** The fields each command may have. Any other is refused: an option that is ignored is a wrong answer. */
import { unsupported } from '../errors.ts';
import { type Document, isDocument } from '../values/document.ts';

/**
 * Fields that change nothing here: there is one copy of the data, it is always current, and a write is always on disk before it
 * is acknowledged.
 */
const ALWAYS = new Set([
  ...[
    '$db',
    'lsid',
    'txnNumber',
    'autocommit',
    'startTransaction',
    'readConcern',
    'writeConcern',
    '$readPreference',
    '$clusterTime',
  ],
  ...[
    'apiVersion',
    'apiStrict',
    'apiDeprecationErrors',
    'comment',
    'maxTimeMS',
    'allowDiskUse',
    '$audit',
    '$client',
    'stmtId',
    'stmtIds',
  ],
]);

const BY_COMMAND: Readonly<Record<string, readonly string[]>> = {
  find: [
    'find',
    'filter',
    'sort',
    'projection',
    'skip',
    'limit',
    'batchSize',
    'singleBatch',
    'hint',
    'let',
    'noCursorTimeout',
    'allowPartialResults',
  ],
  aggregate: ['aggregate', 'pipeline', 'cursor', 'explain', 'hint', 'let', 'bypassDocumentValidation'],
  count: ['count', 'query', 'skip', 'limit', 'hint'],
  distinct: ['distinct', 'key', 'query', 'hint'],
  explain: ['explain', 'verbosity'],
  getMore: ['getMore', 'collection', 'batchSize'],
  killCursors: ['killCursors', 'cursors'],
  insert: ['insert', 'documents', 'ordered', 'bypassDocumentValidation'],
  update: ['update', 'updates', 'ordered', 'let', 'bypassDocumentValidation'],
  delete: ['delete', 'deletes', 'ordered', 'let'],
  findAndModify: [
    ...[
      'findAndModify',
      'findandmodify',
      'query',
      'sort',
      'update',
      'remove',
      'new',
      'upsert',
      'fields',
      'arrayFilters',
      'hint',
      'let',
    ],
    'bypassDocumentValidation',
  ],
  create: ['create'],
  createIndexes: ['createIndexes', 'indexes', 'commitQuorum'],
  dropIndexes: ['dropIndexes', 'index'],
  listIndexes: ['listIndexes', 'cursor'],
  listCollections: ['listCollections', 'filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  listDatabases: ['listDatabases', 'nameOnly', 'filter', 'authorizedDatabases'],
  'statement of update': ['q', 'u', 'multi', 'upsert', 'arrayFilters', 'hint', 'sort'],
  'statement of delete': ['q', 'limit', 'hint'],
};

export function checkFields(name: string, command: Document): void {
  const accepted = BY_COMMAND[name];
  if (!accepted) return;
  for (const [field, value] of Object.entries(command)) {
    if (accepted.includes(field) || ALWAYS.has(field) || isOff(field, value)) continue;
    throw unsupported(`the option '${field}' of ${name}`);
  }
}

/** An option that asks for nothing out of the ordinary. */
function isOff(field: string, value: unknown): boolean {
  return (
    value === false ||
    value === null ||
    value === undefined ||
    (field === 'collation' && isDocument(value) && value['locale'] === 'simple')
  );
}
