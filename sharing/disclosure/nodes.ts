import { earlierId, type EarlierCell, type SystemCell, type TableSystem } from './system.ts';

/** A cell of this release or of an earlier one. */
export interface CellNode {
  readonly id: string;
  readonly value: number;
  readonly kind: 'COUNT' | 'SUM';
  /** Of an earlier release: undefined where the cell is of this one. */
  readonly earlier?: EarlierCell;
  readonly cell?: SystemCell;
  /** What the latest release before its own that showed the number said. */
  readonly before: number | undefined;
  /** Of a sum: see `Since`. */
  readonly turnover: number | undefined;
  /** All that earlier releases than its own said it was: hidden, it is none of these, or it would have been shown. */
  readonly shownAs: readonly number[];
}

export interface NodeEquation {
  readonly total: number;
  readonly parts: readonly number[];
}

/** A system with every release in one list: cells of this release come first, in the order given. */
export interface Nodes {
  readonly list: readonly CellNode[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly equations: readonly NodeEquation[];
  /** Pairs that are one unknown: the same number with the same value in two releases. */
  readonly links: readonly (readonly [number, number])[];
}

/** Reads a system, and refuses one that contradicts itself: a wrong equation would let protection prove anything. */
export function nodesOf(system: TableSystem): Nodes {
  const list: CellNode[] = [];
  const indexOf = new Map<string, number>();
  const add = (node: CellNode): void => {
    checkValue(node);
    if (indexOf.has(node.id)) throw new RangeError(`Cell ${node.id} is given twice. Give each cell one id.`);
    indexOf.set(node.id, list.length);
    list.push(node);
  };
  const releases = system.earlier ?? [];
  const history = new History();
  const earlier: CellNode[] = [];
  const links: [string, string][] = [];
  const lastNode = new Map<string, CellNode[]>();
  const link = (node: CellNode, id: string): void => {
    const known = lastNode.get(id) ?? [];
    const same = known.find(({ value, kind }) => value === node.value && kind === node.kind);
    if (same === undefined) lastNode.set(id, [...known, node]);
    else links.push([node.id, same.id]);
  };
  for (const { name, cells } of releases) {
    for (const cell of cells) {
      const { value, kind } = cell;
      const node = { id: earlierId(name, cell.id), value, kind, earlier: cell, ...history.of(cell, [cell.id]) };
      earlier.push(node);
      link(node, cell.id);
    }
    history.add(cells.filter(wasShown));
  }
  for (const cell of system.cells) {
    const { id, value, kind, replaces = [id] } = cell;
    const node = { id, value, kind, cell, ...history.of(cell, replaces) };
    add(node);
    link(node, cell.id);
  }
  earlier.forEach(add);
  const equations = [
    ...system.equations.map((equation) => resolve(equation, indexOf, (id) => id)),
    ...releases.flatMap(({ name, equations: own }) =>
      own.map((equation) => resolve(equation, indexOf, (id) => earlierId(name, id))),
    ),
  ];
  for (const equation of equations) checkSum(equation, list);
  return {
    list,
    indexOf,
    equations,
    links: links.map(([left, right]) => [place(indexOf, left), place(indexOf, right)]),
  };
}

/** Whether this audience, or a wider one whose tables it reads too, was shown the value. */
export function wasShown({ status, wider }: EarlierCell): boolean {
  return status === 'SHOWN' || wider?.status === 'SHOWN';
}

type Told = Pick<EarlierCell, 'id' | 'value' | 'contributors' | 'rows'>;

/** What the releases so far have shown. */
class History {
  readonly #releases: ReadonlyMap<string, Told>[] = [];
  readonly #values = new Map<string, readonly number[]>();

  add(cells: readonly EarlierCell[]): void {
    this.#releases.push(new Map(cells.map((cell) => [cell.id, cell])));
    for (const { id, value } of cells) {
      const known = this.#values.get(id) ?? [];
      if (!known.includes(value)) this.#values.set(id, [...known, value]);
    }
  }

  /** @param ids of the cells whose sum it now is; once it was shown itself, that is what it is compared with. */
  of(
    cell: Told & Pick<EarlierCell, 'kind'>,
    ids: readonly string[],
  ): Pick<CellNode, 'before' | 'turnover' | 'shownAs'> {
    const shownAs = this.#values.get(cell.id) ?? [];
    const release = this.#releases.findLast((cells) => cells.has(cell.id) || ids.every((id) => cells.has(id)));
    const parts = (release?.has(cell.id) === true ? [cell.id] : ids).flatMap((id) => release?.get(id) ?? []);
    if (parts.length === 0) return { before: undefined, turnover: undefined, shownAs };
    const before = parts.reduce((sum, { value }) => sum + value, 0);
    return { before, turnover: cell.kind === 'SUM' ? turnoverOf(cell, parts) : undefined, shownAs };
  }
}

function turnoverOf(cell: Told, parts: readonly Told[]): number | undefined {
  const sizesOf = ({ contributors, rows }: Told): number[] =>
    contributors === undefined ? [] : [contributors, rows ?? contributors];
  const [now, before] = [sizesOf(cell), parts.map(sizesOf)];
  if (now.length === 0 || before.some((sizes) => sizes.length === 0)) return undefined;
  const differences = now.map((size, place) =>
    Math.abs(size - before.reduce((sum, sizes) => sum + (sizes[place] ?? 0), 0)),
  );
  return Math.min(...differences);
}

function checkValue({ id, value, cell }: CellNode): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`Cell ${id} is not a whole number from 0 to 2^53 − 1. Count in whole units, e.g. fen.`);
  }
  if (cell === undefined) return;
  if (cell.id.includes('@')) throw new RangeError(`The id of cell ${id} contains "@", which marks earlier releases.`);
  if (!Number.isSafeInteger(cell.threshold) || cell.threshold < 2) {
    throw new RangeError(`The threshold of cell ${id} is not a whole number of at least 2.`);
  }
  if (cell.kind === 'SUM' && cell.contributors === undefined) {
    throw new RangeError(`Cell ${id} is a sum without contributors. Say how many contribute to it.`);
  }
}

function resolve(
  { total, parts }: { readonly total: string; readonly parts: readonly string[] },
  indexOf: ReadonlyMap<string, number>,
  named: (id: string) => string,
): NodeEquation {
  return { total: place(indexOf, named(total)), parts: parts.map((part) => place(indexOf, named(part))) };
}

function place(indexOf: ReadonlyMap<string, number>, id: string): number {
  const index = indexOf.get(id);
  if (index === undefined) throw new RangeError(`An equation names the cell ${id}, which the system does not have.`);
  return index;
}

function checkSum({ total, parts }: NodeEquation, list: readonly CellNode[]): void {
  const sum = parts.reduce((so, part) => so + BigInt(list[part]?.value ?? 0), 0n);
  if (sum !== BigInt(list[total]?.value ?? 0)) {
    throw new RangeError(`The parts of ${list[total]?.id ?? ''} do not add up to it. Recount the cube.`);
  }
}
