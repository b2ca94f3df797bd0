import { type Connection, type Model, Schema } from 'mongoose';
import type { PolicyChange } from '../../schema/policy-change.ts';
import type { Gain } from '../publishing/gains.ts';
import { date, stored, text } from './stored.ts';

/** A subgraph and the department that may publish it. */
export interface RegistrationRecord {
  /** Its name. */
  readonly _id: string;
  /** Department code. */
  readonly owner: string;
  readonly registeredBy: string;
  readonly at: Date;
  /** Owners before, oldest first, and until when. */
  readonly past: readonly {
    readonly owner: string;
    readonly until: Date;
    readonly by: string;
    readonly reason: string;
  }[];
}

/** The public half of a key by which a department signs what it publishes. */
export interface PublishingKeyRecord {
  /** RFC 7638 thumbprint. */
  readonly _id: string;
  readonly department: string;
  /** Ed25519, base64url. */
  readonly x: string;
  readonly validUntil: Date;
  readonly addedBy: string;
  readonly at: Date;
  readonly revokedBy?: string | undefined;
  readonly revokedAt?: Date | undefined;
  readonly reason?: string | undefined;
}

export const PROPOSAL_STATES = ['PENDING', 'APPROVED', 'REFUSED'] as const;

/** A release that would let somebody see more, and waits for a second officer of each owner concerned. */
export interface ProposalRecord {
  readonly _id: string;
  readonly state: (typeof PROPOSAL_STATES)[number];
  /** The subgraph it would publish, with hash of its SDL and where it answers; or the release it would bring back. */
  readonly subgraph?: string | undefined;
  readonly version?: string | undefined;
  readonly url?: string | undefined;
  readonly restores?: number | undefined;
  /** The department that would have the subgraph from then on. */
  readonly transferTo?: string | undefined;
  readonly department: string;
  readonly officer: string;
  readonly message: string;
  /** Why it may break what is used. */
  readonly breaking?: string | undefined;
  readonly at: Date;
  /** The release it was checked against. */
  readonly after: number;
  readonly rights: readonly PolicyChange[];
  readonly gains: readonly Gain[];
  /** Departments whose items it loosens; an officer of each must approve. */
  readonly owners: readonly string[];
  readonly approvals: readonly { readonly owner: string; readonly officer: string; readonly at: Date }[];
  readonly decidedBy?: string | undefined;
  readonly decidedAt?: Date | undefined;
  readonly reason?: string | undefined;
  /** The release it became. */
  readonly release?: number | undefined;
  /** The hub's signature over all of it, a compact JWS. */
  readonly signature: string;
}

/** What a consumer must be told of a release: it uses something that is changed. */
export interface NoticeRecord {
  readonly _id: string;
  readonly department: string;
  readonly application: string;
  readonly release: number;
  readonly subgraph?: string | undefined;
  /** Why it was published all the same. */
  readonly reason: string;
  readonly changes: readonly string[];
  /** Calls of the last days that are concerned. */
  readonly calls: number;
  readonly at: Date;
}

export interface PublishingModels {
  readonly registrations: Model<RegistrationRecord>;
  readonly publishingKeys: Model<PublishingKeyRecord>;
  readonly proposals: Model<ProposalRecord>;
  readonly notices: Model<NoticeRecord>;
}

const registrationFields = {
  _id: text,
  owner: text,
  registeredBy: text,
  at: date,
  past: [{ _id: false, owner: text, until: date, by: text, reason: text }],
};
const keyFields = {
  _id: text,
  department: text,
  x: text,
  validUntil: date,
  addedBy: text,
  at: date,
  revokedBy: String,
  revokedAt: Date,
  reason: String,
};
const rightFields = {
  _id: false,
  coordinate: text,
  owner: text,
  what: text,
  before: text,
  after: text,
  loosens: { type: Boolean, required: true },
};
const proposalFields = {
  _id: text,
  state: { ...text, enum: PROPOSAL_STATES },
  subgraph: String,
  version: String,
  url: String,
  restores: Number,
  transferTo: String,
  department: text,
  officer: text,
  message: text,
  breaking: String,
  at: date,
  after: { type: Number, required: true },
  rights: [rightFields],
  gains: [{ _id: false, who: text, coordinate: text, before: text, after: text }],
  owners: [String],
  approvals: [{ _id: false, owner: text, officer: text, at: date }],
  decidedBy: String,
  decidedAt: Date,
  reason: String,
  release: Number,
  signature: text,
};
const noticeFields = {
  _id: text,
  department: text,
  application: text,
  release: { type: Number, required: true },
  subgraph: String,
  reason: text,
  changes: [String],
  calls: { type: Number, required: true },
  at: date,
};

export function publishingModels(connection: Connection): PublishingModels {
  return {
    registrations: connection.model<RegistrationRecord>(
      'Registration',
      new Schema<RegistrationRecord>(registrationFields, stored),
      'registrations',
    ),
    publishingKeys: connection.model<PublishingKeyRecord>(
      'PublishingKey',
      new Schema<PublishingKeyRecord>(keyFields, stored).index({ department: 1 }),
      'publishingKeys',
    ),
    proposals: connection.model<ProposalRecord>(
      'Proposal',
      new Schema<ProposalRecord>(proposalFields, stored).index({ at: -1, _id: -1 }),
      'proposals',
    ),
    notices: connection.model<NoticeRecord>(
      'Notice',
      new Schema<NoticeRecord>(noticeFields, stored).index({ department: 1, at: -1, _id: -1 }),
      'notices',
    ),
  };
}
