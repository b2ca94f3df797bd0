import { type Connection, type Model, Schema } from 'mongoose';
import { date, stored, text } from './stored.ts';

/** What a gateway was told last by a subgraph of one of its resources. */
export interface FreshnessRecord {
  /** Name of the type. */
  readonly _id: string;
  readonly subgraph: string;
  readonly updatedAt: Date;
  /** When the subgraph said so. */
  readonly seenAt: Date;
}

export interface FreshnessModels {
  readonly freshness: Model<FreshnessRecord>;
}

const fields = { _id: text, subgraph: text, updatedAt: date, seenAt: date };
const schema = new Schema<FreshnessRecord>(fields, stored);

export function freshnessModels(connection: Connection): FreshnessModels {
  return { freshness: connection.model<FreshnessRecord>('ResourceFreshness', schema, 'resourceFreshness') };
}
