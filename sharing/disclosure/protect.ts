import { determined } from './elimination.ts';
import { Plan } from './plan.ts';
import { type Reading, readSystem } from './primary.ts';
import { secure } from './secondary.ts';
import { loadSolver } from './solver.ts';
import type {
  CellStatus,
  Protection,
  ProtectOptions,
  ProtectedCell,
  TableSystem,
  Unprotected,
  Witness,
} from './system.ts';
import { type Unknowns, unknownsOf } from './unknowns.ts';

/**
 * Decides what this audience is told of every cell, so that nothing it reads, in this release and all earlier ones together,
 * tells a hidden number or narrows it further than the rules allow. The same system always gives the same answer.
 * What cannot be protected is in `unprotected`: such a release must not be published.
 * @throws RangeError where the system contradicts itself.
 */
export async function protect(system: TableSystem, options: ProtectOptions = {}): Promise<Protection> {
  const reading = readSystem(system);
  const unknowns = unknownsOf(system, reading);
  const plan = new Plan(unknowns, ({ nodes, status }) => {
    // What was hidden and has not changed stays hidden: showing it would be safe, but tell more with every release.
    return status !== 'SHOWN' || nodes.some((node) => reading.nodes.list[node]?.earlier !== undefined);
  });
  const { deviations, unprotected, narrowed } = await secure(await loadSolver(), plan, options);
  return {
    cells: new Map(cellsOf({ system, reading, plan }).map((cell) => [cell.id, cell])),
    witnesses: deviations.map((deviation) => witnessOf(deviation, { unknowns, reading })),
    unprotected: [
      ...publishedAlready(reading, unknowns),
      ...unprotected.flatMap(({ index, reason }) => named(index, { unknowns, reading }).map((id) => ({ id, reason }))),
    ],
    narrowed: narrowed.flatMap((index) => named(index, { unknowns, reading })),
  };
}

/**
 * Cells that fail a rule and can be computed whatever else is hidden, as what is known already leaves them no room: found by exact
 * elimination alone, at a small part of what protecting everything costs. Not all that cannot be protected.
 */
export function hopeless(system: TableSystem): Unprotected[] {
  const reading = readSystem(system);
  const unknowns = unknownsOf(system, reading);
  const told = determined(
    unknowns.equations.map((each) => new Map(each.map(({ unknown, sign }) => [unknown, BigInt(sign)]))),
  );
  const failing = unknowns.list.filter(({ index, confidential, nodes }) => {
    return told.has(index) && confidential && nodes.some((node) => (reading.demands[node]?.rules.length ?? 0) > 0);
  });
  return [
    ...publishedAlready(reading, unknowns),
    ...failing.flatMap(({ index }) => {
      return named(index, { unknowns, reading }).map((id) => ({ id, reason: 'DETERMINED' as const }));
    }),
  ];
}

/** What the rules alone would hide: the measure of what protecting it costs, and the control of every attack. */
export function primaryOnly(system: TableSystem): Protection {
  const reading = readSystem(system);
  const plan = new Plan(unknownsOf(system, reading), ({ status }) => status !== 'SHOWN');
  return {
    cells: new Map(cellsOf({ system, reading, plan }).map((cell) => [cell.id, cell])),
    witnesses: [],
    unprotected: [],
    narrowed: [],
  };
}

function cellsOf({ system, reading, plan }: { system: TableSystem; reading: Reading; plan: Plan }): ProtectedCell[] {
  return system.cells.map(({ id }, node) => {
    const demand = reading.demands[node];
    if (demand === undefined) throw new Error(`Cell ${id} was not read`);
    const unknown = plan.unknowns.ofNode[node] ?? -1;
    const { threshold, rules, required, width } = demand;
    const before = reading.nodes.list[node]?.before ?? null;
    return { id, status: statusOf(demand.status, unknown, plan), threshold, before, rules, required, width };
  });
}

function statusOf(own: CellStatus, unknown: number, plan: Plan): CellStatus {
  if (unknown < 0 || !plan.isHidden(unknown)) return 'SHOWN';
  return own === 'PRIMARY' && !plan.isRelaxed(unknown) ? 'PRIMARY' : 'SECONDARY';
}

function witnessOf(
  deviation: ReadonlyMap<number, number>,
  { unknowns, reading }: { unknowns: Unknowns; reading: Reading },
): Witness {
  return new Map(
    [...deviation].flatMap(([index, by]) =>
      named(index, { unknowns, reading }).map((id): [string, number] => [id, by]),
    ),
  );
}

function named(index: number, { unknowns, reading }: { unknowns: Unknowns; reading: Reading }): string[] {
  return (unknowns.list[index]?.nodes ?? []).map((node) => reading.nodes.list[node]?.id ?? '');
}

/** Cells that fail a rule and have been told already: nothing done now can take that back. */
function publishedAlready({ demands, nodes }: Reading, { ofNode }: Unknowns): Unprotected[] {
  return demands.flatMap(({ rules }, node) =>
    rules.length > 0 && ofNode[node] === -1
      ? [{ id: nodes.list[node]?.id ?? '', reason: 'ALREADY_PUBLISHED' as const }]
      : [],
  );
}
