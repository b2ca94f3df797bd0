import { type FieldNode, getArgumentValues, type GraphQLObjectType, type SelectionSetNode } from 'graphql';
import { maskValue } from '../../sharing/policy/mask.ts';
import { EXCLUDED } from './excluded.ts';
import { Judge, type Judged, TOP } from './reference-judge.ts';
import { Reading } from './reference-read.ts';
import type { Rows } from './reference-rows.ts';
import type { Case } from './case.ts';
import {
  type Cell,
  derived,
  given as givenOf,
  isPointer,
  type Item,
  itemOf,
  matches,
  type Pointer,
  ROOT,
  tableOf,
  typeOf,
} from './world.ts';

type Json = Record<string, unknown>;

/** A place that must not be null and has no value: whatever holds it is null. */
class Broken extends Error {}

/** Walks the full data and tells what is allowed of the rows that exist for the call. */
export class Teller {
  brokePromise = false;
  hidden = 0;
  readonly #given: Case;
  readonly #judged: Judged;
  readonly #rows: Rows;
  readonly #reading: Reading;
  readonly #judge: Judge;

  constructor(given: Case, judged: Judged, rows: Rows) {
    this.#given = given;
    this.#judged = judged;
    this.#rows = rows;
    this.#reading = new Reading(given);
    this.#judge = new Judge(given);
  }

  operation(): Json | null {
    if (this.#judged.nothing) return null;
    try {
      return this.#object(ROOT, [this.#reading.operation.selectionSet], []);
    } catch (thrown) {
      if (thrown instanceof Broken) return null;
      throw thrown;
    }
  }

  #object(pointer: Pointer, sets: readonly SelectionSetNode[], path: readonly string[]): Json {
    const told: Json = {};
    for (const [key, nodes] of this.#reading.fields(pointer.type, sets))
      told[key] = this.#field(pointer, nodes, [...path, key]);
    return told;
  }

  #field(pointer: Pointer, nodes: readonly FieldNode[], path: readonly string[]): unknown {
    const [node] = nodes;
    if (!node || node.name.value === '__typename') return pointer.type;
    const item = itemOf(this.#given.world, `${pointer.type}.${node.name.value}`);
    if (!item) throw new Error(`the world has no item ${pointer.type}.${node.name.value}`);
    if ('reason' in this.#judge.judge(item, node)) return null;
    if (item.composite && this.#judge.possible(item, nodes, TOP).stop) return null;
    try {
      return this.#value(item, { nodes, path, cell: this.#cell(item, pointer, node) });
    } catch (thrown) {
      if (!(thrown instanceof Broken) || item.nonNull) throw thrown;
      return null;
    }
  }

  #value(item: Item, at: { nodes: readonly FieldNode[]; path: readonly string[]; cell: Cell }): unknown {
    const { cell } = at;
    if (!item.list || !Array.isArray(cell)) return this.#promised(item.nonNull, this.#one(item, cell, at) ?? null);
    // What is null stays null in its place; a row that does not exist for the caller has none.
    const seen = (cell as readonly Cell[]).filter(
      (each) => !isPointer(each) || this.#exists(each) || this.#isUnasked(item, each, at),
    );
    const silent = EXCLUDED.silentLists && !item.nonNull;
    return seen.map((each) => {
      try {
        return this.#promised(item.itemNonNull, this.#one(item, each, at) ?? null, silent);
      } catch (thrown) {
        if (!(thrown instanceof Broken) || item.itemNonNull) throw thrown;
        return null;
      }
    });
  }

  /** Whether whoever keeps a row is not asked for it, as its type is refused here. */
  #isUnasked(item: Item, { type }: Pointer, { nodes }: { nodes: readonly FieldNode[] }): boolean {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return (
      EXCLUDED.hiddenRowsOfRefusedTypes &&
      typeOf(this.#given.world, type).keeper !== item.subgraph &&
      this.#judge.object(type, sets, TOP).stop !== undefined
    );
  }

  #one(item: Item, cell: Cell, { nodes, path }: { nodes: readonly FieldNode[]; path: readonly string[] }): unknown {
    if (!item.composite) {
      const masked = this.#judged.shown.find(
        (shown) => shown.coordinate === item.coordinate && shown.path.join('.') === path.join('.'),
      )?.mask;
      return masked ? maskValue(masked, cell) : cell;
    }
    if (!isPointer(cell) || !this.#exists(cell)) return null;
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    // Of a type that is refused here there is nothing to tell, of its neighbours there may be.
    if (this.#judge.object(cell.type, sets, TOP).stop) return null;
    return this.#object(cell, sets, path);
  }

  #promised(nonNull: boolean, value: unknown, silent = false): unknown {
    if (!nonNull || value !== null) return value;
    this.brokePromise ||= !silent;
    throw new Broken();
  }

  #exists(pointer: Pointer): boolean {
    const exists = this.#rows.exist(pointer);
    if (!exists) this.hidden += 1;
    return exists;
  }

  #cell(item: Item, pointer: Pointer, node: FieldNode): Cell {
    const { behaviour } = item;
    if (behaviour.kind === 'key') return pointer.key;
    if (behaviour.kind === 'cell') return this.#plain(item, pointer, this.#args(item, node)['style']);
    const { filter, ...by } = this.#args(item, node);
    const rows = [...tableOf(this.#given.world, item.subgraph.name, behaviour.of)]
      .filter(([key]) => this.#exists({ type: behaviour.of, key }))
      .filter(([, row]) => matches(by, row) && matches(filter, row))
      .map(([key]): Pointer => ({ type: behaviour.of, key }));
    return givenOf(rows, behaviour.give, filter);
  }

  /** What the department that has the item has of this row. */
  #plain(item: Item, pointer: Pointer, style?: unknown): Cell {
    const table = tableOf(this.#given.world, item.subgraph.name, item.type);
    const row = table.get(pointer.key);
    if (!row) return null;
    if (item.requires.length > 0) {
      const inputs = item.requires.flatMap((name) => itemOf(this.#given.world, `${item.type}.${name}`) ?? []);
      return derived(item, new Map(inputs.map((input) => [input.name, this.#plain(input, pointer)])));
    }
    const cell = row[item.name] ?? null;
    return typeof cell === 'string' && typeof style === 'string' ? `${cell}~${style}` : cell;
  }

  #args(item: Item, node: FieldNode): Record<string, unknown> {
    const field = (this.#given.schema.getType(item.type) as GraphQLObjectType).getFields()[item.name];
    return field ? getArgumentValues(field, node, this.#reading.variables) : {};
  }
}
