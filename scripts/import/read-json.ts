import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createInterface } from 'node:readline';
import pick from 'stream-json/filters/pick.js';
import streamArray from 'stream-json/streamers/stream-array.js';
import { HubError } from '../../lib/errors.ts';
import type { Columns } from './columns.ts';
import type { TextFile } from './encoding.ts';
import { fault } from './resource.ts';
import type { Resource } from './resource.ts';
import type { SourceRow } from './source.ts';

type Properties = Readonly<Record<string, unknown>>;

/** One JSON object a line. For a resource with geometry a line is a GeoJSON feature. */
export async function* readNdjson(
  file: TextFile,
  resource: Resource,
  columns: Columns,
  datum: string | undefined,
): AsyncGenerator<SourceRow> {
  let line = 0;
  for await (const text of createInterface({ input: file.stream, crlfDelay: Infinity })) {
    line++;
    const trimmed = line === 1 ? text.replace(/^\uFEFF/, '').trim() : text.trim();
    if (trimmed === '') continue;
    const value = parseJson(trimmed);
    if (!isProperties(value)) {
      yield {
        line,
        cells: [],
        fault: fault('', 'JSON', 'The line is not a JSON object; write one object on each line.'),
      };
    } else {
      yield { line, cells: cellsOf(resource.hasGeometry ? flatten(value, datum) : value, resource, columns) };
    }
  }
}

/**
 * Features of a GeoJSON collection, one at a time: the file may be larger than memory.
 * @throws HubError BAD_FILE where the file is not JSON; the features before that place are read.
 */
export async function* readGeoJson(
  file: TextFile & { readonly path: string },
  resource: Resource,
  columns: Columns,
  datum: string | undefined,
): AsyncGenerator<SourceRow> {
  const declared = datum ?? (await declaredDatum(file.path));
  const features = pipeline(
    file.stream,
    pick.withParserAsStream({ filter: 'features' }),
    streamArray.asStream(),
    () => undefined,
  ) as AsyncIterable<{ value: unknown }>;
  let line = 0;
  try {
    for await (const { value } of features) {
      line++;
      if (isProperties(value)) yield { line, cells: cellsOf(flatten(value, declared), resource, columns) };
      else yield { line, cells: [], fault: fault('', 'JSON', 'The feature is not an object; correct the export.') };
    }
  } catch (thrown) {
    if (!(thrown instanceof Error) || !/parser|json|unexpected/i.test(thrown.message)) throw thrown;
    throw new HubError(
      'BAD_FILE',
      `The file is not valid JSON after feature ${line}. Export it again; what came before is imported.`,
    );
  }
  if (line === 0) throw new HubError('BAD_FILE', 'The file has no features. Give a GeoJSON FeatureCollection.');
}

/** The datum a collection declares in front of its features, as `datum` or as the `crs` of the GeoJSON of 2008. */
async function declaredDatum(path: string): Promise<string | undefined> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0);
    const head = buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/, '');
    const end = head.search(/,\s*"features"\s*:/);
    const members = end === -1 ? undefined : parseJson(`${head.slice(0, end)}}`);
    if (!isProperties(members)) return undefined;
    const { datum, crs } = members as { datum?: unknown; crs?: { properties?: { name?: unknown } } };
    const name = datum ?? crs?.properties?.name;
    return typeof name === 'string' ? name : undefined;
  } finally {
    await handle.close();
  }
}

/** The properties of a feature with its geometry and the datum: its own where it names one. */
function flatten(feature: Properties, datum: string | undefined): Properties {
  const properties = isProperties(feature.properties) ? feature.properties : {};
  return { ...(datum === undefined ? {} : { datum }), ...properties, geometry: feature.geometry };
}

function cellsOf(object: Properties, resource: Resource, columns: Columns): unknown[] {
  const cells = new Array<unknown>(resource.fields.length).fill(undefined);
  for (const [key, value] of Object.entries(object)) {
    const place = columns.placeOf(key);
    if (place !== undefined) cells[place] = key === 'subjects' && Array.isArray(value) ? joinSubjects(value) : value;
  }
  return cells;
}

/** A list of { kind, ref } in the form that a cell has. */
function joinSubjects(subjects: readonly unknown[]): string {
  return subjects
    .map((subject) => (isProperties(subject) ? `${String(subject.kind)}:${String(subject.ref)}` : ''))
    .join(';');
}

function isProperties(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}
