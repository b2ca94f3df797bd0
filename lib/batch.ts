import DataLoader from 'dataloader';
import type { Model } from 'mongoose';

/** Loads rows by one field; rows asked for in one tick come with one query. */
export type RowLoader<Row, Key = string> = (projection: Record<string, 1>) => DataLoader<Key, Row | null>;
export type RowsLoader<Row, Key = string> = (projection: Record<string, 1>) => DataLoader<Key, readonly Row[]>;

/**
 * Batches look-ups of single rows by a unique field. One loader serves one operation and one projection: a loader shared
 * between callers would leak rows, one shared between projections would miss fields.
 */
export function rowLoader<Row extends object, Key extends string | number = string>(
  model: Model<Row>,
  field: keyof Row & string,
): RowLoader<Row, Key> {
  return byProjection(
    (projection) =>
      new DataLoader<Key, Row | null>(async (keys) => {
        const rows = await fetchRows(model, field, keys, projection);
        const found = new Map(rows.map((row) => [row[field] as Key, row]));
        return keys.map((key) => found.get(key) ?? null);
      }),
  );
}

/** Batches look-ups of the rows that share a field's value, in the order of `_id`. */
export function rowsLoader<Row extends object, Key extends string | number = string>(
  model: Model<Row>,
  field: keyof Row & string,
): RowsLoader<Row, Key> {
  return byProjection(
    (projection) =>
      new DataLoader<Key, readonly Row[]>(async (keys) => {
        const rows = await fetchRows(model, field, keys, projection);
        const groups = new Map<Key, Row[]>(keys.map((key) => [key, []]));
        for (const row of rows) groups.get(row[field] as Key)?.push(row);
        return keys.map((key) => groups.get(key) ?? []);
      }),
  );
}

async function fetchRows<Row extends object>(
  model: Model<Row>,
  field: string,
  keys: readonly (string | number)[],
  projection: Record<string, 1>,
): Promise<Row[]> {
  const rows = await model
    .find({ [field]: { $in: [...keys] } }, { ...projection, [field]: 1 })
    .sort({ _id: 1 })
    .lean();
  return rows as Row[];
}

function byProjection<Loader>(
  create: (projection: Record<string, 1>) => Loader,
): (projection: Record<string, 1>) => Loader {
  const loaders = new Map<string, Loader>();
  return (projection) => {
    const key = Object.keys(projection).sort().join();
    const loader = loaders.get(key) ?? create(projection);
    loaders.set(key, loader);
    return loader;
  };
}
