import { type ClientSession, type Connection, type Model, Schema } from 'mongoose';
import type { PolicyTable, SharingClass } from '../../schema/policy-table.ts';
import type { Use } from '../policy/grant.ts';
import { stored, text } from './stored.ts';

/** One item of the catalogue: whom to ask for it and what can be asked. */
export interface CatalogueItem {
  /** `Type.field`. */
  readonly _id: string;
  readonly owner: string;
  readonly class: SharingClass;
  /** For a WITHHELD item: the law that withholds it. */
  readonly basis?: string | undefined;
  /** OUTPUT, and each use by which an argument reads the item. */
  readonly uses: readonly Use[];
}

interface CatalogueModels {
  readonly catalogue: Model<CatalogueItem>;
}

const fields = {
  _id: text,
  owner: text,
  class: { ...text, enum: ['UNCONDITIONAL', 'CONDITIONAL', 'WITHHELD'] },
  basis: String,
  uses: [String],
};
const schema = new Schema<CatalogueItem>(fields, stored);

export function catalogueModel(connection: Connection): Model<CatalogueItem> {
  return connection.model<CatalogueItem>('CatalogueItem', schema, 'catalogue');
}

/** Whether a coordinate is one that callers see: what is `@inaccessible` has no name for them, and is in no catalogue. */
export type IsVisible = (coordinate: string) => boolean;

/**
 * The items of a policy table that somebody classified and callers see, by coordinate. Mutations are for roles, not for grants.
 */
export function catalogueOf(table: PolicyTable, isVisible: IsVisible = () => true): readonly CatalogueItem[] {
  const reads = new Map<string, Set<Use>>();
  for (const { items, use } of table.reads.values())
    for (const item of items) reads.set(item, (reads.get(item) ?? new Set()).add(use));
  return [...table.items.values()]
    .flatMap(({ coordinate, owner, class: shared, basis, actors }): CatalogueItem[] =>
      shared === undefined || actors !== undefined || !isVisible(coordinate)
        ? []
        : [
            {
              _id: coordinate,
              owner,
              class: shared,
              ...(basis !== undefined && { basis }),
              uses: ['OUTPUT', ...[...(reads.get(coordinate) ?? [])].sort()],
            },
          ],
    )
    .sort((a, b) => (a._id < b._id ? -1 : 1));
}

/** Makes the stored catalogue that of a release, in its transaction: whoever checks a request sees one whole catalogue. */
export async function replaceCatalogue(
  { catalogue }: CatalogueModels,
  items: readonly CatalogueItem[],
  session: ClientSession,
): Promise<void> {
  await catalogue.deleteMany({}, { session });
  await catalogue.insertMany([...items], { session });
}

/** What the catalogue says of some coordinates; those it does not know are missing. */
export async function findItems(
  { catalogue }: CatalogueModels,
  coordinates: readonly string[],
): Promise<ReadonlyMap<string, CatalogueItem>> {
  const found = await catalogue.find({ _id: { $in: [...coordinates] } }).lean();
  return new Map(found.map((item) => [item._id, item]));
}

/** Every coordinate that can be asked for, to say which one a mistyped one may mean. */
export async function knownCoordinates({ catalogue }: CatalogueModels): Promise<readonly string[]> {
  const found = await catalogue.find({ class: 'CONDITIONAL' }, { _id: 1 }).lean();
  return found.map(({ _id }) => _id);
}
