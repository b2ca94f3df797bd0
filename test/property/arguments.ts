import { POOLS } from './pools.ts';
import type { Argument, World } from './world.ts';

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly byDefault?: string;
  /** Undefined where the request does not give it. */
  readonly value: unknown;
}

/** What filters and look-ups are asked with; most of it is found in some row. */
const TEXTS = POOLS.filter(({ scalar }) => scalar === 'String').flatMap(({ values }) => values as string[]);

/** Draws numbers from a recipe, over again when they run out. */
class Choices {
  readonly #from: readonly number[];
  #drawn = 0;

  constructor(from: readonly number[]) {
    this.#from = from;
  }

  /** A number below `limit`. */
  next(limit: number): number {
    const { length } = this.#from;
    const drawn = this.#drawn++;
    return length === 0 ? 0 : ((this.#from[drawn % length] ?? 0) + Math.floor(drawn / length) * 7) % limit;
  }
}

/** The variables of one operation: made as they are used, used again where their type fits. */
export class Variables {
  readonly world: World;
  readonly #made: Variable[] = [];

  constructor(world: World) {
    this.world = world;
  }

  definitions(): string {
    const written = this.#made.map(
      ({ name, type, byDefault }) => `$${name}: ${type}${byDefault === undefined ? '' : ` = ${byDefault}`}`,
    );
    return written.length === 0 ? '' : `(${written.join(', ')})`;
  }

  values(): Record<string, unknown> {
    return Object.fromEntries(
      this.#made.filter(({ value }) => value !== undefined).map(({ name, value }) => [name, value]),
    );
  }

  boolean(pick: number): string {
    const known = this.#made.filter(({ type }) => type.startsWith('Boolean'));
    const again = known[pick % 3];
    if (again) return `$${again.name}`;
    return pick % 4 === 0
      ? this.#add({ type: 'Boolean', byDefault: String(pick % 8 === 0), value: undefined })
      : this.#add({ type: 'Boolean!', value: pick % 2 === 0 });
  }

  /** A variable for a place of this type: given, null, absent, or with a default of its own. */
  of(type: string, choices: Choices): string {
    const known = this.#made.find((variable) => variable.type === type);
    if (known && choices.next(2) === 0) return `$${known.name}`;
    const given = (): unknown => plain(type, choices, this.world);
    const required = type.endsWith('!');
    switch (required ? 0 : choices.next(6)) {
      case 2:
      case 5:
        return this.#add({ type, value: null });
      case 3:
        return this.#add({ type, value: undefined });
      case 4:
        return this.#add({ type, byDefault: literal(given()), value: choices.next(2) === 0 ? undefined : given() });
      default:
        return this.#add({ type, value: given() });
    }
  }

  #add(variable: Omit<Variable, 'name'>): string {
    const name = `v${this.#made.length}`;
    this.#made.push({ ...variable, name });
    return `$${name}`;
  }
}

/** The arguments of one field: absent, literal, null, by variable; objects nested, each member likewise. */
export function argumentsText(args: readonly Argument[], recipe: readonly number[], variables: Variables): string {
  const choices = new Choices(recipe);
  const given = args.flatMap(({ name, type, byDefault }) => {
    const required = type.endsWith('!') && byDefault === undefined;
    if (!required && choices.next(8) < 5) return [];
    return [`${name}: ${valueText(type, choices, { variables, depth: 0 })}`];
  });
  return given.length === 0 ? '' : `(${given.join(', ')})`;
}

interface Writing {
  readonly variables: Variables;
  readonly depth: number;
}

function valueText(type: string, choices: Choices, { variables, depth }: Writing): string {
  const way = choices.next(6);
  if (way > 3) return variables.of(type, choices);
  if (way === 3 && !type.endsWith('!')) return 'null';
  const named = type.replace(/[[\]!]/gu, '');
  const input = variables.world.inputs.get(named);
  if (!input) return literal(plain(type, choices, variables.world));
  if (type.startsWith('[')) return `[${valueText(`${named}!`, choices, { variables, depth })}]`;
  const fields = input.fields
    .filter((field) => choices.next(4) === 0 && (depth < 2 || !field.type.includes('Filter')))
    .map((field) => `${field.name}: ${valueText(field.type, choices, { variables, depth: depth + 1 })}`);
  return `{ ${fields.join(', ')} }`;
}

/** A value as variables carry it. */
function plain(type: string, choices: Choices, world: World, depth = 0): unknown {
  const named = type.replace(/[[\]!]/gu, '');
  if (type.startsWith('['))
    return Array.from({ length: choices.next(3) }, () => plain(`${named}!`, choices, world, depth));
  const input = world.inputs.get(named);
  if (!input) return named === 'Int' ? choices.next(4) : (TEXTS[choices.next(TEXTS.length)] ?? '');
  const fields = input.fields.filter((field) => choices.next(3) === 0 && (depth < 2 || !field.type.includes('Filter')));
  return Object.fromEntries(
    fields.map(({ name, type: inner }) => [
      name,
      choices.next(6) === 0 ? null : plain(inner, choices, world, depth + 1),
    ]),
  );
}

/** A plain value as GraphQL writes it. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, inner]) => `${name}: ${literal(inner)}`)
    .join(', ')} }`;
}
