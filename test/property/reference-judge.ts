import { type FieldNode, getArgumentValues, type GraphQLObjectType, type SelectionSetNode } from 'graphql';
import type { AppliedMask } from '../../sharing/policy/mask.ts';
import { verdictOn } from './reference-decide.ts';
import { Reading } from './reference-read.ts';
import type { Case } from './case.ts';
import { type Argument, type Item, itemOf, possibleTypes, typeOf, type Use } from './world.ts';

type Path = readonly string[];

/** A position in the answer, list indexes left out, and the type of the row in which it lies. */
export interface Place {
  readonly path: Path;
  readonly row: string | undefined;
}

export const TOP: Place = { path: [], row: undefined };

/** Why a response path is null, list indexes left out. */
export interface Refused {
  readonly path: Path;
  readonly coordinate: string;
  readonly use: Use;
  readonly reason: string;
  /** Whether it stands above the item that is denied, as that must not be null. */
  readonly moved?: true;
}

/** An item that is used to answer, with the divisions for which it is allowed; undefined for all. */
export interface Used {
  readonly coordinate: string;
  /** The type of the row it is used on: the type it is asked of, or, of what hangs on a row, that of the row. */
  readonly row: string | undefined;
  readonly grants: readonly string[];
  readonly divisions: readonly string[] | undefined;
}

export interface Shown {
  readonly path: Path;
  readonly coordinate: string;
  readonly mask?: AppliedMask | undefined;
  /** The item itself unless masked, what its arguments read and what it is computed from. */
  readonly uses: readonly Used[];
}

export interface Judged {
  readonly refused: readonly Refused[];
  readonly shown: readonly Shown[];
  readonly used: readonly Used[];
  /** Whether a denied item makes the whole answer null. */
  readonly nothing: boolean;
}

/** What is found below one position; `stop` is the refusal that makes it null. */
interface Below {
  readonly refused: readonly Refused[];
  readonly shown: readonly Shown[];
  readonly stop?: Refused | undefined;
}

/** The verdict on one selected field. */
export type Judgement =
  | { readonly mask?: AppliedMask | undefined; readonly uses: readonly Omit<Used, 'row'>[] }
  | Omit<Refused, 'path' | 'moved'>;

/** Judges every selected field without looking at a row. */
export class Judge {
  readonly #given: Case;
  readonly #reading: Reading;
  /** Items shown in the answer, known when all of it has been judged once. */
  #answered: ReadonlySet<string> = new Set();

  constructor(given: Case) {
    this.#given = given;
    this.#reading = new Reading(given);
  }

  operation(): Judged {
    this.#answered = new Set(this.#all().shown.map(({ coordinate }) => coordinate));
    const { refused, shown, stop } = this.#all();
    return {
      refused: stop ? [...refused, { ...stop, path: [], moved: true }] : refused,
      shown,
      used: shown.flatMap(({ uses }) => uses),
      nothing: stop !== undefined,
    };
  }

