import { changedByFew, changeProtection } from './change.ts';
import { dominanceProtection, dominates } from './dominance.ts';
import { narrower, saidOf } from './knowledge.ts';
import { type CellNode, type Nodes, nodesOf, wasShown } from './nodes.ts';
import { pPercentProtection, tooClose } from './p-percent.ts';
import { equalByZeros, smallestByZeros } from './smallest.ts';
import type { Bounds, CellStatus, EarlierCell, PrimaryRule, SystemCell, TableSystem } from './system.ts';
import { belowThreshold, contributorsOf } from './threshold.ts';

/** What the rules say of one cell of this release, before anything is hidden to protect it. */
export interface Demand {
  readonly rules: readonly PrimaryRule[];
  /** The status it is published with where it is hidden for itself. */
  readonly status: CellStatus;
  /** The largest threshold among the cells it is known to equal: they are one number, so one rule holds for them. */
  readonly threshold: number;
  /** Values that must stay possible; null where no rule is failed. Never wider than earlier and wider statuses allow. */
  readonly required: Bounds | null;
  /** How far apart the ends of the interval must be, wherever it lies; 1 where the value only must not be told. */
  readonly width: number;
  /** Whether, hidden, it may not be told: not so what an earlier release hid only for the sake of others. */
  readonly confidential: boolean;
}

export interface Reading {
  readonly nodes: Nodes;
  /** By index of the node. An earlier release's demand is what its statuses left open then, which must stay open. */
  readonly demands: readonly Demand[];
  /** By index of the node: shown for good, by this release (a zero), an earlier one or to a wider audience. */
  readonly known: readonly boolean[];
}

/** Applies every rule to every cell. Pure: the same system always reads the same. */
export function readSystem(system: TableSystem): Reading {
  const nodes = withSharedThresholds(nodesOf(system));
  const least = smallestByZeros(nodes);
  const thresholds = sharedThresholds(nodes);
  const partners = partnersOf(nodes);
  const demands = nodes.list.map((node, index) => {
    const threshold = thresholds[index] ?? 0;
    const { cell, earlier } = node;
    const same = [...(partners.get(index) ?? [index])];
    const told = same.flatMap((partner) => saidEarlier(nodes.list[partner]));
    if (cell !== undefined) told.push(...saidToWider(node, cell, system));
    const smallest = least[index] ?? 0;
    const demand =
      cell === undefined ? demandOfEarlier(node, earlier, smallest) : demandOf({ ...cell, threshold }, node, smallest);
    if (demand.required === null) return demand;
    const shownAs = same.flatMap((partner) => nodes.list[partner]?.shownAs ?? []);
    return { ...demand, required: without(shownAs, told.reduce(narrower, demand.required)) };
  });
  return { nodes, demands, known: nodes.list.map((node) => isKnown(node, system)) };
}

function demandOf(cell: SystemCell, node: CellNode, least: number): Demand {
  const { value, threshold } = cell;
  const small = belowThreshold(cell) && cell.structuralZero !== true;
  const base = { threshold, rules: rulesOf(cell, node), width: 1, confidential: true };
  if (base.rules.length === 0) {
    const isHidden = cell.hidden === true;
    return { ...base, status: isHidden ? 'SECONDARY' : 'SHOWN', required: null, confidential: !isHidden };
  }
  if (cell.kind === 'SUM') {
    const reach = Math.max(
      pPercentProtection(cell),
      base.rules.includes('DOMINANCE') ? dominanceProtection(cell) : 1,
      base.rules.includes('CHANGE') ? changeProtection(value, node.before ?? value) : 1,
    );
    return { ...base, status: 'PRIMARY', required: { lower: Math.max(0, value - reach), upper: value + reach } };
  }
  if (small) {
    // PRIMARY would say of a total that its parts, one at least each, add up to less than the threshold.
    const status = least > 1 ? 'SECONDARY' : 'PRIMARY';
    return { ...base, status, required: { lower: least, upper: threshold - 1 } };
  }
  // As wide as that of a small count, but wherever it falls: how many came or went must be as open as how many are few. PRIMARY
  // would say within what it changed: that two parts of a total that grew by two are so marked says that each grew by one.
  return { ...base, status: 'SECONDARY', required: null, width: Math.max(1, threshold - 2) };
}

