import type { Target } from './exchange.ts';
import type { Deviation, Plan } from './plan.ts';
import type { LinearProgram, Row, Solved, Solver } from './solver.ts';
import type { Unknowns } from './unknowns.ts';

export type Found =
  | { readonly kind: 'FOUND'; readonly deviation: Deviation }
  | { readonly kind: 'IMPOSSIBLE' }
  | { readonly kind: 'GAVE_UP' };

/**
 * The cheapest other table that moves the target at least as far as it must be able to go, by linear programming over the
 * unknowns within `radius` equations of it; the rest stays. Whole numbers: by branch and bound where the vertex is not.
 * After Kelly, Golden and Assad (1992) and Fischetti and Salazar (2001), §4: minimise the cost of what moves, hide that.
 */
export function solveDeviation(solver: Solver, plan: Plan, target: Target, radius: number): Found {
  const block = blockAround(plan.unknowns, target.index, radius);
  let gaveUp = false;
  for (const unit of unitsOf(target.amount)) {
    const { program, columns } = programOf(plan, { target, block, unit });
    const first = solver.solve(program);
    if (first.kind === 'INFEASIBLE' && unit === 1) return { kind: 'IMPOSSIBLE' };
    if (first.kind === 'INFEASIBLE') continue;
    const rough = read(first, columns, unit);
    if (rough !== undefined && plan.fits(rough)) return { kind: 'FOUND', deviation: rough };
    const second = solver.solve({ ...program, whole: true });
    if (second.kind === 'INFEASIBLE' && unit === 1) return { kind: 'IMPOSSIBLE' };
    const exact = read(second, columns, unit);
    if (exact !== undefined && plan.fits(exact)) return { kind: 'FOUND', deviation: exact };
    gaveUp = gaveUp || second.kind !== 'INFEASIBLE';
  }
  return { kind: 'GAVE_UP' };
}

/** Sums of fen are too long for floating point: they move in steps of a unit, which keeps every equation exact. */
function unitsOf(amount: number): number[] {
  if (amount <= 1_000) return [1];
  const coarse = Math.ceil(amount / 16);
  const fine = Math.ceil(amount / 1_000);
  return amount <= 1_000_000 ? [coarse, fine, 1] : [coarse, fine];
}

function blockAround({ list, equations }: Unknowns, index: number, radius: number): Set<number> {
  const block = new Set([index]);
  const seen = new Set<number>();
  let edge = [index];
  for (let step = 0; step < radius && edge.length > 0; step++) {
    const next: number[] = [];
    for (const { equation } of edge.flatMap((member) => list[member]?.terms ?? [])) {
      if (seen.has(equation)) continue;
      seen.add(equation);
      for (const { unknown } of equations[equation] ?? []) {
        if (block.has(unknown)) continue;
        block.add(unknown);
        next.push(unknown);
      }
    }
    edge = next;
  }
  return block;
}

interface Column {
  readonly unknown: number;
  readonly sign: number;
}

interface Block {
  readonly target: Target;
  readonly block: ReadonlySet<number>;
  readonly unit: number;
}

function programOf(plan: Plan, { target, block, unit }: Block): { program: LinearProgram; columns: Column[] } {
  const { list } = plan.unknowns;
  const columns: Column[] = [];
  const [cost, lower, upper]: [number[], number[], number[]] = [[], [], []];
  const rows = new Map<number, { columns: number[]; signs: number[]; side: 0 }>();
  const add = (column: Column, price: number, bounds: { lower: number; upper: number }): void => {
    if (bounds.upper <= 0) return;
    for (const { equation, sign } of list[column.unknown]?.terms ?? []) {
      const row = rows.get(equation) ?? { columns: [], signs: [], side: 0 };
      row.columns.push(columns.length);
      row.signs.push(sign * column.sign);
      rows.set(equation, row);
    }
    columns.push(column);
    cost.push(price);
    lower.push(bounds.lower);
    upper.push(bounds.upper);
  };
  for (const index of [...block].sort((left, right) => left - right)) {
    const unknown = list[index];
    if (unknown === undefined) continue;
    if (index === target.index) {
      const far = Math.floor(plan.room(unknown, target.sign).relaxed / unit);
      const least = Math.ceil(target.amount / unit);
      // Out of reach even alone: an upper end below the lower one says so to the solver.
      add({ unknown: index, sign: target.sign }, 0.001, { lower: least, upper: Math.max(far, 1) });
      continue;
    }
    for (const sign of [1, -1]) {
      const room = plan.room(unknown, sign);
      const [strict, relaxed] = [Math.floor(room.strict / unit), Math.floor(room.relaxed / unit)];
      add({ unknown: index, sign }, room.cost, { lower: 0, upper: strict });
      if (relaxed > strict) add({ unknown: index, sign }, room.relaxedCost, { lower: 0, upper: relaxed - strict });
    }
  }
  const kept: Row[] = [...rows].sort(([left], [right]) => left - right).map(([, row]) => row);
  return { program: { cost, lower, upper, rows: kept }, columns };
}

/** The solution in whole units, or undefined where it is not whole. */
function read(solved: Solved, columns: readonly Column[], unit: number): Deviation | undefined {
  if (solved.kind !== 'OPTIMAL') return undefined;
  const deviation = new Map<number, number>();
  for (const [place, { unknown, sign }] of columns.entries()) {
    const units = Math.round(solved.x[place] ?? 0);
    if (Math.abs(units - (solved.x[place] ?? 0)) > 1e-6) return undefined;
    if (units !== 0) deviation.set(unknown, (deviation.get(unknown) ?? 0) + sign * units * unit);
  }
  for (const [unknown, by] of deviation) if (by === 0) deviation.delete(unknown);
  return deviation;
}
