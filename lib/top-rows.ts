import DataLoader from 'dataloader';
import type { Model, PipelineStage } from 'mongoose';

type Direction = 1 | -1;

/** Which rows of a key are wanted. */
export interface Wanted {
  /** A further filter on the rows. */
  readonly filter?: Record<string, unknown> | undefined;
  /** The order in which the rows of a key count; an index of (key field, these fields) should exist. */
  readonly sort: Readonly<Record<string, Direction>>;
  /** Rows a key gives at most. */
  readonly first: number;
  readonly projection: Record<string, 1>;
}

export type TopRowsLoader<Row, Key = string> = (wanted: Wanted) => DataLoader<Key, readonly Row[]>;

/**
 * Batches the lists that hang off rows (the licences of a legal person): one query for all keys of a tick, and of each key
 * no more rows than asked for leave the store. One per operation, like every DataLoader.
 */
export function topRowsLoader<Row extends object, Key extends string | number = string>(
  model: Model<Row>,
  field: keyof Row & string,
): TopRowsLoader<Row, Key> {
  const loaders = new Map<string, DataLoader<Key, readonly Row[]>>();
  return (wanted) => {
    const name = JSON.stringify(wanted);
    const loader = loaders.get(name) ?? create<Row, Key>(model, field, wanted);
    loaders.set(name, loader);
    return loader;
  };
}

function create<Row extends object, Key extends string | number>(
  model: Model<Row>,
  field: string,
  { filter = {}, sort, first, projection }: Wanted,
): DataLoader<Key, readonly Row[]> {
  // The key goes the way of the first field, so that an index of both serves the sort read forwards or backwards.
  const [direction = 1] = Object.values(sort);
  return new DataLoader(async (keys) => {
    const stages: PipelineStage[] = [
      { $match: { $and: [{ [field]: { $in: [...keys] } }, filter] } },
      { $sort: { [field]: direction, ...sort } },
      { $project: { ...projection, [field]: 1 } },
      { $group: { _id: `$${field}`, rows: { $firstN: { input: '$$ROOT', n: first } } } },
    ];
    const groups = await model.aggregate<{ _id: Key; rows: Row[] }>(stages);
    const found = new Map(groups.map(({ _id, rows }) => [_id, rows]));
    return keys.map((key) => found.get(key) ?? []);
  });
}
