import { Schema } from 'mongoose';
import { type SharingTerms, termsFields } from './sharing-terms.ts';
import { date, stored, text } from './stored.ts';

export const REQUEST_STATES = ['PENDING', 'APPROVED', 'REFUSED'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

/** 共享申请: what one application asks of one owner; what is asked of several owners is one request for each. */
export interface RequestRecord extends SharingTerms {
  readonly _id: string;
  /** The officer who asks; never the one who decides. */
  readonly officer: string;
  readonly state: RequestState;
  readonly requestedAt: Date;
  readonly decidedBy?: string | undefined;
  readonly decidedAt?: Date | undefined;
  /** Why it was refused, or what the owner says to its approval. */
  readonly reason?: string | undefined;
  /** The grant it led to. */
  readonly grant?: string | undefined;
}

const requestFields = {
  _id: text,
  ...termsFields,
  officer: text,
  state: { ...text, enum: REQUEST_STATES },
  requestedAt: date,
  decidedBy: String,
  decidedAt: Date,
  reason: String,
  grant: String,
};

export const requestSchema = new Schema<RequestRecord>(requestFields, stored)
  .index({ department: 1, requestedAt: -1, _id: -1 })
  .index({ owner: 1, state: 1, requestedAt: -1, _id: -1 })
  .index({ owner: 1, requestedAt: -1, _id: -1 })
  .index({ requestedAt: -1, _id: -1 });
