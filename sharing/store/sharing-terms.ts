import { Schema } from 'mongoose';
import type { GrantItem, Obligation, Quota } from '../policy/grant.ts';
import { date, text } from './stored.ts';

/** Who may use what of whom, what for, where and how long: what a request asks and a grant gives. */
export interface SharingTerms {
  /** The department that owns every item. */
  readonly owner: string;
  /** The department that asks or holds, and its application. */
  readonly department: string;
  readonly application: string;
  readonly purpose: string;
  readonly basis: string;
  readonly items: readonly GrantItem[];
  readonly divisions: readonly string[];
  readonly validFrom: Date;
  readonly validUntil: Date;
  readonly quota?: Quota | undefined;
  readonly obligations?: readonly Obligation[] | undefined;
}

const itemFields = { coordinate: text, uses: [String] };
const itemSchema = new Schema<GrantItem>(itemFields, { _id: false });

const quotaFields = { rowsPerDay: Number, subjectsPerDay: Number };
const quotaSchema = new Schema<Quota>(quotaFields, { _id: false });

export const termsFields = {
  owner: text,
  department: text,
  application: text,
  purpose: text,
  basis: text,
  items: [itemSchema],
  divisions: [String],
  validFrom: date,
  validUntil: date,
  quota: { type: quotaSchema, default: undefined },
  obligations: { type: [String], default: undefined },
};
