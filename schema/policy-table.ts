/** Who owns each item and how it is shared: what the subgraphs' own SDL says, before composition. */

export type SharingClass = 'UNCONDITIONAL' | 'CONDITIONAL' | 'WITHHELD';
export type Mask = 'RESIDENT_NUMBER' | 'NAME' | 'PHONE' | 'ADDRESS' | 'YEAR' | 'AMOUNT' | 'GRID' | 'TAIL';
export type ReadUse = 'FILTER' | 'LOOKUP' | 'VERIFY';
export type UpdateCycle = 'REAL_TIME' | 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'QUARTERLY' | 'YEARLY' | 'AS_NEEDED';

/** The items an argument or an input field reads. */
export interface Reads {
  readonly items: readonly string[];
  readonly use: ReadUse;
}

/** The policy of one coordinate. `class` is absent where no subgraph classified it: such an item is denied. */
export interface ItemPolicy {
  readonly coordinate: string;
  /** The subgraph whose owner decides on the item. */
  readonly subgraph: string;
  readonly owner: string;
  readonly class?: SharingClass | undefined;
  readonly basis?: string | undefined;
  readonly mask?: Mask | undefined;
  readonly personal: boolean;
  /** Items that `@requires` makes the gateway fetch for this one; its reader must be allowed to read them too. */
  readonly requires: readonly string[];
  /** Roles that may call it, for a mutation. */
  readonly actors?: readonly string[] | undefined;
}

export interface ResourcePolicy {
  readonly type: string;
  readonly subgraph: string;
  readonly code: string;
  readonly title: string;
  readonly updateCycle: UpdateCycle;
}

export interface PolicyTable {
  /** By coordinate `Type.field`. */
  readonly items: ReadonlyMap<string, ItemPolicy>;
  /** By `Type.field(argument:)` for arguments and `Input.field` for input fields. */
  readonly reads: ReadonlyMap<string, Reads>;
  readonly resources: ReadonlyMap<string, ResourcePolicy>;
  /** The field that holds a row's division code, by type. */
  readonly scopedBy: ReadonlyMap<string, string>;
  /** The key field by which the data subjects of a type are counted, by type. */
  readonly subjects: ReadonlyMap<string, string>;
}

/** Nothing is classified: whoever decides by it denies everything. */
export const EMPTY_POLICY: PolicyTable = {
  items: new Map(),
  reads: new Map(),
  resources: new Map(),
  scopedBy: new Map(),
  subjects: new Map(),
};

/** A subgraph as its owner wrote it, without the header. */
export interface SubgraphSource {
  readonly name: string;
  /** Department code of the owner. */
  readonly owner: string;
  readonly sdl: string;
}

/** The coordinate of an argument, as in the GraphQL specification's schema coordinates. */
export function argumentCoordinate(field: string, argument: string): string {
  return `${field}(${argument}:)`;
}
