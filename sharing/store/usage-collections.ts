import type { mongo } from 'mongoose';
import type { DeniedItem } from './audit-entry.ts';
import type { AuditRecord, SharingModels } from './models.ts';

/** What was asked in one hour by one operation of one application for one purpose. */
export interface UsageRecord {
  /** `<hour as RFC 3339>/<hash of the others>`: hours are read as a range of ids, and each record has one id only. */
  readonly _id: string;
  readonly department: string;
  readonly application: string;
  readonly purpose?: string | undefined;
  /** SHA-256 of the operation's text, base64url. */
  readonly operation: string;
  readonly calls: number;
  /** Calls that were shown nothing because of what was denied. */
  readonly refused: number;
  /** Calls that ended by a limit, a fault or a time-out. */
  readonly failed: number;
  /** Rows shown, by resource. */
  readonly rows: readonly { readonly resource: string; readonly rows: number }[];
  /** What its calls were answered, by the id of the set of items. */
  readonly answers: readonly { readonly set: string; readonly calls: number }[];
  /** Milliseconds: all calls together, and the longest. */
  readonly totalMs: number;
  readonly maxMs: number;
  readonly last: Date;
}

/** The text of an operation, kept once. */
export interface OperationRecord {
  readonly _id: string;
  readonly text: string;
  readonly name?: string | undefined;
}

/** What an answer was made of, kept once: the same operation is answered the same again and again. */
export interface ItemSet {
  readonly allowed: readonly string[];
  readonly masked: readonly string[];
  readonly denied: readonly DeniedItem[];
}

export type ItemSetRecord = ItemSet & { readonly _id: string };

/** An hour whose records were made. */
export interface HourRecord {
  /** When it begins. */
  readonly _id: Date;
  /** Counts up each time it is made: of two that make it at once, the one that read less must not win. */
  readonly version: number;
  readonly entries: number;
}

/** A day whose records were put together from those of its hours. */
export interface DayRecord {
  /** When it begins, in UTC. */
  readonly _id: Date;
  /** The hours and versions it was made of: it counts only as long as these are the ones there are. */
  readonly madeOf: string;
}

/** How far the entries of one writer are in the hours that were made. */
export interface PositionRecord {
  /** The writer. */
  readonly _id: string;
  /** Every entry up to this number is in an hour that was made. */
  readonly sequence: number;
  /** That entry is its last one. */
  readonly closed?: true;
}

export interface UsageCollections {
  readonly entries: mongo.Collection<AuditRecord>;
  readonly records: mongo.Collection<UsageRecord>;
  readonly operations: mongo.Collection<OperationRecord>;
  readonly itemSets: mongo.Collection<ItemSetRecord>;
  readonly hours: mongo.Collection<HourRecord>;
  /** As `records`, by the day. */
  readonly dayRecords: mongo.Collection<UsageRecord>;
  readonly days: mongo.Collection<DayRecord>;
  readonly positions: mongo.Collection<PositionRecord>;
}

/**
 * What usage is kept in, beside the entries it is made of: they stay the truth, and all the rest can be dropped and made again.
 * Every look-up goes by `_id`: no further index is needed.
 */
export function usageCollections({ audit }: Pick<SharingModels, 'audit'>): UsageCollections {
  const { db } = audit;
  return {
    entries: db.collection<AuditRecord>(audit.collection.name),
    records: db.collection<UsageRecord>('usageRecords'),
    operations: db.collection<OperationRecord>('usageOperations'),
    itemSets: db.collection<ItemSetRecord>('usageItemSets'),
    hours: db.collection<HourRecord>('usageHours'),
    dayRecords: db.collection<UsageRecord>('usageDayRecords'),
    days: db.collection<DayRecord>('usageDays'),
    positions: db.collection<PositionRecord>('usagePositions'),
  };
}

/** Only what cannot be undone by a change of primary counts as read. */
export const SETTLED = { readConcern: { level: 'majority' }, readPreference: 'primary' } as const;
