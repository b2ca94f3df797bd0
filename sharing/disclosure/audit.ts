import { families } from './contributors.ts';
import { determined } from './elimination.ts';
import { type Interval, intervals } from './interval.ts';
import type { Reading } from './primary.ts';
import { type Published, readPublished } from './published.ts';
import { loadSolver, type Solver } from './solver.ts';
import type { CellStatus, Finding, Protection, TableSystem, Witness } from './system.ts';
import { isOfOneContributor } from './unknowns.ts';

export interface AuditOptions {
  /**
   * UNPROVEN: linear programs only for cells that no witness proves safe. EVERY: for all hidden cells, so that the answer
   * does not rest on the witnesses.
   */
  readonly bounds?: 'UNPROVEN' | 'EVERY';
  readonly signal?: AbortSignal | undefined;
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
  { bounds = 'EVERY', signal }: AuditOptions = {},
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
  const found = await boundsOf(solver, published, { asked, said: published.said, rows: published.rows, signal });
  const open = published.hidden.filter((node) => !isProven(node, published, proven));
  // What nothing that this release hides or shows could change: its zeros, the statuses, and what is published already.
  const unavoidable = await boundsOf(solver, published, { asked: open, ...published.leastPublished, signal });
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
  const known = new Set(findings.map(({ id }) => id));
  for (const id of toldToContributors(published, protection.witnesses))
    if (!known.has(id))
      findings.push(finding(id, 'TOLD_TO_A_CONTRIBUTOR', 'may be told to the only contributor of another'));
  return findings;
}

/** Sums that fail a rule and of which no witness moves them while the cell of some single contributor stays as it is. */
function toldToContributors({ reading, hidden, sameAs, rows }: Published, witnesses: readonly Witness[]): string[] {
  const { list, indexOf } = reading.nodes;
  const sums = hidden.filter((node) => list[node]?.kind === 'SUM' && reading.demands[node]?.required != null);
  if (sums.length === 0) return [];
  const family = families(
    list.length,
    rows.map((row) => [...row].map(([node, sign]) => [node, Number(sign)] as const)),
  );
  const first = (node: number): number => sameAs[node] ?? node;
  const ofOne = new Set(list.flatMap((node, index) => (isOfOneContributor(node) ? [first(index)] : [])));
  const moved = witnesses.map((witness) => new Set([...witness.keys()].map((id) => first(indexOf.get(id) ?? -1))));
  return sums.flatMap((node) => {
    const moving = moved.filter((each) => each.has(first(node)));
    const isTold = [...(moving[0] ?? [])].some((other) => {
      if (!ofOne.has(other) || family(other) === family(first(node))) return false;
      return moving.every((each) => each.has(other));
    });
    return isTold ? [list[node]?.id ?? ''] : [];
  });
}

/**
 * Hidden cells of this release that the equations determine, by id. Of cells that pass the rules that is no finding, but a later
 * release has to know that they were told.
 */
export function computable(system: TableSystem, protection: Protection): Set<string> {
  const { reading, rows, sameAs } = readPublished(system, protection);
  const exact = determined(rows);
  return new Set(
    system.cells.flatMap(({ id }, node) =>
      exact.has(sameAs[node] ?? node) && reading.known[node] !== true ? [id] : [],
    ),
  );
}

/** Bounds are found in floating point; values are whole, so an error this large is far from deciding anything. */
const CLOSE = 1e-6;

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
    if (nodes.list[node]?.shownAs.some((each) => BigInt(each) === value) === true) return id;
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
  readonly signal: AbortSignal | undefined;
}

async function boundsOf(
  solver: Solver,
  { reading, sameAs }: Published,
  { asked, said, rows, signal }: Asked,
): Promise<Map<number, Interval>> {
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
  const found = await intervals(solver, program, { asked: columns, signal });
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
