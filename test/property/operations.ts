import fc from 'fast-check';
import { chosen } from './draft.ts';
import { argumentsText, Variables } from './arguments.ts';
import { weighted } from './weighted.ts';
import { typeText } from './sdl.ts';
import { type Item, type ObjectType, typeOf, type World } from './world.ts';

/** A selection as choices that are read modulo what there is to select. */
export interface SelectionRecipe {
  readonly pick: number;
  /** Which alias, if any. */
  readonly alias: number;
  readonly args: readonly number[];
  /** What it is wrapped in. */
  readonly wrap: number;
  readonly condition: number;
  readonly children: readonly SelectionRecipe[];
}

export type OperationRecipe = readonly SelectionRecipe[];

const leaf = {
  pick: fc.nat(99),
  alias: fc.nat(19),
  args: fc.array(fc.nat(99), { maxLength: 6, size: 'max' }),
  wrap: fc.nat(13),
  condition: weighted([84, 0], [2, 13], [2, 14], [2, 15], [3, 16], [3, 17], [2, 18], [2, 19]),
};

function selections(depth: number, minLength: number): fc.Arbitrary<readonly SelectionRecipe[]> {
  const children = depth === 0 ? fc.constant([]) : selections(depth - 1, 1);
  return fc.array(fc.record<SelectionRecipe>({ ...leaf, children }), {
    minLength,
    maxLength: depth > 1 ? 4 : 3,
    size: 'max',
  });
}

export const operationRecipe: fc.Arbitrary<OperationRecipe> = selections(3, 1);

export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Writes an operation that the world's schema accepts, whatever the recipe says. */
export function writeOperation(world: World, recipe: OperationRecipe): Operation {
  const writer = new Writer(world);
  const selected = writer.object(typeOf(world, 'Query'), recipe);
  const definitions = writer.variables.definitions();
  const query = [`query${definitions} { ${selected} }`, ...writer.fragments.map(({ text }) => text)].join('\n');
  return { query, variables: writer.variables.values() };
}

/** Response keys that are fields elsewhere, keys of the federation, or nothing. */
const ALIASES = ['a', 'b', 'ref', 'id', 'f0', 'f1', 'inScope', 'division', 'tag0', 'key'];

class Writer {
  readonly variables: Variables;
  readonly fragments: { readonly name: string; readonly on: string; readonly text: string }[] = [];
  readonly #world: World;
  /** What each response key stands for: the same wherever it is used, so that fields of one key merge. */
  readonly #keys = new Map<string, string>();

  constructor(world: World) {
    this.#world = world;
    this.variables = new Variables(world);
  }

  object(type: ObjectType, recipes: readonly SelectionRecipe[]): string {
    if (recipes.length === 0) return '__typename';
    return recipes.map((recipe) => this.#wrapped(recipe, type)).join(' ');
  }

  #abstract(name: string, recipes: readonly SelectionRecipe[]): string {
    const { members = [], field } = this.#world.abstracts.get(name) ?? {};
    if (recipes.length === 0) return '__typename';
    return recipes
      .map((recipe) => {
        const { pick, wrap } = recipe;
        const member = typeOf(this.#world, members[pick % members.length] ?? '');
        if (wrap === 1) return '__typename';
        if (wrap === 2 || wrap === 3)
          return field === undefined ? '__typename' : this.#onInterface(member, field, recipe);
        if (wrap === 4) return `... on ${name} { ... on ${member.name} { ${this.object(member, [recipe])} } }`;
        if (wrap === 5) return this.#named(name, `... on ${member.name} { ${this.object(member, [recipe])} }`, recipe);
        return `... on ${member.name}${this.#condition(recipe)} { ${this.object(member, [{ ...recipe, wrap: wrap % 6 }])} }`;
      })
      .join(' ');
  }

