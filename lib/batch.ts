import DataLoader from 'dataloader';
import type { Model } from 'mongoose';
import { both } from './row-scope.ts';

/** Loads rows by one field; rows asked for in one tick come with one query. */
export type RowLoader<Row, Key = string> = (projection: Record<string, 1>) => DataLoader<Key, Row | null>;
export type RowsLoader<Row, Key = string> = (projection: Record<string, 1>) => DataLoader<Key, readonly Row[]>;

/**
 * Batches look-ups of single rows by a unique field. One loader serves one operation and one projection: a loader shared
 * between callers would leak rows, one shared between projections would miss fields.
 * @param within a further filter, such as the caller's row scope: a row outside it is not found.
 */
export function rowLoader<Row extends object, Key extends string | number = string>(
  model: Model<Row>,
  field: keyof Row & string,
  within: Record<string, unknown> = {},
): RowLoader<Row, Key> {
  return byProjection(
    (projection) =>
      new DataLoader<Key, Row | null>(async (keys) => {
        const rows = await fetchRows(model, both({ [field]: { $in: [...keys] } }, within), {
          ...projection,
          [field]: 1,
        });
        const found = new Map(rows.map((row) => [row[field] as Key, row]));
        return keys.map((key) => found.get(key) ?? null);
      }),
  );
}

/** Batches look-ups of the rows that share a field's value, in the order of `_id`. */
export function rowsLoader<Row extends object, Key extends string | number = string>(
  model: Model<Row>,
  field: keyof Row & string,
  within: Record<string, unknown> = {},
): RowsLoader<Row, Key> {
  return byProjection(
    (projection) =>
      new DataLoader<Key, readonly Row[]>(async (keys) => {
        const rows = await fetchRows(model, both({ [field]: { $in: [...keys] } }, within), {
          ...projection,
          [field]: 1,
        });
        const groups = new Map<Key, Row[]>(keys.map((key) => [key, []]));
        for (const row of rows) groups.get(row[field] as Key)?.push(row);
        return keys.map((key) => groups.get(key) ?? []);
      }),
  );
}

async function fetchRows<Row extends object>(
  model: Model<Row>,
  filter: Record<string, unknown>,
  projection: Record<string, 1>,
): Promise<Row[]> {
  return (await model.find(filter, projection).sort({ _id: 1 }).lean()) as Row[];
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
