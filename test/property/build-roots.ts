import { chosen, type Draft, type DraftWorld, item, own } from './draft.ts';
import type { EntityRecipe, RootRecipe } from './recipes.ts';
import type { Argument, Item, Use } from './world.ts';

const USES: readonly Use[] = ['FILTER', 'LOOKUP', 'VERIFY'];

/** Adds the root fields by which a subgraph gives the rows it keeps. */
export class RootBuilder {
  readonly #world: DraftWorld;
  readonly #query: Draft;

  constructor(world: DraftWorld, query: Draft) {
    this.#world = world;
    this.#query = query;
  }

  addRows(name: string, { roots, filterDefault }: EntityRecipe): void {
    const type = this.#world.types.get(name);
    if (!type) return;
    const comparable = type.items.filter(
      (each) =>
        each.subgraph === type.keeper &&
        each.output === 'String' &&
        !each.list &&
        each.args.length === 0 &&
        each.requires.length === 0,
    );
    const filter = `Filter${name}`;
    this.#world.inputs.set(filter, {
      name: filter,
      subgraph: type.keeper,
      fields: filterFields(filter, comparable, filterDefault),
    });
    roots.forEach((recipe, index) => {
      const { give } = recipe;
      const value = {
        many: { output: name, composite: true, list: true },
        one: { output: name, composite: true },
        count: { output: 'Int' },
        verify: { output: 'Boolean' },
      }[give];
      this.#query.items.push({
        ...item(this.#query, `${give}${name}${index}`, type.keeper),
        ...value,
        ...own(recipe.sharing, 'none'),
        nonNull: recipe.nonNull && give !== 'one',
        itemNonNull: give === 'many' && recipe.nonNull && !type.scoped,
        behaviour: { kind: 'rows', of: name, give },
        args: [...byArgument(comparable, recipe), ...(recipe.filter ? [{ name: 'filter', type: filter }] : [])],
      });
    });
  }
}

/** `page` reads nothing: how many rows are wanted tells nothing of them. */
function filterFields(filter: string, comparable: readonly Item[], withDefault: boolean): Argument[] {
  return [
    { name: 'page', type: 'Int' },
    ...comparable.map(({ name, coordinate }, index): Argument => ({
      name,
      type: 'String',
      reads: { items: [coordinate], use: USES[index % 2 === 0 ? 0 : 1] ?? 'FILTER' },
      byDefault: withDefault && index === 0 ? '"张三丰"' : undefined,
    })),
    { name: 'also', type: filter },
    { name: 'any', type: `[${filter}!]` },
  ];
}

/** An argument that is compared with one item; the item's own name, so that the rows can be compared with it. */
function byArgument(comparable: readonly Item[], { by, pick, give, byDefault }: RootRecipe): Argument[] {
  const read = chosen(comparable, pick);
  if (!read || (by === 0 && give !== 'verify')) return [];
  const use = give === 'verify' ? 'VERIFY' : (USES[by % 2] ?? 'FILTER');
  const type = by === 2 && !byDefault ? 'String!' : 'String';
  return [
    { name: read.name, type, reads: { items: [read.coordinate], use }, byDefault: byDefault ? '"张三丰"' : undefined },
  ];
}
