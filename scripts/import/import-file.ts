import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Connection } from 'mongoose';
import { HubError, messageOf } from '../../lib/errors.ts';
import { noteUpdate } from '../../lib/resource-updates.ts';
import { columnsOf } from './columns.ts';
import type { Columns } from './columns.ts';
import { detectEncoding, openText } from './encoding.ts';
import type { Encoding, TextFile } from './encoding.ts';
import { startRun } from './import-run.ts';
import type { ImportCounts } from './import-run.ts';
import { readCsv } from './read-csv.ts';
import { readGeoJson, readNdjson } from './read-json.ts';
import { openRejectFile } from './reject-file.ts';
import type { ImportFormat, Resource } from './resource.ts';
import { resources } from './resources.ts';
import type { SourceRow } from './source.ts';

type ImportProgress = {
  /** Rows so far, and about how many there are, from the share of the file that is read. */
  readonly done: number;
  readonly total: number;
};

export type ImportOptions = {
  /** A name in `resources`. */
  readonly resource: string;
  readonly file: string;
  /** The database of the resource's subgraph. */
  readonly connection: Connection;
  /** Found out when absent. */
  readonly encoding?: Encoding | undefined;
  /** By the file's ending when absent. */
  readonly format?: ImportFormat | undefined;
  /** Datum of the geometry, where the file does not say it. */
  readonly datum?: string | undefined;
  /** Where rejected rows are written; `<file>.rejects.csv` when absent. */
  readonly rejects?: string | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  /** When aborted, the batch under way is stored and the import stops; importing the file again completes it. */
  readonly signal?: AbortSignal | undefined;
  /** The present time, for tests. */
  readonly now?: Date | undefined;
};

export type ImportResult = ImportCounts & {
  readonly kind: 'COMPLETE' | 'INTERRUPTED';
  readonly resource: string;
  readonly encoding: Encoding;
  /** The reject file, or null where no row was rejected. */
  readonly rejects: string | null;
  /** Columns of the file that belong to no field. */
  readonly ignoredColumns: readonly string[];
};

/**
 * Reads a file row by row, checks every row, stores the good ones by their natural key and writes the bad ones to the
 * reject file. A row that is counted is stored.
 * @throws HubError BAD_USER_INPUT, MISSING_COLUMNS or BAD_FILE where the file cannot be read, or not to its end; rows
 * before that place are stored.
 */
export async function importFile(options: ImportOptions): Promise<ImportResult> {
  const { resource, format } = chosen(options);
  const size = await sizeOf(options.file);
  const file = openText(options.file, options.encoding ?? (await detectEncoding(options.file)));
  // A store that no subgraph has opened yet has none, and each batch would be compared with every record.
  await resource.model(options.connection).createIndexes();
  const columns = columnsOf(resource);
  const rejects = await openRejectFile(options.rejects ?? `${options.file}.rejects.csv`);
  const now = options.now ?? new Date();
  const run = startRun({ resource, connection: options.connection, rejects, now });
  let interrupted = false;
  let rejectPath: string | null;
  try {
    for await (const row of rowsOf(format, { file, resource, columns, options })) {
      interrupted = options.signal?.aborted === true;
      if (interrupted) break;
      if (!(await run.add(row))) continue;
      const done = run.counts().rows;
      const total = Math.round((done * size) / Math.max(1, file.bytesRead()));
      options.onProgress?.({ done, total: Math.max(done, total) });
    }
  } finally {
    try {
      await run.finish();
    } finally {
      rejectPath = await rejects.close();
    }
  }
  // A file that was read to its end is the owner's word on the resource, even where no row of it is new.
  if (!interrupted) await noteUpdate(options.connection, [resource.model(options.connection).modelName], now);
  return {
    kind: interrupted ? 'INTERRUPTED' : 'COMPLETE',
    resource: resource.name,
    encoding: file.encoding,
    ...run.counts(),
    rejects: rejectPath,
    ignoredColumns: [...columns.ignored],
  };
}

function chosen(options: ImportOptions): { resource: Resource; format: ImportFormat } {
  const resource = resources.get(options.resource);
  if (resource === undefined) {
    throw new HubError(
      'BAD_USER_INPUT',
      `resource: there is no such resource. Use one of ${[...resources.keys()].join(', ')}.`,
    );
  }
  const endings: Readonly<Record<string, ImportFormat>> = {
    '.csv': 'csv',
    '.ndjson': 'ndjson',
    '.jsonl': 'ndjson',
    '.geojson': 'geojson',
    '.json': 'geojson',
  };
  const format = options.format ?? endings[extname(options.file).toLowerCase()];
  if (format === undefined || !resource.formats.includes(format)) {
    throw new HubError(
      'BAD_USER_INPUT',
      `format: ${resource.name} are imported from ${resource.formats.join(' or ')}.`,
    );
  }
  return { resource, format };
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (thrown) {
    throw new HubError(
      'BAD_FILE',
      `The file cannot be read: ${messageOf(thrown)}. Check its name and its permissions.`,
    );
  }
}

function rowsOf(
  format: ImportFormat,
  {
    file,
    resource,
    columns,
    options,
  }: { file: TextFile; resource: Resource; columns: Columns; options: ImportOptions },
): AsyncGenerator<SourceRow> {
  if (format === 'csv') return readCsv(file, resource, columns);
  if (format === 'ndjson') return readNdjson(file, resource, columns, options.datum);
  return readGeoJson(file, resource, columns, options.datum);
}
