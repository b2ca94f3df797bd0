import DataLoader from 'dataloader';
import type { Model, PipelineStage } from 'mongoose';

type Direction = 1 | -1;

/** Which rows of a key are wanted. */
interface Wanted {
  /** A further filter on the rows. */
  readonly filter?: Record<string, unknown> | undefined;
  /** The order in which the rows of a key count; an index of (key field, these fields) should exist. */
  readonly sort: Readonly<Record<string, Direction>>;
  /** Rows a key gives at most. */
  readonly first: number;
  readonly projection: Record<string, 1>;
}

/** A key inside an embedded list, such as `subjects.ref`: a row counts for each key of its list. */
export interface Listed {
  readonly listed: string;
}

export type TopRowsLoader<Row, Key = string> = (wanted: Wanted) => DataLoader<Key, readonly Row[]>;

/**
 * Batches the lists that hang off rows (the licences of a legal person): one query for all keys of a tick, and of each key
 * no more rows than asked for leave the store. One per operation, like every DataLoader.
 */
export function topRowsLoader<Row extends object, Key extends string | number = string>(
  model: Model<Row>,
  field: (keyof Row & string) | Listed,
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
  field: string | Listed,
  { filter = {}, sort, first, projection }: Wanted,
): DataLoader<Key, readonly Row[]> {
  // The key goes the way of the first field, so that an index of both serves the sort read forwards or backwards.
  const [direction = 1] = Object.values(sort);
  return new DataLoader(async (keys) => {
    const among = { $in: [...keys] };
    const groups = await model.aggregate<{ _id: Key; rows: Row[] }>([
      ...(typeof field === 'string'
        ? [{ $match: { $and: [{ [field]: among }, filter] } }, { $sort: { [field]: direction, ...sort } }]
        : spread(field.listed, among, { filter, sort })),
      { $project: { ...projection, [KEY]: typeof field === 'string' ? `$${field}` : 1 } },
      { $group: { _id: `$${KEY}`, rows: { $push: '$$ROOT' } } },
      { $project: { rows: { $slice: ['$rows', first] } } },
    ]);
    const found = new Map(groups.map(({ _id, rows }) => [_id, rows]));
    return keys.map((key) => found.get(key) ?? []);
  });
}

/** The key beside the row it stands for; no stored field has this name. */
const KEY = 'keyOfGroup';

function spread(
  path: string,
  among: Record<string, unknown>,
  { filter, sort }: { filter: Record<string, unknown>; sort: Wanted['sort'] },
): PipelineStage[] {
  return [
    { $match: { $and: [{ [path]: among }, filter] } },
    { $addFields: { [KEY]: `$${path}` } },
    { $unwind: `$${KEY}` },
    { $match: { [KEY]: among } },
    { $sort: { ...sort } },
  ];
}
