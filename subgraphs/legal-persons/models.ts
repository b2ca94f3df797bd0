import { Schema } from 'mongoose';
import type { Connection, Model } from 'mongoose';

export type LegalPersonKind =
  'ENTERPRISE' | 'SOLE_TRADER' | 'FARMERS_COOPERATIVE' | 'PUBLIC_INSTITUTION' | 'GOVERNMENT' | 'SOCIAL_ORGANISATION';

export type LegalPersonStatus = 'ACTIVE' | 'SUSPENDED' | 'REVOKED' | 'DEREGISTERED';

/** One registered legal person. Money is in fen (integer), calendar dates are 'YYYY-MM-DD'. */
export type LegalPersonRecord = {
  /** GB 32100 unified social credit code, 18 characters. */
  _id: string;
  /** GB 11714 organisation code, 9 characters without the hyphen; characters 9–17 of the credit code. */
  orgCode: string;
  name: string;
  /** Overlapping pairs of characters of the name (`bigrams` in lib/codes), for search of a part of the name. */
  nameTokens: string[];
  kind: LegalPersonKind;
  /** GB/T 4754-2017 section, A–T. */
  industry: string;
  /** GB/T 4754-2017 class: 2, 3 or 4 digits. */
  industryClass: string;
  status: LegalPersonStatus;
  county: string;
  division: string;
  address: string;
  establishedOn: string;
  capitalFen: number;
  /** Reference of the person in the population register. */
  representativeRef: string;
  phone?: string;
  annualRevenueFen?: number;
  employees?: number;
  source: string;
  updatedAt: Date;
};

export type LicenceRecord = {
  _id: string;
  uscc: string;
  kind: string;
  number: string;
  issuer: string;
  issuedOn: string;
  /** Last day of validity; null where the licence does not lapse. */
  validUntil: string | null;
};

export type PenaltyRecord = {
  _id: string;
  uscc: string;
  decidedOn: string;
  authority: string;
  ground: string;
  amountFen: number;
  documentNumber: string;
};

/** One registration of a person in a profession; a person may hold several. */
export type ProfessionalRecord = {
  /** The registration number. */
  _id: string;
  personRef: string;
  qualification: string;
  level: string;
  registeredOn: string;
  validUntil: string;
  county: string;
};

/** One employment of a registered professional; the present one has `to: null`. */
export type EmploymentRecord = {
  _id: string;
  /** Registration number of the professional. */
  professional: string;
  uscc: string;
  from: string;
  /** Last day of the employment. */
  to: string | null;
};

const stored = { autoIndex: false, autoCreate: false, versionKey: false, id: false } as const;
const text = { type: String, required: true } as const;
const amount = { type: Number, required: true } as const;

const legalPersonFields = {
  _id: text,
  orgCode: text,
  name: text,
  nameTokens: [String],
  kind: text,
  industry: text,
  industryClass: text,
  status: text,
  county: text,
  division: text,
  address: text,
  establishedOn: text,
  capitalFen: amount,
  representativeRef: text,
  phone: String,
  annualRevenueFen: Number,
  employees: Number,
  source: text,
  updatedAt: { type: Date, required: true },
};

const legalPersonSchema = new Schema<LegalPersonRecord>(legalPersonFields, stored)
  .index({ orgCode: 1 }, { unique: true })
  // Lists run by county and credit code, within one county or over several.
  .index({ nameTokens: 1, county: 1, _id: 1 })
  .index({ county: 1, _id: 1 })
  .index({ representativeRef: 1 })
  // Counts are answered from this index alone on a MongoDB server.
  .index({ county: 1, industry: 1, status: 1, kind: 1 });

const licenceFields = {
  _id: text,
  uscc: text,
  kind: text,
  number: text,
  issuer: text,
  issuedOn: text,
  validUntil: { type: String, default: null },
};

const licenceSchema = new Schema<LicenceRecord>(licenceFields, stored).index({ uscc: 1, issuedOn: 1, _id: 1 });

const penaltyFields = {
  _id: text,
  uscc: text,
  decidedOn: text,
  authority: text,
  ground: text,
  amountFen: amount,
  documentNumber: text,
};

const penaltySchema = new Schema<PenaltyRecord>(penaltyFields, stored).index({ uscc: 1, decidedOn: 1, _id: 1 });

const professionalFields = {
  _id: text,
  personRef: text,
  qualification: text,
  level: text,
  registeredOn: text,
  validUntil: text,
  county: text,
};

const professionalSchema = new Schema<ProfessionalRecord>(professionalFields, stored)
  .index({ personRef: 1 })
  .index({ qualification: 1, county: 1, _id: 1 })
  .index({ county: 1, _id: 1 });

const employmentFields = { _id: text, professional: text, uscc: text, from: text, to: { type: String, default: null } };

const employmentSchema = new Schema<EmploymentRecord>(employmentFields, stored)
  .index({ uscc: 1, from: 1, _id: 1 })
  .index({ professional: 1, from: 1, _id: 1 });

export type LegalPersonsModels = {
  readonly legalPersons: Model<LegalPersonRecord>;
  readonly licences: Model<LicenceRecord>;
  readonly penalties: Model<PenaltyRecord>;
  readonly professionals: Model<ProfessionalRecord>;
  readonly employments: Model<EmploymentRecord>;
};

/**
 * The models of the legal persons on this connection; the same models on every call.
 * Indexes are not built here: whoever opens the store calls `syncIndexes` on each model.
 */
export function models(connection: Connection): LegalPersonsModels {
  return {
    legalPersons: connection.model<LegalPersonRecord>('LegalPerson', legalPersonSchema, 'legalPersons'),
    licences: connection.model<LicenceRecord>('Licence', licenceSchema, 'licences'),
    penalties: connection.model<PenaltyRecord>('Penalty', penaltySchema, 'penalties'),
    professionals: connection.model<ProfessionalRecord>('Professional', professionalSchema, 'professionals'),
    employments: connection.model<EmploymentRecord>('Employment', employmentSchema, 'employments'),
  };
}
