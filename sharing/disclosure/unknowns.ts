import { Groups } from './groups.ts';
import { narrower, saidOf } from './knowledge.ts';
import { type Reading, saidEarlier, saidToWider } from './primary.ts';
import { equalByZeros } from './smallest.ts';
import type { Bounds, CellStatus, TableSystem } from './system.ts';

/** One number that a reader does not have, or would not if it were hidden. Several cells may be the same unknown. */
export interface Unknown {
  readonly index: number;
  readonly value: number;
  /** Indexes of the nodes that are this number. */
  readonly nodes: readonly number[];
  /** Equations it occurs in, with its coefficient: −1 as their total, 1 as a part. */
  readonly terms: readonly Term[];
  readonly cost: number;
  readonly required: Bounds | null;
  readonly width: number;
  /** Whether it must stay hidden if it is: not so what an earlier release hid only for the sake of others. */
  readonly confidential: boolean;
  /** What statuses say of it: as it is marked (or would be), and where PRIMARY gives way to SECONDARY. */
  readonly strict: Bounds;
  readonly relaxed: Bounds;
  /** Values that it cannot have, as it would be shown with them. */
  readonly excluded: readonly number[];
  /** Whether a single contributor is behind it, who knows it and reads what is published. */
  readonly isOfOne: boolean;
  readonly isSum: boolean;
  /** The status its cells of this release fail the rules with; SHOWN where they fail none. */
  readonly status: CellStatus;
}

export interface Term {
  readonly equation: number;
  readonly sign: number;
}

export interface Member {
  readonly unknown: number;
  readonly sign: number;
}

/** The system without what is known: Σ sign · deviation = 0 in every equation, for every other table that fits. */
export interface Unknowns {
  readonly list: readonly Unknown[];
  readonly equations: readonly (readonly Member[])[];
  /** Unknown of each node; −1 where it is known. */
  readonly ofNode: readonly number[];
}

export function unknownsOf(system: TableSystem, reading: Reading): Unknowns {
  const { nodes, known } = reading;
  const groups = new Groups(nodes.list.length);
  for (const [left, right] of [...nodes.links, ...equalByZeros(nodes)]) groups.join(left, right);
  const knownGroups = new Set(nodes.list.flatMap((_, index) => (known[index] === true ? [groups.of(index)] : [])));
  const members = new Map<number, number[]>();
  nodes.list.forEach((_, index) => {
    const group = groups.of(index);
    if (!knownGroups.has(group)) members.set(group, [...(members.get(group) ?? []), index]);
  });
  const ofNode = nodes.list.map(() => -1);
  [...members.values()].forEach((group, unknown) => {
    for (const node of group) ofNode[node] = unknown;
  });
  const equations = reduced(nodes.equations, ofNode);
  const terms = [...members.values()].map((): Term[] => []);
  equations.forEach((equation, index) => {
    for (const { unknown, sign } of equation) terms[unknown]?.push({ equation: index, sign });
  });
  const heights = heightsOf(reading);
  const list = [...members.values()].map((group, index) => ({
    index,
    nodes: group,
    terms: terms[index] ?? [],
    ...described(group, { system, reading, heights }),
  }));
  return { list, equations, ofNode };
}

/** Drops what is known, adds up what is the same, and drops equations that say nothing or the same again. */
function reduced(equations: Reading['nodes']['equations'], ofNode: readonly number[]): Member[][] {
  const seen = new Set<string>();
  const kept: Member[][] = [];
  for (const { total, parts } of equations) {
    const signs = new Map<number, number>();
    const add = (node: number, sign: number): void => {
      const unknown = ofNode[node] ?? -1;
      if (unknown >= 0) signs.set(unknown, (signs.get(unknown) ?? 0) + sign);
    };
    add(total, -1);
    for (const part of parts) add(part, 1);
    const members = [...signs].filter(([, sign]) => sign !== 0).map(([unknown, sign]) => ({ unknown, sign }));
    members.sort((left, right) => left.unknown - right.unknown);
    const name = members.map(({ unknown, sign }) => `${String(unknown)}*${String(sign)}`).join();
    if (members.length === 0 || seen.has(name)) continue;
    seen.add(name);
    kept.push(members);
  }
  return kept;
}

interface Surroundings {
  readonly system: TableSystem;
  readonly reading: Reading;
  readonly heights: readonly number[];
}

function described(group: readonly number[], { system, reading, heights }: Surroundings) {
  const { nodes, demands } = reading;
  let cost = 0;
  let required: Bounds | null = null;
  let width = 1;
  let confidential = false;
  let status: CellStatus = 'SHOWN';
  let isPublished = false;
  let isOfOne = false;
  const excluded: number[] = [];
  const free: Bounds = { lower: 0, upper: null };
  let strict = free;
  let relaxed = free;
  for (const index of group) {
    const node = nodes.list[index];
    const demand = demands[index];
    if (node === undefined) continue;
    excluded.push(...node.shownAs);
    isOfOne = isOfOne || isOfOneContributor(node);
    if (demand?.required != null) required = required === null ? demand.required : wholeOf(required, demand.required);
    confidential = confidential || demand?.confidential === true;
    width = Math.max(width, demand?.width ?? 1);
    for (const bounds of saidEarlier(node)) {
      strict = narrower(strict, bounds);
      relaxed = narrower(relaxed, bounds);
    }
    if (demand === undefined || node.cell === undefined) continue;
    cost += node.cell.cost ?? Math.log2(2 + node.value) * (1 + 4 * (heights[index] ?? 0));
    const own = demand.status === 'SHOWN' ? 'SECONDARY' : demand.status;
    const wider = saidToWider(node, node.cell, system);
    strict = [saidOf(node, own, demand.threshold), ...wider].reduce(narrower, strict);
    relaxed = [saidOf(node, 'SECONDARY', demand.threshold), ...wider].reduce(narrower, relaxed);
    // A number that is published under one name is not hidden because under another it would not be.
    if (demand.rules.length > 0) status = demand.status;
    else if (demand.status === 'SHOWN') isPublished = true;
  }
  const isThere = group.some((index) => nodes.list[index]?.cell !== undefined);
  if (isThere && !isPublished && status === 'SHOWN') status = 'SECONDARY';
  const first = nodes.list[group[0] ?? 0];
  const value = first?.value ?? 0;
  const isSum = first?.kind === 'SUM';
  return { value, cost, required, width, confidential, strict, relaxed, excluded, isOfOne, isSum, status };
}

/** Of a sum: its contributor knows it to the last digit, and with it what is left of every sum that it is a part of. */
export function isOfOneContributor({ kind, cell, earlier }: Reading['nodes']['list'][number]): boolean {
  return kind === 'SUM' && (cell ?? earlier)?.contributors === 1;
}

function wholeOf(left: Bounds, right: Bounds): Bounds {
  const upper = left.upper === null || right.upper === null ? null : Math.max(left.upper, right.upper);
  return { lower: Math.min(left.lower, right.lower), upper };
}

/** How many levels of totals a cell stands above the deepest of its parts. */
function heightsOf({ nodes }: Reading): number[] {
  const heights = nodes.list.map(() => 0);
  // Tables are a few levels deep; the limit only stops a circle of equations.
  for (let round = 0, changed = true; changed && round < 20; round++) {
    changed = false;
    for (const { total, parts } of nodes.equations) {
      const height = 1 + parts.reduce((most, part) => Math.max(most, heights[part] ?? 0), 0);
      if (parts.includes(total) || height <= (heights[total] ?? 0)) continue;
      heights[total] = height;
      changed = true;
    }
  }
  return heights;
}
