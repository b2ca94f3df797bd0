import { Schema } from 'mongoose';
import type { Connection, Model } from 'mongoose';

export type ComplaintState = 'ACTIVE' | 'CLOSED';

/** One row. Codes are strings, calendar dates 'YYYY-MM-DD' (no time zone). */
export type ComplaintRecord = {
  /** The hub's own reference: 32 hexadecimal digits without meaning, never derived from the number. */
  _id: string;
  number: string;
  /** County (6 digits), township (9) or village (12). Always begins with `county`. */
  division: string;
  county: string;
  name: string;
  phone?: string;
  state: ComplaintState;
  registeredOn: string;
  updatedAt: Date;
};

const text = { type: String, required: true } as const;

const complaintFields = {
  _id: text,
  number: text,
  division: text,
  county: text,
  name: text,
  phone: String,
  state: { ...text, enum: ['ACTIVE', 'CLOSED'] },
  registeredOn: text,
  updatedAt: { type: Date, required: true },
};

const stored = { autoIndex: false, autoCreate: false, versionKey: false, id: false } as const;

const complaintSchema = new Schema<ComplaintRecord>(complaintFields, stored)
  .index({ number: 1 }, { unique: true })
  // Lists go through it county by county; references are random, so that a part of them is a random sample.
  .index({ county: 1, _id: 1 })
  // Counts are answered from this index alone on a MongoDB server.
  .index({ county: 1, state: 1 });

export type HotlineModels = {
  readonly complaints: Model<ComplaintRecord>;
};

/**
 * The models on this connection; the same models on every call.
 * Indexes are not built here: whoever opens the store calls `syncIndexes` on each model.
 */
export function models(connection: Connection): HotlineModels {
  return {
    complaints: connection.model<ComplaintRecord>('Complaint', complaintSchema, 'complaints'),
  };
}
