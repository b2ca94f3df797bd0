import { Schema } from 'mongoose';
import type { Connection } from 'mongoose';
import { HubError } from '../../lib/errors.ts';
import type { DataSet } from './plan.ts';

/**
 * What the generator has written to one database, kept in that database's collection `seedProgress`: the data set, and
 * for each plan the next unit to make. A record is written after the batch it speaks of, so it never claims too much.
 */
export type SeedLog = {
  /** True where this database has never been seeded. */
  readonly isNew: boolean;
  /** Says that seeding has begun; from now on another data set is refused here. */
  begin(): Promise<void>;
  /** First unit of a plan that may be missing. */
  next(plan: string): number;
  record(plan: string, next: number): Promise<void>;
  /** Says that nothing is missing any more. */
  complete(): Promise<void>;
};

/** How far a database is, told without making any plan: NEVER seeded, BEGUN and not finished, COMPLETE. */
export type SeedState = 'NEVER' | 'BEGUN' | 'COMPLETE';

/** Raised when the same seed gives other data than before: what was begun by an older version is not continued. */
const formatVersion = 1;
const headerId = 'data set';

type ProgressRecord = {
  _id: string;
  seed?: string;
  persons?: number;
  asOf?: string;
  version?: number;
  next?: number;
  complete?: boolean;
};

const progressFields = {
  _id: { type: String, required: true },
  seed: String,
  persons: Number,
  asOf: String,
  version: Number,
  next: Number,
  complete: Boolean,
};
const progressSchema = new Schema<ProgressRecord>(progressFields, {
  autoIndex: false,
  autoCreate: false,
  versionKey: false,
});

/** @throws HubError SEED_CONFLICT where the database holds another data set. */
export async function seedLog(connection: Connection, dataSet: DataSet): Promise<SeedLog> {
  const model = connection.model<ProgressRecord>('SeedProgress', progressSchema, 'seedProgress');
  const records = await model.find().lean();
  const header = records.find(({ _id }) => _id === headerId);
  const wanted = { seed: dataSet.seed, persons: dataSet.persons, asOf: dataSet.asOf, version: formatVersion };
  if (header !== undefined) assertSame(header, wanted);
  const units = new Map(records.map(({ _id, next }) => [_id, next ?? 0]));
  return {
    isNew: header === undefined,
    begin: async () => {
      await model.updateOne({ _id: headerId }, { $setOnInsert: wanted }, { upsert: true });
    },
    next: (plan) => units.get(plan) ?? 0,
    record: async (plan, next) => {
      await model.updateOne({ _id: plan }, { $set: { next } }, { upsert: true });
      units.set(plan, next);
    },
    complete: async () => {
      await model.updateOne({ _id: headerId }, { $set: { complete: true } });
    },
  };
}

/** Whether the generator has been here. */
export async function seedState(connection: Connection): Promise<SeedState> {
  const model = connection.model<ProgressRecord>('SeedProgress', progressSchema, 'seedProgress');
  const header = await model.findById(headerId).lean();
  if (!header) return 'NEVER';
  return header.complete === true ? 'COMPLETE' : 'BEGUN';
}

function assertSame(header: ProgressRecord, wanted: Required<Omit<ProgressRecord, '_id' | 'next' | 'complete'>>): void {
  const different = (['seed', 'persons', 'asOf', 'version'] as const).filter(
    (field) => header[field] !== wanted[field],
  );
  if (different.length === 0) return;
  const stored = `seed ${header.seed ?? ''}, ${header.persons ?? 0} persons, as of ${header.asOf ?? ''}, format ${header.version ?? 0}`;
  throw new HubError(
    'SEED_CONFLICT',
    `This database was seeded with other data (${stored}; different: ${different.join(', ')}). Ask for the same again, or seed an empty data directory.`,
  );
}
