import { type ClientSession, type Connection, type Model, Schema } from 'mongoose';
import type { ReleaseModels } from './release-models.ts';
import { policyFromJson } from '../../schema/policy-json.ts';
import { date, stored, text } from './stored.ts';

/** The release that first had something. */
export interface First {
  readonly since: number;
  readonly sinceAt: Date;
}

/** Kept when an item or resource goes: one that comes back has been known since it was first there. */
export type FirstRecord = First & {
  /** `Type.field`, or a type. */
  readonly _id: string;
};

interface Models {
  readonly catalogueFirsts: Model<FirstRecord>;
  readonly releases: ReleaseModels['releases'];
}

const fields = { _id: text, since: { type: Number, required: true }, sinceAt: date };
const schema = new Schema<FirstRecord>(fields, stored);

export function firstModel(connection: Connection): Model<FirstRecord> {
  return connection.model<FirstRecord>('CatalogueFirst', schema, 'catalogueFirsts');
}

/**
 * Since which release each name is in the catalogue, where those that were never in it are so since this one. In the
 * transaction of the release: one that is not stored is the first of nothing.
 */
export async function rememberFirsts(
  models: Models,
  names: readonly string[],
  { release, session }: { readonly release: First; readonly session: ClientSession },
): Promise<ReadonlyMap<string, First>> {
  const { catalogueFirsts } = models;
  const known = new Map<string, First>();
  for (const { _id, since, sinceAt } of await catalogueFirsts.find({}, null, { session }).lean())
    known.set(_id, { since, sinceAt });
  const before = known.size === 0 && release.since > 1 ? await firstsOfReleases(models, release, session) : new Map();
  const fresh = new Map<string, First>(before);
  for (const name of names) if (!known.has(name) && !fresh.has(name)) fresh.set(name, release);
  const records = [...fresh].map(([_id, { since, sinceAt }]) => ({ _id, since, sinceAt }));
  if (records.length > 0) await catalogueFirsts.insertMany(records, { session });
  return new Map([...known, ...fresh]);
}

/** Of a store whose releases are older than this memory: what their policy tables had, whether or not callers saw it. */
async function firstsOfReleases(
  { releases }: Models,
  { since: before }: First,
  session: ClientSession,
): Promise<Map<string, First>> {
  const firsts = new Map<string, First>();
  const numbers = await releases
    .find({ _id: { $lt: before } }, { _id: 1 }, { session })
    .sort({ _id: 1 })
    .lean();
  // One after the other: all policy tables of a hub together may be more than its memory.
  for (const { _id } of numbers) {
    const found = await releases.findById(_id, { policy: 1, at: 1 }, { session }).lean();
    if (!found) continue;
    const { items, resources } = policyFromJson(found.policy);
    for (const name of [...items.keys(), ...resources.keys()])
      if (!firsts.has(name)) firsts.set(name, { since: _id, sinceAt: found.at });
  }
  return firsts;
}
