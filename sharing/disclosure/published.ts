import type { Row } from './elimination.ts';
import { narrower, saidOf } from './knowledge.ts';
import type { NodeEquation } from './nodes.ts';
import { type Reading, readSystem, saidEarlier, saidToWider } from './primary.ts';
import type { Bounds, CellStatus, Protection, TableSystem } from './system.ts';

/** What a reader of one release has, and what it is about. */
export interface Published {
  readonly reading: Reading;
  /** Nodes whose value is not published, in the connected parts that have cells of this release. */
  readonly hidden: readonly number[];
  /** The first of the nodes that are one unknown with each, by being the same number with the same value. */
  readonly sameAs: readonly number[];
  /** What is said of each node, or of another that is the same; null where its value itself is. */
  readonly said: readonly (Bounds | null)[];
  /** All equations with their unknown nodes only, each by the first that is the same. */
  readonly rows: readonly Row[];
  /** The equations and links of each node: a witness moves few of them. */
  readonly touching: Touching;
  /** Nodes that are said to be narrowed; of counts that changed by few the width is then not asked for. */
  readonly narrowed: ReadonlySet<number>;
  /** The same if this release showed no more than it must. */
  readonly leastPublished: Pick<Published, 'said' | 'rows'>;
}

interface Touching {
  readonly equations: ReadonlyMap<number, readonly NodeEquation[]>;
  readonly links: ReadonlyMap<number, readonly (readonly [number, number])[]>;
}

export function readPublished(system: TableSystem, { cells, narrowed }: Protection): Published {
  const reading = readSystem(system);
  const { nodes, demands, known } = reading;
  const sameAs = firstOfSame(reading);
  const saidIf = (statusOf: (id: string) => CellStatus): (Bounds | null)[] => {
    const each = nodes.list.map((node, index): Bounds | null => {
      if (known[index] === true) return null;
      const start: Bounds = { lower: 0, upper: null };
      if (node.cell === undefined) return saidEarlier(node).reduce(narrower, start);
      const status = statusOf(node.id);
      if (status === 'SHOWN') return null;
      const own = saidOf(node, status, demands[index]?.threshold ?? node.cell.threshold);
      return [own, ...saidToWider(node, node.cell, system)].reduce(narrower, start);
    });
    return together(each, sameAs);
  };
  const said = saidIf((id) => cells.get(id)?.status ?? 'SHOWN');
  const rows = openRows(reading, said, sameAs);
  const least = saidIf(() => 'SECONDARY');
  return {
    reading,
    said,
    rows,
    sameAs,
    touching: touchingOf(reading),
    hidden: reachable(reading, { said, rows, sameAs }),
    narrowed: new Set(narrowed.map((id) => nodes.indexOf.get(id) ?? -1)),
    leastPublished: { said: least, rows: openRows(reading, least, sameAs) },
  };
}

function touchingOf({ nodes }: Reading): Touching {
  const equations = new Map<number, NodeEquation[]>();
  const links = new Map<number, (readonly [number, number])[]>();
  const add = <Item>(lists: Map<number, Item[]>, node: number, item: Item): void => {
    const list = lists.get(node);
    if (list === undefined) lists.set(node, [item]);
    else list.push(item);
  };
  for (const equation of nodes.equations)
    for (const node of [equation.total, ...equation.parts]) add(equations, node, equation);
  for (const link of nodes.links) for (const node of link) add(links, node, link);
  return { equations, links };
}

function firstOfSame({ nodes }: Reading): number[] {
  const first = nodes.list.map((_, node) => node);
  const of = (node: number): number => {
    const up = first[node] ?? node;
    return up === node ? node : of(up);
  };
  for (const [left, right] of nodes.links) first[Math.max(of(left), of(right))] = Math.min(of(left), of(right));
  return first.map((_, node) => of(node));
}

/** What is said of any of them is said of all. */
function together(each: readonly (Bounds | null)[], sameAs: readonly number[]): (Bounds | null)[] {
  const all = new Map<number, Bounds | null>();
  for (const [node, bounds] of each.entries()) {
    const first = sameAs[node] ?? node;
    const known = all.get(first);
    all.set(first, bounds === null || known === null ? null : known === undefined ? bounds : narrower(known, bounds));
  }
  return sameAs.map((first) => all.get(first) ?? null);
}

function openRows({ nodes }: Reading, said: Published['said'], sameAs: readonly number[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { total, parts } of nodes.equations) {
    const row = new Map<number, bigint>();
    for (const [node, sign] of [[total, -1n] as const, ...parts.map((part) => [part, 1n] as const)]) {
      const first = sameAs[node] ?? node;
      if (said[first] !== null) row.set(first, (row.get(first) ?? 0n) + sign);
    }
    for (const [node, sign] of row) if (sign === 0n) row.delete(node);
    if (row.size > 0) rows.set([...row].sort().map(String).join(), row);
  }
  return [...rows.values()];
}

/** Hidden cells of this release, and those of earlier ones that may not be told and that it could tell something about. */
function reachable(
  { nodes, demands }: Reading,
  { said, rows, sameAs }: Pick<Published, 'said' | 'rows' | 'sameAs'>,
): number[] {
  const users = new Map<number, Row[]>();
  for (const row of rows) for (const node of row.keys()) users.set(node, [...(users.get(node) ?? []), row]);
  const seen = new Set<number>();
  for (const [node, { cell }] of nodes.list.entries()) {
    if (cell !== undefined && said[node] !== null) seen.add(sameAs[node] ?? node);
  }
  for (const node of seen) for (const row of users.get(node) ?? []) for (const other of row.keys()) seen.add(other);
  const hidden = [...nodes.list.keys()].filter((node) => said[node] !== null && seen.has(sameAs[node] ?? node));
  return hidden.filter((node) => demands[node]?.confidential === true);
}