function demandOfEarlier(node: CellNode, earlier: EarlierCell | undefined, least: number): Demand {
  const { value, kind } = node;
  const { status = 'SHOWN', threshold = 0 } = earlier ?? {};
  const small = status !== 'SHOWN' && kind === 'COUNT' && value < threshold;
  const required = small ? { lower: least, upper: threshold - 1 } : null;
  const isStirred = status !== 'SHOWN' && earlier !== undefined && changedByFew(earlier, node);
  return { rules: [], status, threshold, width: 1, required, confidential: small || isStirred || status === 'PRIMARY' };
}

function rulesOf(cell: SystemCell, node: CellNode): PrimaryRule[] {
  if (cell.structuralZero === true || cell.unruled === true || contributorsOf(cell) === 0) return [];
  const rules: PrimaryRule[] = [];
  if (belowThreshold(cell)) rules.push('THRESHOLD');
  if (dominates(cell)) rules.push('DOMINANCE');
  if (tooClose(cell)) rules.push('P_PERCENT');
  if (changedByFew(cell, node)) rules.push('CHANGE');
  return rules;
}

function isKnown(node: CellNode, { wider }: TableSystem): boolean {
  const { cell, earlier, id } = node;
  if (earlier !== undefined) return wasShown(earlier);
  if (cell === undefined || contributorsOf(cell) === 0 || cell.structuralZero === true) return true;
  return wider?.protection.cells.get(id)?.status === 'SHOWN';
}

/** What a hidden cell of an earlier release was said to be, to this audience and to a wider one. */
export function saidEarlier(node: CellNode | undefined): Bounds[] {
  if (node?.earlier === undefined) return [];
  const { status, threshold, wider } = node.earlier;
  const told = [{ status, threshold }, ...(wider === undefined ? [] : [wider])];
  return told.flatMap((told) => (told.status === 'SHOWN' ? [] : [saidOf(node, told.status, told.threshold)]));
}

/** What a wider audience is told of the same cell in this release. */
export function saidToWider(node: CellNode, cell: SystemCell, { wider }: TableSystem): Bounds[] {
  const told = wider?.protection.cells.get(cell.id);
  if (told === undefined || told.status === 'SHOWN') return [];
  return [saidOf({ ...node, before: told.before ?? undefined }, told.status, told.threshold)];
}

/** The interval without ends at which the number would be shown, as it was before. */
function without(values: readonly number[], { lower, upper }: Bounds): Bounds {
  let [from, to] = [lower, upper];
  while (values.includes(from) && (to === null || from < to)) from += 1;
  while (to !== null && values.includes(to) && from < to) to -= 1;
  return { lower: from, upper: to };
}

/** An earlier release hid by the largest threshold among the cells that were one number then, and is read so. */
function withSharedThresholds(nodes: Nodes): Nodes {
  const list = [...nodes.list];
  const isOfOneRelease = ([left, right]: readonly [number, number]): boolean =>
    list[left]?.earlier !== undefined && list[right]?.earlier !== undefined;
  for (const group of new Set(joined(equalByZeros(nodes).filter(isOfOneRelease)).values())) {
    const members = [...group].flatMap((index) => list[index]?.earlier ?? []);
    const threshold = Math.max(...members.map((each) => each.threshold));
    const toWider = Math.max(...members.map(({ wider }) => wider?.threshold ?? 0));
    for (const index of group) {
      const node = list[index];
      if (node?.earlier === undefined) continue;
      const wider = node.earlier.wider && { ...node.earlier.wider, threshold: toWider };
      list[index] = { ...node, earlier: { ...node.earlier, threshold, ...(wider && { wider }) } };
    }
  }
  return { ...nodes, list };
}

/** Cells that are known to be the same number, from zeros or from an earlier release, directly or at some remove. */
function partnersOf(nodes: Nodes): Map<number, Set<number>> {
  return joined([...nodes.links, ...equalByZeros(nodes)]);
}

function joined(pairs: readonly (readonly [number, number])[]): Map<number, Set<number>> {
  const groups = new Map<number, Set<number>>();
  for (const [left, right] of pairs) {
    const group = new Set([left, right, ...(groups.get(left) ?? []), ...(groups.get(right) ?? [])]);
    for (const member of group) groups.set(member, group);
  }
  return groups;
}

function sharedThresholds(nodes: Nodes): number[] {
  const thresholds = nodes.list.map(({ cell }) => cell?.threshold ?? 0);
  for (const group of new Set(partnersOf(nodes).values())) {
    const shared = Math.max(...[...group].map((member) => thresholds[member] ?? 0));
    for (const member of group) if (nodes.list[member]?.cell !== undefined) thresholds[member] = shared;
  }
  return thresholds;
}
