import { createHash } from 'node:crypto';
import { type Connection, type Model, Schema } from 'mongoose';
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

export type CatalogueRecord = CatalogueItem & {
  /** Hash of the whole catalogue that the item is part of. */
  readonly catalogue: string;
};

interface CatalogueModels {
  readonly catalogue: Model<CatalogueRecord>;
}

const fields = {
  _id: text,
  owner: text,
  class: { ...text, enum: ['UNCONDITIONAL', 'CONDITIONAL', 'WITHHELD'] },
  basis: String,
  uses: [String],
  catalogue: text,
};
const schema = new Schema<CatalogueRecord>(fields, stored).index({ catalogue: 1 });

export function catalogueModel(connection: Connection): Model<CatalogueRecord> {
  return connection.model<CatalogueRecord>('CatalogueItem', schema, 'catalogue');
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

/**
 * Makes the stored catalogue that of a policy table, in one transaction: whoever checks a request sees one whole catalogue.
 * @returns false where it was that already, by the hash of its content.
 */
export async function writeCatalogue(
  { catalogue }: CatalogueModels,
  table: PolicyTable,
  isVisible?: IsVisible,
): Promise<boolean> {
  const items = catalogueOf(table, isVisible);
  const hash = createHash('sha256').update(JSON.stringify(items)).digest('base64url');
  const [known, other] = await Promise.all([
    catalogue.exists({ catalogue: hash }),
    catalogue.exists({ catalogue: { $ne: hash } }),
  ]);
  if (!other && (known || items.length === 0)) return false;
  await catalogue.db.transaction(async (session) => {
    await catalogue.deleteMany({}, { session });
    await catalogue.insertMany(
      items.map((item) => ({ ...item, catalogue: hash })),
      { session },
    );
  });
  return true;
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
