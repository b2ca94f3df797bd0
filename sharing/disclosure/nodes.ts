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
  const shown: Map<string, number>[] = [];
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
      const node = { id: earlierId(name, cell.id), value, kind, earlier: cell, before: shownBefore([cell.id], shown) };
      earlier.push(node);
      link(node, cell.id);
    }
    shown.push(new Map(cells.filter(wasShown).map(({ id, value }) => [id, value])));
  }
  for (const cell of system.cells) {
    const { id, value, kind, replaces = [id] } = cell;
    const node = { id, value, kind, cell, before: shownBefore(replaces, shown) };
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

function shownBefore(ids: readonly string[], releases: readonly ReadonlyMap<string, number>[]): number | undefined {
  const release = releases.findLast((values) => ids.every((id) => values.has(id)));
  return release && ids.reduce((sum, id) => sum + (release.get(id) ?? 0), 0);
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
