/** Sorting in memory, in MongoDB's order. */
import { badValue, unsupported } from '../errors.ts';
import { type Document, isDocument } from '../values/document.ts';
import { EMPTY_ARRAY } from '../values/key-encoder.ts';
import { toNumber } from '../values/numbers.ts';
import { compareValues, isNumeric } from '../values/order.ts';
import { leaves } from '../values/paths.ts';

export type SortField = { readonly path: string; readonly sign: 1 | -1 };

export function parseSort(sort: unknown): readonly SortField[] {
  if (!isDocument(sort)) throw badValue('a sort must be an object');
  return Object.entries(sort).map(([path, direction]) => {
    if (isDocument(direction)) throw unsupported(`sorting by { ${Object.keys(direction).join()} }`);
    const sign = isNumeric(direction) ? toNumber(direction) : 0;
    if (sign !== 1 && sign !== -1) throw badValue(`the sort direction of '${path}' must be 1 or -1`);
    if (path.startsWith('$')) throw unsupported(`sorting by '${path}'`);
    return { path, sign };
  });
}

/** A stable sort; `documentOf` gives at least the fields that are sorted by. */
export function sortDocuments<T>(
  items: readonly T[],
  sort: Document | readonly SortField[],
  documentOf: (item: T) => unknown,
): T[] {
  const fields = (Array.isArray(sort) ? (sort as readonly SortField[]) : parseSort(sort)).map(({ path, sign }) => ({
    parts: path.split('.'),
    sign,
  }));
  const keyed = items.map((item) => {
    const document = documentOf(item);
    return { item, keys: fields.map(({ parts, sign }) => sortKey(leaves(document, parts), sign)) };
  });
  keyed.sort((a, b) => {
    for (let i = 0; i < fields.length; i++) {
      const order = compareKeys(a.keys[i], b.keys[i]);
      if (order !== 0) return order * (fields[i]?.sign ?? 1);
    }
    return 0;
  });
  return keyed.map(({ item }) => item);
}

/** An array sorts by its least item going up and by its greatest going down; one without items comes before null. */
function sortKey(found: readonly unknown[], sign: number): unknown {
  const values = found.flatMap((value) =>
    Array.isArray(value) ? (value.length > 0 ? (value as unknown[]) : [EMPTY_ARRAY]) : [value],
  );
  return values.length < 2
    ? values[0]
    : values.reduce((best, value) => (compareKeys(value, best) * sign < 0 ? value : best));
}

function compareKeys(a: unknown, b: unknown): number {
  if (a === EMPTY_ARRAY || b === EMPTY_ARRAY) return Number(b === EMPTY_ARRAY) - Number(a === EMPTY_ARRAY);
  return compareValues(a, b);
}