  #all(): Below {
    return this.object('Query', [this.#reading.operation.selectionSet], TOP);
  }

  /** Every field of one type in the order of the document, until one that is denied must not be null. */
  object(type: string, sets: readonly SelectionSetNode[], { path, row: above }: Place): Below {
    const { scoped, personal, resource } = typeOf(this.#given.world, type);
    const row = scoped || personal || resource ? type : above;
    const refused: Refused[] = [];
    const shown: Shown[] = [];
    for (const [key, nodes] of this.#reading.fields(type, sets)) {
      const below = this.#field(type, nodes, { path: [...path, key], row });
      refused.push(...below.refused);
      if (below.stop) return { refused, shown: [], stop: below.stop };
      shown.push(...below.shown);
    }
    return { refused, shown };
  }

  #field(type: string, nodes: readonly FieldNode[], place: Place): Below {
    const { path, row } = place;
    const [node] = nodes;
    const name = node?.name.value ?? '';
    if (!node || name === '__typename') return { refused: [], shown: [] };
    const item = itemOf(this.#given.world, `${type}.${name}`);
    if (!item) throw new Error(`the world has no item ${type}.${name}`);
    const judgement = this.judge(item, node);
    if ('reason' in judgement) return refuse(item, { ...judgement, path }, []);
    const uses = judgement.uses.map((each) => ({ ...each, row }));
    const shown: Shown = { path, coordinate: item.coordinate, mask: judgement.mask, uses };
    if (!item.composite) return { refused: [], shown: [shown] };
    const below = this.possible(item, nodes, place);
    if (below.stop) return refuse(item, { ...below.stop, path, moved: true }, below.refused);
    return { refused: below.refused, shown: [...below.shown, shown] };
  }

  /** Below a field: of an abstract type each type for itself, and one that is refused is null by itself where it may be. */
  possible(item: Item, nodes: readonly FieldNode[], place: Place): Below {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (!this.#given.world.abstracts.has(item.output)) return this.object(item.output, sets, place);
    const refused: Refused[] = [];
    const shown: Shown[] = [];
    const mayBeNull = item.list ? !item.itemNonNull : !item.nonNull;
    for (const type of possibleTypes(this.#given.world, item.output)) {
      const below = this.object(type, sets, place);
      refused.push(...below.refused);
      if (below.stop && !mayBeNull) return { refused, shown: [], stop: below.stop };
      if (below.stop) refused.push({ ...below.stop, path: place.path, moved: true });
      shown.push(...below.shown);
    }
    return { refused, shown };
  }

  /** A field may be shown if the caller may read it, what its arguments read, and all it is computed from. */
  judge(item: Item, node: FieldNode): Judgement {
    const { coordinate } = item;
    const own = verdictOn(this.#given, coordinate, 'OUTPUT');
    if (own.kind === 'DENY') return { coordinate, use: 'OUTPUT', reason: own.reason };
    // A mask is of a value: an object has none.
    if (own.kind === 'MASK' && item.composite) return { coordinate, use: 'OUTPUT', reason: 'NO_GRANT' };
    const uses: Omit<Used, 'row'>[] = own.kind === 'ALLOW' ? [{ ...own, coordinate }] : [];
    for (const needed of [...this.#reads(item, node), ...this.#computedFrom(item)]) {
      const verdict = verdictOn(this.#given, needed.coordinate, needed.use);
      if (verdict.kind === 'DENY') return { ...needed, reason: verdict.reason };
      // What is masked may not be read by another way.
      if (verdict.kind === 'MASK') return { ...needed, reason: 'NO_GRANT' };
      uses.push({ ...verdict, coordinate: needed.coordinate });
    }
    return { uses, mask: own.kind === 'MASK' ? this.#stricter(item, own.mask) : undefined };
  }

  /** An argument reads its items if it has a value once defaults are filled in; null is a value. */
  #reads(item: Item, node: FieldNode): { coordinate: string; use: Use }[] {
    const type = this.#given.schema.getType(item.type) as GraphQLObjectType;
    const field = type.getFields()[item.name];
    if (!field) throw new Error(`the schema has no ${item.coordinate}`);
    return this.#readBy(item.args, getArgumentValues(field, node, this.#reading.variables));
  }

  #readBy(slots: readonly Argument[], values: Readonly<Record<string, unknown>>): { coordinate: string; use: Use }[] {
    return slots.flatMap(({ name, type, reads }) => {
      if (!(name in values)) return [];
      const own = (reads?.items ?? []).map((coordinate) => ({ coordinate, use: reads?.use ?? 'FILTER' }));
      const input = this.#given.world.inputs.get(type.replace(/[[\]!]/gu, ''));
      const inner = [values[name]].flat().filter((value) => typeof value === 'object' && value !== null);
      return [...own, ...inner.flatMap((value) => this.#readBy(input?.fields ?? [], value as Record<string, unknown>))];
    });
  }

  /** What it is computed from, and what that in turn is computed from. */
  #computedFrom(item: Item): { coordinate: string; use: Use }[] {
    const found = new Set<string>();
    const follow = ({ type, requires }: Item): void => {
      for (const name of requires) {
        const coordinate = `${type}.${name}`;
        if (found.has(coordinate)) continue;
        found.add(coordinate);
        const input = itemOf(this.#given.world, coordinate);
        if (input) follow(input);
      }
    };
    follow(item);
    return [...found].map((coordinate) => ({ coordinate, use: 'OUTPUT' }));
  }

  /**
   * Six and four digits of a resident number are the whole of it beside the date of birth, and who may have that compared
   * finds it: then only the region is shown.
   */
  #stricter({ type }: Item, mask: AppliedMask): AppliedMask {
    if (mask !== 'RESIDENT_NUMBER') return mask;
    const dates = typeOf(this.#given.world, type).items.filter(({ sharing }) => sharing?.mask === 'YEAR');
    const tells = (coordinate: string): boolean =>
      EVERY_USE.some((use) => verdictOn(this.#given, coordinate, use).kind === 'ALLOW');
    return dates.some(({ coordinate }) => this.#answered.has(coordinate) || tells(coordinate))
      ? 'RESIDENT_REGION'
      : mask;
  }
}

const EVERY_USE: readonly Use[] = ['OUTPUT', 'LOOKUP', 'VERIFY', 'FILTER'];

/** Null where the field may be null; else whatever is above it is refused. */
function refuse(item: Item, refused: Refused, before: readonly Refused[]): Below {
  return item.nonNull ? { refused: before, shown: [], stop: refused } : { refused: [...before, refused], shown: [] };
}
