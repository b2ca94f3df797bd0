import { type Connection, type Model, Schema } from 'mongoose';

/** When a resource was last brought up to date, whether or not a row changed by it. */
export interface ResourceUpdate {
  /** Name of its type. */
  readonly _id: string;
  readonly at: Date;
}

/** By the name of the type; what nobody noted is absent. */
export type ResourceUpdates = Readonly<Record<string, Date>>;

const fields = { _id: { type: String, required: true }, at: { type: Date, required: true } };
const schema = new Schema<ResourceUpdate>(fields, { autoIndex: false, autoCreate: false, versionKey: false });

function updates(connection: Connection): Model<ResourceUpdate> {
  return connection.model<ResourceUpdate>('ResourceUpdate', schema, 'resourceUpdates');
}

/** Notes in a subgraph's own store that these resources are as of a moment; an earlier one than is known changes nothing. */
export async function noteUpdate(connection: Connection, types: readonly string[], at: Date): Promise<void> {
  if (types.length === 0) return;
  await updates(connection).bulkWrite(
    types.map((_id) => ({ updateOne: { filter: { _id }, update: { $max: { at } }, upsert: true } })),
  );
}

export async function readUpdates(connection: Connection): Promise<ResourceUpdates> {
  const found = await updates(connection).find().lean();
  return Object.fromEntries(found.map(({ _id, at }) => [_id, at]));
}
