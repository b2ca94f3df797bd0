import { type Connection, type Model, Schema } from 'mongoose';
import type { AuditEntry } from './audit-entry.ts';
import { type CatalogueModels, catalogueModels } from './catalogue.ts';
import { type FreshnessModels, freshnessModels } from './freshness-models.ts';
import { type QuotaModels, quotaModels } from './quota-models.ts';
import { type PublishingModels, publishingModels } from './publishing-models.ts';
import { type ReleaseModels, releaseModels } from './release-models.ts';
import { type RequestRecord, requestSchema } from './request-record.ts';
import { type SharingTerms, termsFields } from './sharing-terms.ts';
import { date, stored, text } from './stored.ts';

export interface GrantRecord extends SharingTerms {
  readonly _id: string;
  readonly status: 'ACTIVE' | 'REVOKED';
  readonly createdAt: Date;
  /** The request it was approved for; absent where it was not asked for through the hub. */
  readonly request?: string | undefined;
  /** The owner's officers who approved, last renewed and revoked it. */
  readonly approvedBy?: string | undefined;
  readonly renewedBy?: string | undefined;
  readonly renewedAt?: Date | undefined;
  /** Who said last what it covers after a merger or a split. */
  readonly divisionsConfirmedBy?: string | undefined;
  readonly divisionsConfirmedAt?: Date | undefined;
  readonly revokedBy?: string | undefined;
  readonly revokedAt?: Date | undefined;
  readonly revocationReason?: string | undefined;
}

/** One document: every change of any grant adds one to `epoch` in the same transaction. */
export interface EpochRecord {
  readonly _id: 'policy';
  readonly epoch: number;
}

/** An entry as it is stored. */
export type AuditRecord = Omit<AuditEntry, 'id' | 'subjects'> & {
  readonly _id: string;
  /** With spaces between them: as a list, the hundred subjects of one answer cost a third of its write. */
  readonly subjects?: string;
};

const grantFields = {
  _id: text,
  ...termsFields,
  status: { ...text, enum: ['ACTIVE', 'REVOKED'] },
  createdAt: date,
  request: String,
  approvedBy: String,
  renewedBy: String,
  renewedAt: Date,
  divisionsConfirmedBy: String,
  divisionsConfirmedAt: Date,
  revokedBy: String,
  revokedAt: Date,
  revocationReason: String,
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

export interface SharingModels extends CatalogueModels, FreshnessModels, QuotaModels, ReleaseModels, PublishingModels {
  readonly grants: Model<GrantRecord>;
  readonly epochs: Model<EpochRecord>;
  readonly audit: Model<AuditRecord>;
  readonly requests: Model<RequestRecord>;
}

/** The hub's own collections: grants and what was asked for, policy epoch, audit entries, the catalogue of items, releases. */
export function sharingModels(connection: Connection): SharingModels {
  return {
    grants: connection.model<GrantRecord>('Grant', grantSchema, 'grants'),
    epochs: connection.model<EpochRecord>('PolicyEpoch', epochSchema, 'policyEpoch'),
    ...freshnessModels(connection),
    audit: connection.model<AuditRecord>('AuditEntry', auditSchema, 'auditEntries'),
    requests: connection.model<RequestRecord>('SharingRequest', requestSchema, 'sharingRequests'),
    ...catalogueModels(connection),
    ...quotaModels(connection),
    ...releaseModels(connection),
    ...publishingModels(connection),
  };
}

/** Builds what indexes are missing; done once by whoever opens the hub's database. */
export async function createSharingIndexes(models: SharingModels): Promise<void> {
  for (const model of Object.values(models) as Model<object>[]) await model.createIndexes();
}
