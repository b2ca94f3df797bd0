import { determined, type Row } from './elimination.ts';
import { type Interval, intervals } from './interval.ts';
import { narrower, saidOf } from './knowledge.ts';
import type { NodeEquation } from './nodes.ts';
import { type Reading, readSystem, saidEarlier, saidToWider } from './primary.ts';
import { loadSolver, type Solver } from './solver.ts';
import type { Bounds, CellStatus, Finding, Protection, TableSystem, Witness } from './system.ts';

export interface AuditOptions {
  /**
   * UNPROVEN: linear programs only for cells that no witness proves safe. EVERY: for all hidden cells, so that the answer
   * does not rest on the witnesses.
   */
  readonly bounds?: 'UNPROVEN' | 'EVERY';
}

/**
 * Attacks what would be published, with all that a reader knows, and says what is learnt. Empty: safe. Shares the reading of
 * the rules with `protect`, and nothing of how it protects: statuses are checked against the rules, witnesses are recomputed
 * in whole numbers, exact elimination looks for hidden numbers that the equations determine, linear programs for those
 * that equations and bounds together narrow further than the rules allow.
 */
export async function auditProtection(
  system: TableSystem,
  protection: Protection,
  { bounds = 'EVERY' }: AuditOptions = {},
): Promise<Finding[]> {
  const published = readPublished(system, protection);
  const findings = [...statusFindings(system, protection, published.reading)];
  const proven = new Map<number, { up: number; down: number }>();
  protection.witnesses.forEach((witness, index) => {
    const wrong = flawOf(witness, published);
    if (wrong !== undefined)
      findings.push(finding(wrong, 'FALSE_WITNESS', `witness ${String(index + 1)} does not fit what is published`));
    else for (const [id, by] of witness) note(proven, published.reading.nodes.indexOf.get(id) ?? -1, by);
  });
  const exact = determined(published.rows);
  const asked = published.hidden.filter((node) => bounds === 'EVERY' || !isProven(node, published, proven));
  const solver = await loadSolver();
  const found = boundsOf(solver, published, { asked, said: published.said, rows: published.rows });
  const open = published.hidden.filter((node) => !isProven(node, published, proven));
  // What nothing that this release hides or shows could change: its zeros, the statuses, and what is published already.
  const unavoidable = boundsOf(solver, published, { asked: open, ...published.leastPublished });
  for (const node of published.hidden) {
    const id = published.reading.nodes.list[node]?.id ?? '';
    const interval = found.get(node);
    if (
      exact.has(published.sameAs[node] ?? node) ||
      (interval !== undefined && interval.upper - interval.lower < CLOSE)
    ) {
      findings.push(finding(id, 'EXACTLY_DETERMINED', 'can be computed from what is shown'));
    } else if (
      !isProven(node, published, proven, unavoidable) ||
      (interval && !reaches(node, published, interval, unavoidable))
    ) {
      findings.push(finding(id, 'INTERVAL_TOO_NARROW', 'is not proven to be open over its whole protection interval'));
    }
  }
  return findings;
}

/** Bounds are found in floating point; values are whole, so an error this large is far from deciding anything. */
const CLOSE = 1e-6;

