import { Schema } from 'mongoose';
import type { Connection, Model } from 'mongoose';

export type RegistrationStatus = 'REGISTERED' | 'MOVED_OUT' | 'DECEASED';

/** One person of the household register. Codes are strings, calendar dates 'YYYY-MM-DD' (no time zone). */
export type PersonRecord = {
  /** The hub's own reference: 32 hexadecimal digits without meaning, never derived from the resident number. */
  _id: string;
  /** GB 11643, 18 characters; 15 digits on records that were never upgraded. */
  residentNumber: string;
  name: string;
  /** GB/T 2261.1: 1 male, 2 female, 0 unknown, 9 not stated. */
  sex: string;
  /** GB/T 3304, two digits. */
  ethnicGroup?: string;
  birthDate: string;
  /** GB/T 2261.2, two digits. */
  maritalStatus?: string;
  /** GB/T 4658, two digits. */
  education?: string;
  /** Village (12 digits), or the county (6) where the village is not known. Always begins with `county`. */
  division: string;
  county: string;
  address: string;
  phone?: string;
  /** Identifier of the fingerprint record of the resident card; withheld from every other department. */
  fingerprintCode?: string;
  householdNumber: number;
  status: RegistrationStatus;
  /** Which system the record came from. */
  source: string;
  updatedAt: Date;
};

export type HouseholdRecord = {
  /** The household number. */
  _id: number;
  division: string;
  county: string;
  /** Reference of the head of the household. */
  headRef: string;
  address: string;
};

/** One stay of a person at a place; the present one has `to: null`. */
export type ResidenceRecord = {
  _id: string;
  personRef: string;
  division: string;
  address: string;
  from: string;
  /** Last day of the stay. */
  to: string | null;
};

const stored = { autoIndex: false, autoCreate: false, versionKey: false, id: false } as const;
const text = { type: String, required: true } as const;

const personFields = {
  _id: text,
  residentNumber: text,
  name: text,
  sex: text,
  ethnicGroup: String,
  birthDate: text,
  maritalStatus: String,
  education: String,
  division: text,
  county: text,
  address: text,
  phone: String,
  fingerprintCode: String,
  householdNumber: { type: Number, required: true },
  status: { ...text, enum: ['REGISTERED', 'MOVED_OUT', 'DECEASED'] },
  source: text,
  updatedAt: { type: Date, required: true },
};

const personSchema = new Schema<PersonRecord>(personFields, stored)
  .index({ residentNumber: 1 }, { unique: true })
  .index({ county: 1, _id: 1 })
  .index({ name: 1, county: 1, _id: 1 })
  .index({ division: 1 })
  .index({ householdNumber: 1 })
  // Counts of the registered by county, sex, ethnic group and age band are answered from this index alone on a MongoDB server.
  .index({ county: 1, status: 1, sex: 1, ethnicGroup: 1, birthDate: 1 });

const householdFields = {
  _id: { type: Number, required: true },
  division: text,
  county: text,
  headRef: text,
  address: text,
};

const householdSchema = new Schema<HouseholdRecord>(householdFields, stored)
  .index({ division: 1 })
  .index({ headRef: 1 });

const residenceFields = {
  _id: text,
  personRef: text,
  division: text,
  address: text,
  from: text,
  to: { type: String, default: null },
};

const residenceSchema = new Schema<ResidenceRecord>(residenceFields, stored).index({ personRef: 1, from: 1 });

export type PopulationModels = {
  readonly persons: Model<PersonRecord>;
  readonly households: Model<HouseholdRecord>;
  readonly residences: Model<ResidenceRecord>;
};

/**
 * The population models on this connection; the same models on every call.
 * Indexes are not built here: whoever opens the store calls `syncIndexes` on each model.
 */
export function models(connection: Connection): PopulationModels {
  return {
    persons: connection.model<PersonRecord>('Person', personSchema, 'persons'),
    households: connection.model<HouseholdRecord>('Household', householdSchema, 'households'),
    residences: connection.model<ResidenceRecord>('Residence', residenceSchema, 'residences'),
  };
}
