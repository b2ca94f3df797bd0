import { type Connection, type Model, Schema } from 'mongoose';
import type { Release } from '../publishing/release.ts';
import { date, stored, text } from './stored.ts';

/** `_id` is the number: of two that claim the same one, the store lets one in. */
export type ReleaseRecord = Omit<Release, 'number'> & { readonly _id: number };

/** The SDL of a subgraph as its owner wrote it, kept once. */
export interface VersionRecord {
  /** SHA-256 of the SDL, base64url. */
  readonly _id: string;
  readonly sdl: string;
  readonly at: Date;
}

export interface ReleaseModels {
  readonly releases: Model<ReleaseRecord>;
  readonly versions: Model<VersionRecord>;
}

const releaseFields = {
  _id: { type: Number, required: true },
  supergraph: text,
  policy: text,
  retired: text,
  digest: text,
  previous: String,
  subgraphs: [{ _id: false, name: text, owner: text, url: text, version: text }],
  at: date,
  kind: { ...text, enum: ['STARTED', 'PUBLISHED', 'ROLLED_BACK', 'TRANSFERRED', 'WITHDRAWN'] },
  department: text,
  officer: text,
  message: text,
  subgraph: String,
  restores: Number,
  signature: text,
};
const releaseSchema = new Schema<ReleaseRecord>(releaseFields, stored);

const versionFields = { _id: text, sdl: text, at: date };
const versionSchema = new Schema<VersionRecord>(versionFields, stored);

export function releaseModels(connection: Connection): ReleaseModels {
  return {
    releases: connection.model<ReleaseRecord>('Release', releaseSchema, 'releases'),
    versions: connection.model<VersionRecord>('SubgraphVersion', versionSchema, 'subgraphVersions'),
  };
}