interface Published {
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

function readPublished(system: TableSystem, { cells, narrowed }: Protection): Published {
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

function* statusFindings(system: TableSystem, { cells }: Protection, reading: Reading): Generator<Finding> {
  for (const [index, { id }] of system.cells.entries()) {
    const status: CellStatus | undefined = cells.get(id)?.status;
    const demand = reading.demands[index];
    if (status === undefined || demand === undefined) yield finding(id, 'STATUS_MISSING', 'has no status');
    else if (status === 'SHOWN') {
      if (demand.rules.length > 0) yield finding(id, 'RULE_NOT_APPLIED', 'fails a rule and is shown');
    } else if (system.wider?.protection.cells.get(id)?.status === 'SHOWN') {
      yield finding(id, 'SHOWN_TO_WIDER_BUT_HIDDEN', 'is hidden here and shown to the wider audience');
    } else if (reading.known[index] === true)
      yield finding(id, 'KNOWN_VALUE_HIDDEN', 'is hidden though its value is known');
    else if (status === 'PRIMARY' && demand.status !== 'PRIMARY') {
      yield finding(id, 'FALSE_STATUS', 'says PRIMARY where that says too much or is not so');
    }
  }
}

/** The cell at which a witness contradicts what is published, or undefined where it fits. */
function flawOf(witness: Witness, { reading, said, touching }: Published): string | undefined {
  const { nodes } = reading;
  const moved = new Map<number, bigint>();
  for (const [id, by] of witness) {
    const node = nodes.indexOf.get(id);
    if (node === undefined || !Number.isSafeInteger(by)) return id;
    const bounds = said[node];
    const value = BigInt(nodes.list[node]?.value ?? 0) + BigInt(by);
    if (bounds === null || bounds === undefined || value < BigInt(bounds.lower)) return id;
    if (bounds.upper !== null && value > BigInt(bounds.upper)) return id;
    moved.set(node, BigInt(by));
  }
  const by = (node: number): bigint => moved.get(node) ?? 0n;
  for (const equation of new Set([...moved.keys()].flatMap((node) => touching.equations.get(node) ?? []))) {
    const { total, parts } = equation;
    if (parts.reduce((sum, part) => sum + by(part), 0n) !== by(total)) return nodes.list[total]?.id;
  }
  for (const [node] of moved) {
    if (touching.links.get(node)?.some(([left, right]) => by(left) !== by(right)) === true) return nodes.list[node]?.id;
  }
  return undefined;
}

function note(proven: Map<number, { up: number; down: number }>, node: number, by: number): void {
  const known = proven.get(node) ?? { up: 0, down: 0 };
  proven.set(node, { up: Math.max(known.up, by), down: Math.max(known.down, -by) });
}

type Reached = ReadonlyMap<number, { readonly up: number; readonly down: number }>;
type Unavoidable = ReadonlyMap<number, Interval>;

function isProven(node: number, published: Published, proven: Reached, unavoidable: Unavoidable = new Map()): boolean {
  const { up, down } = proven.get(node) ?? { up: 0, down: 0 };
  const value = published.reading.nodes.list[node]?.value ?? 0;
  return up + down > 0 && reaches(node, published, { lower: value - down, upper: value + up }, unavoidable);
}

function reaches(
  node: number,
  { reading, narrowed }: Published,
  interval: Interval,
  unavoidable: Unavoidable,
): boolean {
  const { required = null, width = 1 } = reading.demands[node] ?? {};
  if (interval.upper - interval.lower < (narrowed.has(node) ? 1 : width) - CLOSE) return false;
  if (required === null) return true;
  const left = unavoidable.get(node) ?? { lower: -Infinity, upper: Infinity };
  const lower = Math.max(required.lower, -floor(-left.lower));
  const upper = Math.min(required.upper ?? interval.upper, floor(left.upper));
  return interval.lower <= lower + CLOSE && interval.upper >= upper - CLOSE;
}

function floor(value: number): number {
  return Math.floor(value + CLOSE);
}

interface Asked extends Pick<Published, 'said' | 'rows'> {
  readonly asked: readonly number[];
}

function boundsOf(solver: Solver, { reading, sameAs }: Published, { asked, said, rows }: Asked): Map<number, Interval> {
  if (asked.length === 0) return new Map();
  const unknown = said.flatMap((bounds, node) => (bounds === null || sameAs[node] !== node ? [] : [node]));
  const column = new Map(unknown.map((node, index) => [node, index]));
  const value = (node: number): number => reading.nodes.list[node]?.value ?? 0;
  const program = {
    // Around the true values: a solver must not lose the small numbers beside the large.
    lower: unknown.map((node) => (said[node]?.lower ?? 0) - value(node)),
    upper: unknown.map((node) => (said[node]?.upper ?? Infinity) - value(node)),
    rows: rows.map((row) => ({
      columns: [...row.keys()].map((node) => column.get(node) ?? 0),
      signs: [...row.values()].map(Number),
      side: 0,
    })),
  };
  const columnOf = (node: number): number => column.get(sameAs[node] ?? node) ?? 0;
  const columns = [...new Set(asked.map(columnOf))];
  const found = intervals(solver, program, columns);
  return new Map(
    asked.map((node) => {
      const { lower, upper } = found.get(columnOf(node)) ?? { lower: 0, upper: 0 };
      return [node, { lower: lower + value(node), upper: upper + value(node) }];
    }),
  );
}

function finding(id: string, problem: Finding['problem'], what: string): Finding {
  return { id, problem, sentence: `Cell ${id} ${what}. Do not publish this release; hide more or leave a table out.` };
}
