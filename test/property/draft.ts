import { poolNamed } from './pools.ts';
import type { SharingRecipe } from './recipes.ts';
import type { AbstractType, InputType, Item, ObjectType, Sharing, Subgraph } from './world.ts';

/** A type while its items are being added. */
export interface Draft extends Omit<ObjectType, 'items' | 'interfaces' | 'typeSharing'> {
  readonly items: Item[];
  readonly interfaces: string[];
  readonly typeSharing: Map<string, Sharing>;
}

export interface DraftWorld {
  readonly subgraphs: readonly Subgraph[];
  readonly types: Map<string, Draft>;
  readonly abstracts: Map<string, AbstractType>;
  readonly inputs: Map<string, InputType>;
}

export const chosen = <T>(from: readonly T[], pick: number): T | undefined => from[pick % Math.max(1, from.length)];

/** What is classified how; a mask where the values have one. */
export function sharingOf(recipe: SharingRecipe, pool: string): Sharing | undefined {
  switch (recipe) {
    case 'MASKED':
      return { class: 'CONDITIONAL', mask: poolNamed(pool).mask };
    case 'BY_TYPE':
    case 'NONE':
      return undefined;
    default:
      return { class: recipe };
  }
}

/** An item with nothing said of it. */
export function item(type: Draft, name: string, subgraph: Subgraph): Item {
  return {
    type: type.name,
    name,
    coordinate: `${type.name}.${name}`,
    subgraph,
    output: 'String',
    composite: false,
    list: false,
    nonNull: false,
    itemNonNull: false,
    sharing: undefined,
    ownSharing: false,
    requires: [],
    args: [],
    behaviour: { kind: 'cell' },
    pool: 'name',
  };
}

export function own(recipe: SharingRecipe, pool: string): Pick<Item, 'sharing' | 'ownSharing'> {
  const sharing = sharingOf(recipe, pool);
  return { sharing, ownSharing: sharing !== undefined };
}
