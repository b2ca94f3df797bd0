import type { DraftWorld } from './draft.ts';
import { poolNamed } from './pools.ts';
import type { WorldRecipe } from './recipes.ts';
import type { Cell, Item, ObjectType, Row, Scalar } from './world.ts';

/** Keys beyond the rows that are kept: what refers to these dangles. */
const DANGLING = 4;
const VALUES = 3;

/** Fills every table from the salt of the recipe: the same recipe, the same rows. */
export function fillTables(
  world: DraftWorld,
  { entities, salt }: WorldRecipe,
): ReadonlyMap<string, ReadonlyMap<string, Row>> {
  const tables = new Map<string, Map<string, Row>>();
  const rowsOf = new Map(entities.map(({ rows }, index) => [`E${index}`, rows + 1]));
  for (const type of world.types.values()) {
    const kept = rowsOf.get(type.name) ?? (type.name === 'Query' ? 1 : VALUES);
    for (const subgraph of world.subgraphs) {
      const items = type.items.filter((item) => item.subgraph === subgraph);
      const table = new Map<string, Row>();
      for (let index = 0; index < kept + DANGLING; index++) {
        const key = type.name === 'Query' ? '' : `${type.name}-${index}`;
        // Of what it does not keep a subgraph lacks some rows, unless it promises a value for each: a promise that a subgraph
        // breaks in its own answer leaves nothing by which whoever keeps the row could be asked.
        const lacks = !items.some(({ nonNull }) => nonNull) && hash(salt, subgraph.name, key) % 3 === 0;
        const missing = type.keeper === subgraph ? index >= kept : type.name !== 'Query' && lacks;
        if (missing) continue;
        const cells = items.map((item) => [
          item.name,
          cellOf(item, { world, rowsOf, seed: [salt, key, item.coordinate] }),
        ]);
        table.set(key, { ...table.get(key), ...(Object.fromEntries(cells) as Row) });
      }
      tables.set(`${subgraph.name} ${type.name}`, table);
    }
  }
  return tables;
}

interface Filling {
  readonly world: DraftWorld;
  readonly rowsOf: ReadonlyMap<string, number>;
  readonly seed: readonly (string | number)[];
}

function cellOf(item: Item, filling: Filling): Cell {
  const { seed } = filling;
  if (!item.nonNull && hash(...seed, 'null') % 8 === 0) return null;
  if (!item.list) return valueOf(item, item.nonNull, filling);
  const length = hash(...seed, 'length') % 4;
  return Array.from({ length }, (_, at) => {
    const inner = { ...filling, seed: [...seed, at] };
    return !item.itemNonNull && hash(...inner.seed, 'null') % 6 === 0 ? null : valueOf(item, item.itemNonNull, inner);
  });
}

function valueOf(item: Item, present: boolean, filling: Filling): Scalar {
  const { seed } = filling;
  if (item.composite) return pointerTo(item, filling);
  const values = poolNamed(item.pool).values.filter((value) => !present || value !== null);
  return values[hash(...seed, 'value') % Math.max(1, values.length)] ?? null;
}

function pointerTo({ output, subgraph }: Item, { world, rowsOf, seed }: Filling): Scalar {
  const members = world.abstracts.get(output)?.members ?? [output];
  const type: ObjectType | undefined = world.types.get(members[hash(...seed, 'type') % members.length] ?? output);
  const kept = rowsOf.get(type?.name ?? '') ?? VALUES;
  // A subgraph does not refer to rows of its own that it has not.
  const among = type?.keeper === subgraph ? kept : kept + DANGLING;
  return { type: type?.name ?? output, key: `${type?.name ?? output}-${hash(...seed, 'key') % among}` };
}

/** FNV-1a; equal on every machine. */
export function hash(...parts: readonly (string | number)[]): number {
  let value = 0x811c9dc5;
  for (const character of parts.join('|')) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return (value ^ (value >>> 15)) >>> 0;
}
