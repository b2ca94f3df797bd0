import { Schema } from 'mongoose';
import type { Connection, Model } from 'mongoose';
import type { CubeLevel, CubeValue } from './cube-definition.ts';

export type Suppression = 'PRIMARY' | 'SECONDARY';

/** A statistical release in one department's store; the same number names it in all. */
export type CubeReleaseRecord = {
  _id: number;
  /** '2026-11'. */
  period: string;
  /** The day the registers were read, 'YYYY-MM-DD'. */
  asOf: string;
  /** Only what is PUBLISHED is served, and never changes again. */
  state: 'BUILDING' | 'PUBLISHED';
  publishedAt?: Date;
  /** False for the first release of its period. */
  revised: boolean;
  /** `cube/table` of each table that was due: it has them at all their levels but those carried over. */
  tables: string[];
  /** What was due and could not be protected; absent in releases of before this was told. */
  carriedOver?: CarriedOver[];
  /** `cube/prefecture` of each prefecture that the rows lie in. */
  prefectures: string[];
};

/**
 * A level of a table that was due in a release and left out of it, because no way of hiding cells kept all of it safe. The last
 * release that has it answers on, so nothing new is told.
 */
export type CarriedOver = {
  /** `cube/table`. */
  table: string;
  level: CubeLevel;
  /** The release that answers instead; null where none ever had it. */
  from: number | null;
  /** A sentence for officers; names a cell, never a value. */
  reason: string;
};

/** A cell before disclosure control. `top` names the largest contributors by meaningless marks, the largest first. */
export type RawCell = {
  values: CubeValue[];
  count: number;
  sum?: number;
  contributors?: number;
  top?: [mark: string, amount: number][];
};

/** Raw counts of the rows of one stored county code: never served, kept so that later releases can be checked against them. */
export type CubeCountRecord = {
  /** `release/cube/county`, the county as rows bear it. */
  _id: string;
  release: number;
  cube: string;
  rows: number;
  /** Null where the code lies in no known prefecture. */
  prefecture: string | null;
  parts: { table: string; place: string; cells: RawCell[] }[];
};

export type PublishedCell = {
  values: CubeValue[];
  /** Null where it is suppressed: what is hidden is not in the record. */
  count: number | null;
  suppressed: Suppression | null;
  sum?: number | null;
  sumSuppressed?: Suppression | null;
};

/** A protected table of one division. */
export type CubeTableRecord = {
  /** `release/audience/cube/table/division`. */
  _id: string;
  /** All cells that are not zero, and zeros that are hidden. */
  cells: PublishedCell[];
};

/** How much of a cube was hidden from an audience; written when its tables are. */
export type CubeProtectionRecord = {
  /** `release/audience/cube`. */
  _id: string;
  tables: { table: string; cells: number; primary: number; secondary: number }[];
  /** Where the threshold of the wider audience was needed: see `Raised` of the build. */
  raised: string[];
  /** Rests of divisions (see `restOf`) that are in no table, and that the audience can compute all the same. */
  computable?: string[];
  /** Hidden cells that nobody can tell, but that can be placed closer than the rules ask. */
  narrowed?: string[];
  /** The same for every audience. */
  carriedOver?: CarriedOver[];
};

const stored = { autoIndex: false, autoCreate: false, versionKey: false, id: false, minimize: false } as const;
const text = { type: String, required: true } as const;
const number = { type: Number, required: true } as const;

const releaseFields = {
  _id: number,
  period: text,
  asOf: text,
  state: text,
  publishedAt: Date,
  revised: { type: Boolean, required: true },
  tables: [String],
  carriedOver: { type: Schema.Types.Mixed, default: undefined },
  prefectures: [String],
};
// Cells are plain documents that the build writes past mongoose; their shape is that of the types above.
const countFields = {
  _id: text,
  release: number,
  cube: text,
  rows: number,
  prefecture: String,
  parts: Schema.Types.Mixed,
};
const tableFields = { _id: text, cells: Schema.Types.Mixed };
const protectionFields = {
  ...{ _id: text, tables: Schema.Types.Mixed, raised: [String] },
  ...{ computable: Schema.Types.Mixed, narrowed: Schema.Types.Mixed, carriedOver: Schema.Types.Mixed },
};

const releaseSchema = new Schema<CubeReleaseRecord>(releaseFields, stored);
const countSchema = new Schema<CubeCountRecord>(countFields, stored);
const tableSchema = new Schema<CubeTableRecord>(tableFields, stored);
const protectionSchema = new Schema<CubeProtectionRecord>(protectionFields, stored);

export type CubeModels = {
  readonly releases: Model<CubeReleaseRecord>;
  readonly counts: Model<CubeCountRecord>;
  readonly tables: Model<CubeTableRecord>;
  readonly protections: Model<CubeProtectionRecord>;
};

const compiled = new WeakMap<Connection, CubeModels>();

/**
 * The collections of cubes in a department's store; the same models on every call. Their only key is `_id`. Operations ask for
 * them, and mongoose would compile them anew on every call that names a collection.
 */
export function cubeModels(connection: Connection): CubeModels {
  const known = compiled.get(connection) ?? compile(connection);
  compiled.set(connection, known);
  return known;
}

function compile(connection: Connection): CubeModels {
  return {
    releases: connection.model<CubeReleaseRecord>('CubeRelease', releaseSchema, 'cubeReleases'),
    counts: connection.model<CubeCountRecord>('CubeCount', countSchema, 'cubeCounts'),
    tables: connection.model<CubeTableRecord>('CubeTable', tableSchema, 'cubeTables'),
    protections: connection.model<CubeProtectionRecord>('CubeProtection', protectionSchema, 'cubeProtections'),
  };
}

export function tableKey(
  release: number,
  at: { readonly audience: string; readonly cube: string; readonly table: string; readonly division: string },
): string {
  return `${release}/${at.audience}/${at.cube}/${at.table}/${at.division}`;
}

/** The filter for all records of a release whose `_id` begins with its number: '0' is the character after '/'. */
export function ofRelease(release: number): { _id: { $gte: string; $lt: string } } {
  return { _id: { $gte: `${release}/`, $lt: `${release}0` } };
}
