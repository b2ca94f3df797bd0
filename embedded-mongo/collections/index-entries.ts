/** The entries that a document has in an index. */
import { CommandError } from '../errors.ts';
import { compileFilter } from '../queries/filter.ts';
import { cellOf } from '../queries/geo-cells.ts';
import { geometryOf } from '../queries/geometry.ts';
import { type Document, getField, isDocument } from '../values/document.ts';
import { EMPTY_ARRAY, KeyEncoder } from '../values/key-encoder.ts';
import type { IndexSpec } from './index-spec.ts';

export type Entries = {
  readonly keys: readonly Buffer[];
  /** More than one value came from an array: from now on bounds on this index hold item by item. */
  readonly multikey: boolean;
  /** A string was too long for its key: from now on this index cannot give an order. */
  readonly cut: boolean;
};

const encoder = new KeyEncoder();
const NONE: Entries = { keys: [], multikey: false, cut: false };

/** Makes the function that gives a document's keys in one index, each starting with the prefix. */
export function entriesOf(spec: IndexSpec, prefix: Buffer): (document: Document) => Entries {
  const applies = spec.partial ? compileFilter(spec.partial) : () => true;
  const skipsMissing = spec.sparse || spec.fields.some((field) => field.direction === '2dsphere');
  return (document) => {
    if (!applies(document)) return NONE;
    const tuples = tuplesOf(spec, document);
    const [only] = tuples;
    if (only && tuples.length === 1) {
      if (skipsMissing && only.every((value) => value === undefined)) return NONE;
      return { keys: [encode(spec, prefix, only)], multikey: false, cut: encoder.cut };
    }
    let cut = false;
    const keys = new Map<string, Buffer>();
    for (const tuple of tuples) {
      const key = encode(spec, prefix, tuple);
      cut ||= encoder.cut;
      keys.set(key.toString('latin1'), key);
    }
    return { keys: [...keys.values()], multikey: true, cut };
  };
}

/** The values of an index's fields in a document, in the order of the fields: once, or once for each item of an array. */
export function tuplesOf(spec: IndexSpec, document: Document): unknown[][] {
  return expand(
    spec.name,
    spec.fields.map(({ parts, direction, path }) => {
      const place = walk(document, parts, 0);
      return direction === '2dsphere' ? { value: cellAt(place, path), parts, next: parts.length, done: true } : place;
    }),
  );
}

function encode(spec: IndexSpec, prefix: Buffer, tuple: readonly unknown[]): Buffer {
  encoder.start(prefix);
  for (let i = 0; i < tuple.length; i++) encoder.value(tuple[i], spec.fields[i]?.direction === -1);
  return encoder.finish();
}

/** How far a path has been followed: to its end, or to an array on its way. */
type Place = {
  readonly value: unknown;
  readonly parts: readonly string[];
  readonly next: number;
  readonly done: boolean;
};

function walk(from: unknown, parts: readonly string[], start: number): Place {
  let node = from;
  let next = start;
  while (next < parts.length) {
    const part = parts[next] ?? '';
    if (Array.isArray(node)) {
      if (!/^\d+$/.test(part) || Number(part) >= node.length) return { value: node, parts, next, done: false };
      node = (node as unknown[])[Number(part)];
    } else {
      node = getField(node, part);
    }
    next++;
  }
  return { value: node, parts, next, done: !Array.isArray(node) };
}

/** Takes arrays apart, item by item; all fields must meet the same one. */
function expand(index: string, places: readonly Place[]): unknown[][] {
  const open = places.filter((place) => !place.done);
  const array = open[0]?.value;
  if (!Array.isArray(array)) return [places.map(({ value }) => value)];
  if (open.some(({ value }) => value !== array)) {
    throw new CommandError(
      171,
      'CannotIndexParallelArrays',
      `the index '${index}' would hold two arrays of one document`,
    );
  }
  if (array.length === 0)
    return expand(
      index,
      places.map((place) => (place.done ? place : emptied(place))),
    );
  return (array as unknown[]).flatMap((item) =>
    expand(
      index,
      places.map((place) => (place.done ? place : inItem(place, item))),
    ),
  );
}

const emptied = (place: Place): Place => ({
  ...place,
  value: place.next === place.parts.length ? EMPTY_ARRAY : undefined,
  done: true,
});
function inItem(place: Place, item: unknown): Place {
  if (place.next === place.parts.length) return { ...place, value: item, done: true };
  return isDocument(item) ? walk(item, place.parts, place.next) : { ...place, value: undefined, done: true };
}

function cellAt({ value }: Place, path: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  const geometry = geometryOf(value);
  if (geometry) return cellOf(geometry);
  throw new CommandError(
    16755,
    'Location16755',
    `'${path}' is not a GeoJSON geometry in degrees, as its 2dsphere index needs`,
  );
}
