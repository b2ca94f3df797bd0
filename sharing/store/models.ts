import { type Connection, type Model, Schema } from 'mongoose';
import type { Use } from '../policy/grant.ts';
import type { AuditEntry } from './audit-entry.ts';

export interface GrantRecord {
  readonly _id: string;
  readonly owner: string;
  readonly department: string;
  readonly application: string;
  readonly purpose: string;
  readonly basis: string;
  readonly items: readonly { readonly coordinate: string; readonly uses: readonly Use[] }[];
  readonly divisions: readonly string[];
  readonly validFrom: Date;
  readonly validUntil: Date;
  readonly status: 'ACTIVE' | 'REVOKED';
  readonly createdAt: Date;
}

/** One document: every change of any grant adds one to `epoch` in the same transaction. */
export interface EpochRecord {
  readonly _id: 'policy';
  readonly epoch: number;
}

export type AuditRecord = Omit<AuditEntry, 'id'> & { readonly _id: string };

const stored = { autoIndex: false, autoCreate: false, versionKey: false, id: false, minimize: false } as const;
const text = { type: String, required: true } as const;
const date = { type: Date, required: true } as const;

const itemFields = { coordinate: text, uses: [String] };
const itemSchema = new Schema<GrantRecord['items'][number]>(itemFields, { _id: false });

const grantFields = {
  _id: text,
  owner: text,
  department: text,
  application: text,
  purpose: text,
  basis: text,
  items: [itemSchema],
  divisions: [String],
  validFrom: date,
  validUntil: date,
  status: { ...text, enum: ['ACTIVE', 'REVOKED'] },
  createdAt: date,
};

const grantSchema = new Schema<GrantRecord>(grantFields, stored)
  .index({ department: 1, validUntil: 1 })
  .index({ owner: 1, validUntil: 1 });

const epochFields = { _id: text, epoch: { type: Number, required: true } };
const epochSchema = new Schema<EpochRecord>(epochFields, stored);

// Entries are written as they are and never changed: their shape is AuditEntry, checked where they are made.
// `at` is named so that a moment read back from a cursor is compared as a moment.
const auditFields = { _id: text, at: date };
const auditSchema = new Schema<AuditRecord>(auditFields, { ...stored, strict: false })
  .index({ writer: 1, sequence: 1 }, { unique: true })
  .index({ at: 1 })
  .index({ 'caller.department': 1, at: 1 });

export interface SharingModels {
  readonly grants: Model<GrantRecord>;
  readonly epochs: Model<EpochRecord>;
  readonly audit: Model<AuditRecord>;
}

/** The hub's own collections: grants, policy epoch, audit entries. */
export function sharingModels(connection: Connection): SharingModels {
  return {
    grants: connection.model<GrantRecord>('Grant', grantSchema, 'grants'),
    epochs: connection.model<EpochRecord>('PolicyEpoch', epochSchema, 'policyEpoch'),
    audit: connection.model<AuditRecord>('AuditEntry', auditSchema, 'auditEntries'),
  };
}

/** Builds what indexes are missing; done once by whoever opens the hub's database. */
export async function createSharingIndexes({ grants, epochs, audit }: SharingModels): Promise<void> {
  await grants.createIndexes();
  await epochs.createIndexes();
  await audit.createIndexes();
}
