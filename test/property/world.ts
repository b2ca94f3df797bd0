import type { Mask, SharingClass } from '../../schema/policy-table.ts';

/*
 * A small government as data: who keeps what, how it is shared and what the rows are. The subgraphs under test are printed from
 * it, and the reference interpreter reads it directly; neither sees the other.
 */

export type Use = 'OUTPUT' | 'LOOKUP' | 'VERIFY' | 'FILTER';

export interface Sharing {
  readonly class: SharingClass;
  readonly mask?: Mask | undefined;
}

export interface Subgraph {
  readonly name: string;
  readonly owner: string;
}

/** A value of a type; of an entity by its key in whatever subgraph, of a value type by its place in its own. */
export interface Pointer {
  readonly type: string;
  readonly key: string;
}

export type Scalar = string | number | boolean | null | object;
export type Cell = Scalar | Pointer | readonly (Scalar | Pointer | null)[];
export type Row = Readonly<Record<string, Cell>>;

export interface Argument {
  readonly name: string;
  /** As GraphQL writes it. */
  readonly type: string;
  /** As GraphQL writes it. */
  readonly byDefault?: string | undefined;
  readonly reads?: { readonly items: readonly string[]; readonly use: Use } | undefined;
}

/** What the resolver of an item does beside reading its cell. */
export type Behaviour =
  | { readonly kind: 'cell' }
  /** The key by which subgraphs know the row. */
  | { readonly kind: 'key' }
  /** The rows that its subgraph keeps of a type: all, the first, how many, or whether there is one. */
  | { readonly kind: 'rows'; readonly of: string; readonly give: 'many' | 'one' | 'count' | 'verify' };

export interface Item {
  readonly type: string;
  readonly name: string;
  readonly coordinate: string;
  readonly subgraph: Subgraph;
  /** The named type of its output. */
  readonly output: string;
  readonly composite: boolean;
  readonly list: boolean;
  readonly nonNull: boolean;
  readonly itemNonNull: boolean;
  /** What counts for it; undefined where nobody classified it. */
  readonly sharing: Sharing | undefined;
  /** Whether the class stands at the item itself, not at its type. */
  readonly ownSharing: boolean;
  /** Other items of its type that it is computed from. */
  readonly requires: readonly string[];
  readonly args: readonly Argument[];
  readonly behaviour: Behaviour;
  /** Kind of its values, where it has any of its own. */
  readonly pool: string;
}

export interface ObjectType {
  readonly name: string;
  /** Whose rows they are. */
  readonly keeper: Subgraph;
  /** Undefined for value types, which exist in one subgraph only. */
  readonly keyField: 'ref' | 'id' | undefined;
  readonly scoped: boolean;
  readonly personal: boolean;
  /** Whether the catalogue lists it; such a type is a row of its own wherever it hangs. */
  readonly resource: boolean;
  readonly interfaces: readonly string[];
  readonly items: readonly Item[];
  /** Classes at the type, by subgraph. */
  readonly typeSharing: ReadonlyMap<string, Sharing>;
}

export interface AbstractType {
  readonly kind: 'interface' | 'union';
  readonly name: string;
  readonly subgraph: Subgraph;
  readonly members: readonly string[];
  /** The one field of an interface. */
  readonly field?: string | undefined;
}

export interface InputType {
  readonly name: string;
  readonly subgraph: Subgraph;
  readonly fields: readonly Argument[];
}

export interface World {
  readonly subgraphs: readonly Subgraph[];
  /** `Query` included. */
  readonly types: ReadonlyMap<string, ObjectType>;
  readonly abstracts: ReadonlyMap<string, AbstractType>;
  readonly inputs: ReadonlyMap<string, InputType>;
  /** By subgraph and type, then by key, in the order in which a subgraph lists them. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, Row>>;
}

export const ROOT = { type: 'Query', key: '' } as const;

export function tableOf(world: World, subgraph: string, type: string): ReadonlyMap<string, Row> {
  return world.tables.get(`${subgraph} ${type}`) ?? new Map();
}

export function typeOf(world: World, name: string): ObjectType {
  const type = world.types.get(name);
  if (!type) throw new Error(`the world has no type ${name}`);
  return type;
}

export function itemOf(world: World, coordinate: string): Item | undefined {
  const [type = '', name = ''] = coordinate.split('.');
  return world.types.get(type)?.items.find((item) => item.name === name);
}

export function isPointer(value: unknown): value is Pointer {
  return typeof value === 'object' && value !== null && 'key' in value;
}

/** The object types that may stand where a type is named. */
export function possibleTypes(world: World, name: string): readonly string[] {
  return world.abstracts.get(name)?.members ?? [name];
}

/** Whether a row has what a filter asks for; a member that is null asks for rows without a value. */
export function matches(filter: unknown, row: Row): boolean {
  return Object.entries((filter ?? {}) as Record<string, unknown>).every(([name, value]) => {
    if (name === 'page') return true;
    if (name === 'also') return matches(value, row);
    if (name === 'any')
      return (
        value === null || (value as unknown[]).length === 0 || (value as unknown[]).some((one) => matches(one, row))
      );
    return (row[name] ?? null) === value;
  });
}

/** What a root field gives of the rows that pass its arguments: in their order, the first, how many, or whether there are any. */
export function given<Each>(
  rows: readonly Each[],
  give: 'many' | 'one' | 'count' | 'verify',
  filter: unknown,
): readonly Each[] | Each | number | boolean | null {
  const page = (filter as { readonly page?: number | null } | null | undefined)?.page;
  if (give === 'many') return rows.slice(0, page ?? rows.length);
  if (give === 'one') return rows[0] ?? null;
  return give === 'count' ? rows.length : rows.length > 0;
}

/** Computed from what came with the reference; nothing where an input is missing. */
export function derived(item: Item, inputs: ReadonlyMap<string, unknown>): string | null {
  const values = item.requires.map((name) => inputs.get(name) ?? null);
  return values.includes(null) ? null : `${item.name}:${JSON.stringify(values)}`;
}
