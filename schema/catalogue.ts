import type {
  ItemPolicy,
  Mask,
  PolicyTable,
  ReadUse,
  ResourcePolicy,
  SharingClass,
  UpdateCycle,
} from './policy-table.ts';

/** 信息项: one item of the catalogue, as one set of subgraphs has it. */
export interface CatalogueEntry {
  /** `Type.field`. */
  readonly coordinate: string;
  readonly type: string;
  readonly field: string;
  readonly owner: string;
  readonly subgraph: string;
  readonly class: SharingClass;
  /** For a WITHHELD item: the law that withholds it. */
  readonly basis?: string | undefined;
  readonly mask?: Mask | undefined;
  /** It tells of a person, or is of a row that does. */
  readonly personal: boolean;
  /** OUTPUT, and each use by which an argument reads the item. */
  readonly uses: readonly ('OUTPUT' | ReadUse)[];
  readonly description?: string | undefined;
  /** As GraphQL writes it, such as `[Person!]`. */
  readonly graphqlType: string;
  /** Why it should not be used any more. */
  readonly deprecated?: string | undefined;
  /** Several subgraphs give it alike, of a type without a key, such as a page: whoever uses it need not have asked its owner. */
  readonly shared?: true | undefined;
}

/** 信息资源: one resource of the catalogue. */
export interface ResourceEntry {
  readonly type: string;
  readonly code: string;
  readonly title: string;
  readonly owner: string;
  readonly subgraph: string;
  readonly updateCycle: UpdateCycle;
  readonly description?: string | undefined;
  /** Its rows are shown by division. */
  readonly rowScoped: boolean;
  /** The item that holds the division of a row, where callers see it. */
  readonly divisionItem?: string | undefined;
  readonly personal: boolean;
  /** Number of its items in the catalogue, by class. */
  readonly classes: Readonly<Record<SharingClass, number>>;
  /** 关联资源代码: codes of the resources its items lead to. */
  readonly related: readonly string[];
}

export interface Catalogue {
  /** By coordinate. */
  readonly items: readonly CatalogueEntry[];
  /** By type. */
  readonly resources: readonly ResourceEntry[];
}

/** What a schema says of an item beside who may use it. */
export type ItemText = Pick<CatalogueEntry, 'description' | 'graphqlType' | 'deprecated' | 'shared'>;

/** What a schema says of a resource; `leadsTo` are the types that its items, or pages of them, hold. */
export interface ResourceText {
  readonly description?: string | undefined;
  readonly leadsTo: readonly string[];
}

/** What callers see of items and types. What is `@inaccessible` has no name for them: it is undefined, and in no catalogue. */
export interface CatalogueTexts {
  readonly item: (coordinate: string, subgraph: string) => ItemText | undefined;
  readonly resource: (type: string, subgraph: string) => ResourceText | undefined;
}

/**
 * The items of a policy table that somebody classified and callers see, and the resources they belong to. Mutations are for
 * roles, not for grants.
 */
export function catalogueOf(table: PolicyTable, texts: CatalogueTexts): Catalogue {
  const uses = usesOf(table);
  const items = [...table.items.values()]
    .flatMap((policy) => entryOf(policy, { table, texts, uses }))
    .sort((a, b) => (a.coordinate < b.coordinate ? -1 : 1));
  return { items, resources: resourcesOf(table, texts, items) };
}

interface Reading {
  readonly table: PolicyTable;
  readonly texts: CatalogueTexts;
  readonly uses: ReadonlyMap<string, ReadonlySet<ReadUse>>;
}

function entryOf(policy: ItemPolicy, { table, texts, uses }: Reading): CatalogueEntry[] {
  const { coordinate, owner, subgraph, class: shared, basis, mask, actors } = policy;
  if (shared === undefined || actors !== undefined) return [];
  const text = texts.item(coordinate, subgraph);
  if (!text) return [];
  const [type = '', field = ''] = coordinate.split('.');
  return [
    {
      ...{ coordinate, type, field, owner, subgraph, class: shared },
      ...(basis !== undefined && { basis }),
      ...(mask !== undefined && { mask }),
      personal: policy.personal || table.subjects.has(type),
      uses: ['OUTPUT', ...[...(uses.get(coordinate) ?? [])].sort()],
      ...text,
    },
  ];
}

function usesOf({ reads }: PolicyTable): ReadonlyMap<string, ReadonlySet<ReadUse>> {
  const uses = new Map<string, Set<ReadUse>>();
  for (const { items, use } of reads.values())
    for (const item of items) uses.set(item, (uses.get(item) ?? new Set()).add(use));
  return uses;
}

function resourcesOf(
  table: PolicyTable,
  texts: CatalogueTexts,
  items: readonly CatalogueEntry[],
): readonly ResourceEntry[] {
  // The owner of a subgraph is the owner of what it resolves, its root fields for one.
  const owners = new Map([...table.items.values()].map(({ subgraph, owner }) => [subgraph, owner]));
  const shown = [...table.resources.values()].flatMap((resource) => {
    const text = texts.resource(resource.type, resource.subgraph);
    const owner = owners.get(resource.subgraph);
    return text && owner !== undefined ? [{ resource, text, owner }] : [];
  });
  const codes = new Map(shown.map(({ resource }) => [resource.type, resource.code]));
  return shown
    .map(({ resource, text: { description, leadsTo }, owner }): ResourceEntry => {
      const own = items.filter(({ type }) => type === resource.type);
      const related = leadsTo.flatMap((type) => (type === resource.type ? [] : (codes.get(type) ?? [])));
      return {
        ...fieldsOf(resource),
        owner,
        ...(description !== undefined && { description }),
        ...rowScope(resource.type, table, own),
        personal: table.subjects.has(resource.type),
        classes: countByClass(own),
        related: [...new Set(related)].sort(),
      };
    })
    .sort((a, b) => (a.type < b.type ? -1 : 1));
}

function fieldsOf({ type, code, title, subgraph, updateCycle }: ResourcePolicy) {
  return { type, code, title, subgraph, updateCycle };
}

function rowScope(
  type: string,
  { scopedBy }: PolicyTable,
  own: readonly CatalogueEntry[],
): Pick<ResourceEntry, 'rowScoped' | 'divisionItem'> {
  const field = scopedBy.get(type);
  const item = own.find((each) => each.field === field);
  return { rowScoped: field !== undefined, ...(item && { divisionItem: item.coordinate }) };
}

function countByClass(items: readonly CatalogueEntry[]): Record<SharingClass, number> {
  const classes = { UNCONDITIONAL: 0, CONDITIONAL: 0, WITHHELD: 0 };
  for (const item of items) classes[item.class] += 1;
  return classes;
}
