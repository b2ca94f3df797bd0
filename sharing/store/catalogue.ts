import { isDeepStrictEqual } from 'node:util';
import { type ClientSession, type Connection, type Model, Schema } from 'mongoose';
import { bigrams, searchForm } from '../../lib/codes/bigrams.ts';
import type { Catalogue, CatalogueEntry, ResourceEntry } from '../../schema/catalogue.ts';
import type { Use } from '../policy/grant.ts';
import { type First, type FirstRecord, firstModel, rememberFirsts } from './catalogue-firsts.ts';
import type { ReleaseModels } from './release-models.ts';
import { date, stored, text } from './stored.ts';

/** By what an item or resource is found. */
interface Searched {
  /** Its texts as they are compared, each by itself: no phrase is found across two of them. */
  readonly texts: readonly string[];
  /** The pairs of characters of all of them, for the index. */
  readonly pairs: readonly string[];
}

/** One item of the catalogue: whom to ask for it and what can be asked. `_id` is `Type.field`. */
export type CatalogueItem = Omit<CatalogueEntry, 'coordinate' | 'uses'> &
  First &
  Searched & { readonly _id: string; readonly uses: readonly Use[] };

/** One resource of the catalogue. `_id` is its type. */
export type CatalogueResource = Omit<ResourceEntry, 'type'> & First & Searched & { readonly _id: string };

export interface CatalogueModels {
  readonly catalogue: Model<CatalogueItem>;
  readonly catalogueResources: Model<CatalogueResource>;
  readonly catalogueFirsts: Model<FirstRecord>;
}

const shared = {
  _id: text,
  owner: text,
  subgraph: text,
  personal: Boolean,
  description: String,
  since: { type: Number, required: true },
  sinceAt: date,
  texts: [String],
  pairs: [String],
};
const itemFields = {
  ...shared,
  type: text,
  field: text,
  class: { ...text, enum: ['UNCONDITIONAL', 'CONDITIONAL', 'WITHHELD'] },
  basis: String,
  mask: String,
  uses: [String],
  graphqlType: text,
  deprecated: String,
  shared: Boolean,
};
const itemSchema = new Schema<CatalogueItem>(itemFields, stored)
  .index({ pairs: 1, _id: 1 })
  .index({ type: 1, _id: 1 })
  .index({ owner: 1, _id: 1 });

const resourceFields = {
  ...shared,
  code: text,
  title: text,
  updateCycle: text,
  rowScoped: Boolean,
  divisionItem: String,
  classes: { UNCONDITIONAL: Number, CONDITIONAL: Number, WITHHELD: Number },
  related: [String],
};
const resourceSchema = new Schema<CatalogueResource>(resourceFields, stored)
  .index({ pairs: 1, _id: 1 })
  .index({ code: 1 })
  .index({ owner: 1, _id: 1 });

export function catalogueModels(connection: Connection): CatalogueModels {
  return {
    catalogue: connection.model<CatalogueItem>('CatalogueItem', itemSchema, 'catalogue'),
    catalogueResources: connection.model<CatalogueResource>('CatalogueResource', resourceSchema, 'catalogueResources'),
    catalogueFirsts: firstModel(connection),
  };
}

/**
 * Makes the stored catalogue that of a release, in its transaction: whoever checks a request sees one whole catalogue.
 * @param release its number, from 1, and when it was made.
 */
export async function replaceCatalogue(
  models: CatalogueModels & Pick<ReleaseModels, 'releases'>,
  { items, resources }: Catalogue,
  { release, session }: { readonly release: First; readonly session: ClientSession },
): Promise<void> {
  const names = [...items.map(({ coordinate }) => coordinate), ...resources.map(({ type }) => type)];
  const firsts = await rememberFirsts(models, names, { release, session });
  const first = (name: string): First => firsts.get(name) ?? release;
  const ofItems = items.map(({ coordinate, ...item }): CatalogueItem => ({
    _id: coordinate,
    ...item,
    ...first(coordinate),
    ...searched(coordinate, item.description),
  }));
  const ofResources = resources.map(({ type, ...resource }): CatalogueResource => ({
    _id: type,
    ...resource,
    ...first(type),
    ...searched(type, resource.title, resource.code, resource.description),
  }));
  await replaceAll(models.catalogue, ofItems, session);
  await replaceAll(models.catalogueResources, ofResources, session);
}

/** Makes these the documents of a collection. Only what differs is written: a release changes a few of hundreds. */
async function replaceAll<Row extends { readonly _id: string }>(
  model: Model<Row>,
  rows: readonly Row[],
  session: ClientSession,
): Promise<void> {
  const found = (await model.find({}, null, { session }).lean()) as Row[];
  const before = new Map(found.map((row) => [row._id, row]));
  const changed = rows.filter((row) => !isDeepStrictEqual(before.get(row._id), row));
  const same = new Set(rows.map(({ _id }) => _id));
  for (const { _id } of changed) same.delete(_id);
  const over = [...before.keys()].filter((id) => !same.has(id));
  if (over.length > 0) await model.deleteMany({ _id: { $in: over } }, { session });
  if (changed.length > 0) await model.insertMany(changed, { session });
}

/** What the catalogue says of some coordinates; those it does not know are missing. */
export async function findItems(
  { catalogue }: Pick<CatalogueModels, 'catalogue'>,
  coordinates: readonly string[],
): Promise<ReadonlyMap<string, CatalogueItem>> {
  const found = await catalogue.find({ _id: { $in: [...coordinates] } }).lean();
  return new Map(found.map((item) => [item._id, item]));
}

/** Every coordinate that can be asked for, to say which one a mistyped one may mean. */
export async function knownCoordinates({ catalogue }: Pick<CatalogueModels, 'catalogue'>): Promise<readonly string[]> {
  const found = await catalogue.find({ class: 'CONDITIONAL' }, { _id: 1 }).lean();
  return found.map(({ _id }) => _id);
}

function searched(...texts: readonly (string | undefined)[]): Searched {
  const forms = texts.flatMap((each) => (each === undefined ? [] : [searchForm(each)]));
  return { texts: forms, pairs: [...new Set(forms.flatMap(bigrams))] };
}
