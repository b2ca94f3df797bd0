import { Schema } from 'mongoose';
import type { Connection, Model } from 'mongoose';

export type ComplaintKind = 'CONSULTATION' | 'HELP' | 'GRIEVANCE' | 'REPORT' | 'SUGGESTION';

export type ComplaintState = 'RECEIVED' | 'ASSIGNED' | 'CLOSED' | 'WITHDRAWN';

/** One complaint. Codes are strings, calendar dates 'YYYY-MM-DD' (no time zone). */
export type ComplaintRecord = {
  /** The hub's own reference: 32 hexadecimal digits without meaning, never derived from the number. */
  _id: string;
  /** 工单编号. */
  number: string;
  /** County (6 digits), township (9) or village (12). Always begins with `county`. */
  division: string;
  county: string;
  kind: ComplaintKind;
  /** Code of the topic, four digits. */
  topic: string;
  text: string;
  callerName?: string;
  callerPhone?: string;
  confidential: boolean;
  /** Credit code of the body that has to answer. */
  unitUscc?: string;
  unitName?: string;
  receivedAt: Date;
  /** Last day for the answer. */
  dueOn: string;
  state: ComplaintState;
  closedAt?: Date;
  satisfied?: boolean;
  updatedAt: Date;
};

const text = { type: String, required: true } as const;
const time = { type: Date, required: true } as const;

const complaintFields = {
  _id: text,
  number: text,
  division: text,
  county: text,
  kind: { ...text, enum: ['CONSULTATION', 'HELP', 'GRIEVANCE', 'REPORT', 'SUGGESTION'] },
  topic: text,
  text,
  callerName: String,
  callerPhone: String,
  confidential: { type: Boolean, required: true },
  unitUscc: String,
  unitName: String,
  receivedAt: time,
  dueOn: text,
  state: { ...text, enum: ['RECEIVED', 'ASSIGNED', 'CLOSED', 'WITHDRAWN'] },
  closedAt: Date,
  satisfied: Boolean,
  updatedAt: time,
};

const stored = { autoIndex: false, autoCreate: false, versionKey: false, id: false } as const;

const complaintSchema = new Schema<ComplaintRecord>(complaintFields, stored)
  .index({ number: 1 }, { unique: true })
  // Lists go through it county by county; references are random, so that a part of them is a random sample.
  .index({ county: 1, _id: 1 })
  .index({ topic: 1, county: 1, _id: 1 })
  // Counts are answered from this index alone on a MongoDB server.
  .index({ county: 1, topic: 1, kind: 1, state: 1 });

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
