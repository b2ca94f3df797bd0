import { Schema } from 'mongoose';
import type { Connection, Model } from 'mongoose';

/** Whom a document is about: `ref` is a person reference or a credit code. */
export type Subject = { kind: 'PERSON' | 'LEGAL_PERSON'; ref: string };

/** 公开属性: on the issuer's own motion, on application, not public. */
export type Publicity = 'PROACTIVE' | 'ON_APPLICATION' | 'NOT_PUBLIC';

/** An official document, elements of GB/T 33480. Only metadata and the hash of the content. */
export type DocumentRecord = {
  /** ASCII form of the document number, such as `CZF-2023-12`. */
  _id: string;
  /** The number as printed, such as 楚政发〔2023〕12号. */
  documentNumber: string;
  title: string;
  /** Overlapping pairs of characters of the title (`bigrams` in lib/codes). */
  titleTokens: string[];
  /** One of the 15 kinds (文种), in Chinese. */
  kind: string;
  issuer: string;
  /** Division of the issuer: prefecture or county. */
  division: string;
  issuedOn: string;
  /** 特急, 加急 or 平件. */
  urgency: string;
  /** GB/T 7156, in Chinese: 公开 国内 内部 秘密 机密 绝密. */
  secrecy: string;
  publicity: Publicity;
  subjects: Subject[];
  /** SHA-256 of the document, hexadecimal. */
  contentHash: string;
};

/** One archived item, elements of DA/T 46. */
export type ArchiveItemRecord = {
  /** The item's number (档号): fonds-catalogue-year-retention-problem-item. */
  _id: string;
  title: string;
  titleTokens: string[];
  /** Number of the fonds (全宗号). */
  fonds: string;
  fondsName: string;
  /** 永久, 30年 or 10年. */
  retention: string;
  secrecy: string;
  formedOn: string;
  /** First day the item may be open to all, as it was when stored; readers compute it again from the rules. */
  opensOn: string;
  county: string;
  subjects: Subject[];
};

export type LawRecord = {
  _id: string;
  title: string;
  titleTokens: string[];
  issuer: string;
  effectiveFrom: string;
  /** First day no longer in force; null while in force. */
  repealedOn: string | null;
  /** Number of articles. */
  articles: number;
  summary: string;
};

const stored = { autoIndex: false, autoCreate: false, versionKey: false, id: false } as const;
const text = { type: String, required: true } as const;
const subjectFields = { kind: text, ref: text };
const subject = new Schema<Subject>(subjectFields, { _id: false });

const documentFields = {
  _id: text,
  documentNumber: text,
  title: text,
  titleTokens: [String],
  kind: text,
  issuer: text,
  division: text,
  issuedOn: text,
  urgency: text,
  secrecy: text,
  publicity: text,
  subjects: [subject],
  contentHash: text,
};

const documentSchema = new Schema<DocumentRecord>(documentFields, stored)
  .index({ documentNumber: 1 }, { unique: true })
  .index({ titleTokens: 1 })
  .index({ 'subjects.ref': 1 })
  .index({ division: 1, issuedOn: -1, _id: -1 });

const archiveItemFields = {
  _id: text,
  title: text,
  titleTokens: [String],
  fonds: text,
  fondsName: text,
  retention: text,
  secrecy: text,
  formedOn: text,
  opensOn: text,
  county: text,
  subjects: [subject],
};

const archiveItemSchema = new Schema<ArchiveItemRecord>(archiveItemFields, stored)
  // Lists run by county and number, within one county or over several.
  .index({ titleTokens: 1, county: 1, _id: 1 })
  .index({ county: 1, _id: 1 })
  .index({ county: 1, formedOn: 1 })
  .index({ fonds: 1, county: 1, _id: 1 })
  .index({ 'subjects.ref': 1 });

const lawFields = {
  _id: text,
  title: text,
  titleTokens: [String],
  issuer: text,
  effectiveFrom: text,
  repealedOn: { type: String, default: null },
  articles: { type: Number, required: true },
  summary: text,
};

const lawSchema = new Schema<LawRecord>(lawFields, stored).index({ titleTokens: 1, _id: 1 });

export type ArchivesModels = {
  readonly documents: Model<DocumentRecord>;
  readonly archiveItems: Model<ArchiveItemRecord>;
  readonly laws: Model<LawRecord>;
};

/**
 * The archives models on this connection; the same models on every call.
 * Indexes are not built here: whoever opens the store calls `syncIndexes` on each model.
 */
export function models(connection: Connection): ArchivesModels {
  return {
    documents: connection.model<DocumentRecord>('Document', documentSchema, 'documents'),
    archiveItems: connection.model<ArchiveItemRecord>('ArchiveItem', archiveItemSchema, 'archiveItems'),
    laws: connection.model<LawRecord>('Law', lawSchema, 'laws'),
  };
}
