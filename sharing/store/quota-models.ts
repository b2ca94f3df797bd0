import { type Connection, type Model, Schema } from 'mongoose';
import { date, stored, text } from './stored.ts';

/** What was used of one grant on one day in China, with what is taken for answers under way. */
export interface QuotaUseRecord {
  /** See `quotaUseId`. */
  readonly _id: string;
  readonly rows: number;
  readonly subjects: number;
  readonly expiresAt: Date;
}

/** A data subject that was shown by a grant on a day, as a keyed hash in the id. */
export interface QuotaSubjectRecord {
  readonly _id: string;
  readonly expiresAt: Date;
}

const count = { type: Number, required: true } as const;

const useFields = { _id: text, rows: count, subjects: count, expiresAt: date };
const useSchema = new Schema<QuotaUseRecord>(useFields, stored).index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const subjectFields = { _id: text, expiresAt: date };
const subjectSchema = new Schema<QuotaSubjectRecord>(subjectFields, stored).index(
  { expiresAt: 1 },
  { expireAfterSeconds: 0 },
);

export interface QuotaModels {
  readonly quotaUse: Model<QuotaUseRecord>;
  readonly quotaSubjects: Model<QuotaSubjectRecord>;
}

export function quotaModels(connection: Connection): QuotaModels {
  return {
    quotaUse: connection.model<QuotaUseRecord>('QuotaUse', useSchema, 'quotaUse'),
    quotaSubjects: connection.model<QuotaSubjectRecord>('QuotaSubject', subjectSchema, 'quotaSubjects'),
  };
}

/** @param day 'YYYY-MM-DD', in China. */
export function quotaUseId(grant: string, day: string): string {
  return `${day}/${grant}`;
}
