import { createInterface } from 'node:readline';
import type { Columns } from './columns.ts';
import { cutFeatures } from './cut-features.ts';
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

/** Features of a GeoJSON collection, one at a time: the file may be larger than memory. */
export async function* readGeoJson(
  file: TextFile,
  resource: Resource,
  columns: Columns,
  datum: string | undefined,
): AsyncGenerator<SourceRow> {
  file.stream.setEncoding('utf8');
  let declared = datum;
  for await (const { number, text, head } of cutFeatures(file.stream as AsyncIterable<string>)) {
    if (number === 1) declared ??= declaredDatum(parseJson(head));
    const value = parseJson(text);
    if (isProperties(value)) yield { line: number, cells: cellsOf(flatten(value, declared), resource, columns) };
    else
      yield {
        line: number,
        cells: [],
        fault: fault('', 'JSON', 'The feature is not a JSON object; correct the export.'),
      };
  }
}

/** The datum a collection declares in front of its features, as `datum` or as the `crs` of the GeoJSON of 2008. */
function declaredDatum(members: unknown): string | undefined {
  const { datum, crs } = (isProperties(members) ? members : {}) as {
    datum?: unknown;
    crs?: { properties?: { name?: unknown } };
  };
  const name = datum ?? crs?.properties?.name;
  return typeof name === 'string' ? name : undefined;
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
