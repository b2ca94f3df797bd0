import DataLoader from 'dataloader';
import type { Model, PipelineStage } from 'mongoose';
import { type DivisionFields, divisionPrefix, withinDivision } from './within-division.ts';

/** One cell of a table: the values it stands for, the rows in it and, where one is asked for, the sum over them. */
export interface Cell {
  readonly key: Readonly<Record<string, unknown>>;
  readonly count: number;
  readonly sum: number;
}

interface Table {
  /** Which rows are counted at all. */
  readonly match: Record<string, unknown>;
  /** Aggregation expressions by the name of the value they give. */
  readonly by: Readonly<Record<string, unknown>>;
  /** Stored field to add up. */
  readonly sum?: string | undefined;
}

export type TotalsLoader = (table: Table) => DataLoader<string, readonly Cell[]>;

interface Group {
  readonly _id: { readonly place: string; readonly key: Readonly<Record<string, unknown>> };
  readonly count: number;
  readonly sum: number;
}

/**
 * Counts rows by division: the tables of all divisions an operation asks for come with one query (one more where
 * townships or villages are among them), so that a dashboard of ten counties does not read the store ten times.
 */
export function totalsLoader<Row extends object>(model: Model<Row>, fields: DivisionFields): TotalsLoader {
  const loaders = new Map<string, DataLoader<string, readonly Cell[]>>();
  return (table) => {
    const name = JSON.stringify(table);
    const loader = loaders.get(name) ?? new DataLoader(async (codes) => batch(model, { fields, table, codes }));
    loaders.set(name, loader);
    return loader;
  };
}

interface Batch {
  readonly fields: DivisionFields;
  readonly table: Table;
  readonly codes: readonly string[];
}

async function batch<Row extends object>(model: Model<Row>, { fields, table, codes }: Batch) {
  const refused = new Map<string, Error>();
  const filters = new Map<string, Record<string, unknown>>();
  for (const code of codes) {
    try {
      filters.set(code, withinDivision(code, fields));
    } catch (thrown) {
      // One wrong code costs its own answer, not those of the others in the batch.
      refused.set(code, thrown as Error);
    }
  }
  const groups = new Map<string, Promise<readonly Group[]>>();
  const depthOf = (code: string): string => (code.length === 6 ? 'county' : String(divisionPrefix(code).length));
  for (const depth of new Set([...filters.keys()].map(depthOf))) {
    const places = [...filters].filter(([code]) => depthOf(code) === depth).map(([, filter]) => filter);
    groups.set(depth, read(model, { table, within: anyOf(places, fields), place: placeExpression(depth, fields) }));
  }
  return Promise.all(
    codes.map(async (code) => refused.get(code) ?? fold((await groups.get(depthOf(code))) ?? [], divisionPrefix(code))),
  );
}

function placeExpression(depth: string, { county, division = county }: DivisionFields): unknown {
  return depth === 'county' ? `$${county}` : { $substrBytes: [`$${division}`, 0, Number(depth)] };
}

/** Divisions side by side; plain counties as one list, which an index reads without a branch for each. */
function anyOf(filters: readonly Record<string, unknown>[], { county }: DivisionFields): Record<string, unknown> {
  const [first, ...others] = filters;
  if (first && others.length === 0) return first;
  const plain = filters.every((filter) => Object.keys(filter).length === 1 && typeof filter[county] === 'string');
  return plain ? { [county]: { $in: filters.map((filter) => filter[county]) } } : { $or: filters };
}

async function read<Row extends object>(
  model: Model<Row>,
  { table, within, place }: { table: Table; within: Record<string, unknown>; place: unknown },
): Promise<readonly Group[]> {
  const stages: PipelineStage[] = [
    { $match: { $and: [within, table.match] } },
    {
      $group: {
        _id: { place, key: table.by },
        count: { $sum: 1 },
        sum: { $sum: table.sum === undefined ? 0 : `$${table.sum}` },
      },
    },
  ];
  return model.aggregate<Group>(stages);
}

/** The groups of one division, those of its parts added up, in the order of their values. */
function fold(groups: readonly Group[], prefix: string): readonly Cell[] {
  const cells = new Map<string, Cell>();
  for (const { _id, count, sum } of groups) {
    if (!_id.place.startsWith(prefix)) continue;
    const name = JSON.stringify(_id.key);
    const known = cells.get(name) ?? { key: _id.key, count: 0, sum: 0 };
    cells.set(name, { key: known.key, count: known.count + count, sum: known.sum + sum });
  }
  return [...cells].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, cell]) => cell);
}