  #onInterface(member: ObjectType, field: string, recipe: SelectionRecipe): string {
    const item = member.items.find(({ name }) => name === field);
    return item ? this.#field(item, { ...recipe, args: [] }) : '__typename';
  }

  #wrapped(recipe: SelectionRecipe, type: ObjectType): string {
    const { wrap, pick } = recipe;
    if (pick === 99) return `${this.#alias('__typename', 'String!', recipe)}__typename${this.#condition(recipe)}`;
    // What leads on is chosen more often than its number alone would have it.
    const onward = type.items.filter(({ composite }) => composite);
    const item = chosen(pick % 3 === 2 && onward.length > 0 ? onward : type.items, Math.floor(pick / 3));
    if (!item) return '__typename';
    const text = this.#field(item, recipe);
    const through = type.interfaces.find((name) => this.#world.abstracts.get(name)?.field === item.name);
    switch (wrap) {
      case 6:
        return `...${this.#condition(recipe)} { ${text} }`;
      case 7:
        return `... on ${type.name}${this.#condition(recipe)} { ${text} }`;
      case 8:
        return this.#named(type.name, text, recipe);
      case 9:
        return through === undefined ? text : `... on ${through} { ${text} }`;
      case 10:
        return this.#again(type, text);
      case 11:
        // Twice under one key: the selections below merge.
        return `${text} ${this.#field(item, { ...recipe, children: [...recipe.children].reverse() })}`;
      case 12:
        return `${text} ${this.#field(item, { ...recipe, alias: (recipe.alias + 1) % 20, args: recipe.args.map((arg) => arg + 1) })}`;
      default:
        return text;
    }
  }

  #field(item: Item, recipe: SelectionRecipe): string {
    const args = argumentsText(item.args, recipe.args, this.variables);
    const alias = this.#alias(`${item.name}${args}`, typeText(item), recipe, item.name);
    const below = !item.composite ? '' : ` { ${this.#below(item.output, recipe.children)} }`;
    return `${alias}${item.name}${args}${this.#condition(recipe)}${below}`;
  }

  #below(output: string, children: readonly SelectionRecipe[]): string {
    return this.#world.abstracts.has(output)
      ? this.#abstract(output, children)
      : this.object(typeOf(this.#world, output), children);
  }

  /** An alias, chosen or needed, as the key alone would stand for two things. */
  #alias(selected: string, type: string, { alias }: SelectionRecipe, name = selected): string {
    const meaning = `${selected}: ${type}`;
    const wanted = alias < ALIASES.length ? (ALIASES[alias] ?? name) : name;
    const candidates = [wanted, name, ...Array.from({ length: 50 }, (_, index) => `x${index}`)];
    const key = candidates.find((each) => (this.#keys.get(each) ?? meaning) === meaning) ?? wanted;
    this.#keys.set(key, meaning);
    return key === name ? '' : `${key}: `;
  }

  #named(on: string, text: string, recipe: SelectionRecipe): string {
    const name = `F${this.fragments.length}`;
    this.fragments.push({ name, on, text: `fragment ${name} on ${on} { ${text} }` });
    return `...${name}${this.#condition(recipe)}`;
  }

  /** A fragment that is spread elsewhere already, beside it. */
  #again(type: ObjectType, text: string): string {
    const known = this.fragments.find(({ on }) => on === type.name || type.interfaces.includes(on));
    return known ? `${text} ...${known.name}` : text;
  }

  #condition({ condition, pick }: SelectionRecipe): string {
    const variable = (): string => this.variables.boolean(pick);
    switch (condition) {
      case 13:
        return ' @include(if: true)';
      case 14:
        return ' @skip(if: false)';
      case 15:
        return ' @skip(if: true)';
      case 16:
        return ` @skip(if: ${variable()})`;
      case 17:
      case 18:
        return ` @include(if: ${variable()})`;
      case 19:
        return ` @skip(if: ${variable()}) @include(if: true)`;
      default:
        return '';
    }
  }
}
