import { type Column, columnsOf, deviationOf, priceOf, programOf } from './columns.ts';
import type { Target } from './exchange.ts';
import type { Deviation, Plan } from './plan.ts';
import type { KeptProgram, LinearProgram, Solved, Solver } from './solver.ts';
import type { Unknowns } from './unknowns.ts';

export type Found =
  | { readonly kind: 'FOUND'; readonly deviation: Deviation }
  | { readonly kind: 'IMPOSSIBLE' }
  | { readonly kind: 'GAVE_UP' };

/** Up to here floating point is far from losing a unit; sums of fen are longer. */
const SHORT = 1_000;
/** Equations away from the target: its table and those beside it, then everything that is tied to it. */
const RADII = [3, Infinity];
/** Where a part of the way will do, branching over everything is not worth it. */
const NEAR = [3];
/** How often columns that came out fractional are made dearer, to be led to another vertex, before branch and bound. */
const ROUNDS = 8;

/**
 * The cheapest other table that moves a target at least as far as it must be able to go, by linear programming: the cost of
 * what moves is minimised, and what moves is then hidden. After Kelly, Golden and Assad (1992) and Fischetti and Salazar (2001).
 * Vertices that are not whole are multiplied where there is room, else others are looked for, at last by branch and bound.
 */
export class DeviationSearch {
  readonly #solver: Solver;
  readonly #plan: Plan;
  readonly #columns: readonly Column[];
  /** Places of the columns of each unknown. */
  readonly #places: readonly (readonly number[])[];
  #kept: KeptProgram | undefined;

  constructor(solver: Solver, plan: Plan) {
    this.#solver = solver;
    this.#plan = plan;
    this.#columns = columnsOf(
      plan,
      plan.unknowns.list.map(({ index }) => index),
    );
    const places: number[][] = plan.unknowns.list.map(() => []);
    for (const [place, { unknown }] of this.#columns.entries()) places[unknown]?.push(place);
    this.#places = places;
  }

  find(asked: Target): Found {
    const target = { ...asked, amount: this.#admissible(asked) };
    if (this.#reach(target.index, target.sign) < target.amount) return { kind: 'IMPOSSIBLE' };
    return target.amount > SHORT ? this.#findLong(target) : this.#findShort(target);
  }

  /** The least amount, from the one that is asked for on, with which the target has a value that it can have. */
  #admissible({ index, sign, amount }: Target): number {
    const { value = 0, excluded = [] } = this.#plan.unknowns.list[index] ?? {};
    let least = amount;
    while (excluded.includes(value + sign * least)) least += 1;
    return least;
  }

  /** Takes over what the plan says of these unknowns, after it changed. */
  refresh(unknowns: Iterable<number>): void {
    if (this.#kept === undefined) return;
    for (const unknown of unknowns) this.#price(this.#kept, unknown);
  }

  dispose(): void {
    this.#kept?.dispose();
  }

  #findShort(target: Target): Found {
    const kept = (this.#kept ??= this.#solver.open(programOf(this.#plan, this.#columns)));
    this.#aim(kept, target);
    const dearer = new Set<number>();
    if (target.still !== undefined) dearer.add(target.still);
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const solved = kept.solve();
        if (solved.kind === 'INFEASIBLE') return { kind: 'IMPOSSIBLE' };
        const deviation = this.#read(solved, this.#columns, 1);
        if (deviation !== undefined) return { kind: 'FOUND', deviation };
        if (solved.kind !== 'OPTIMAL') break;
        for (const place of this.#unfit(solved.x)) {
          dearer.add(this.#columns[place]?.unknown ?? target.index);
          kept.setCost(place, 1 + 10 ** (round + 1));
        }
      }
    } finally {
      this.refresh([target.index, ...dearer]);
    }
    return this.#findWhole(target, 1);
  }

  /** Long numbers move in steps of a unit, which keeps every equation exact. */
  #findLong(target: Target): Found {
    for (const steps of [16, SHORT]) {
      const found = this.#findWhole(target, Math.ceil(target.amount / steps));
      if (found.kind === 'FOUND') return found;
    }
    return { kind: 'GAVE_UP' };
  }

  #findWhole(target: Target, unit: number): Found {
    for (const radius of target.thorough === false && unit === 1 ? NEAR : RADII) {
      const around = [...blockAround(this.#plan.unknowns, target.index, radius)].sort((a, b) => a - b);
      const block = around.filter((unknown) => unknown !== target.still);
      const columns = columnsOf(this.#plan, block);
      const program = aimed(programOf(this.#plan, columns, unit), { plan: this.#plan, columns, target, unit });
      const rough = unit === 1 ? undefined : this.#read(this.#solver.solve(program), columns, unit);
      if (rough !== undefined) return { kind: 'FOUND', deviation: rough };
      const whole = this.#solver.solve({ ...program, whole: true });
      const exact = this.#read(whole, columns, unit);
      if (exact !== undefined) return { kind: 'FOUND', deviation: exact };
      if (radius === Infinity && unit === 1 && whole.kind === 'INFEASIBLE') return { kind: 'IMPOSSIBLE' };
    }
    return { kind: 'GAVE_UP' };
  }

  #aim(kept: KeptProgram, { index, sign, amount, still }: Target): void {
    for (const place of this.#places[index] ?? []) {
      const column = this.#columns[place];
      const along = column?.sign === sign && !column.relaxing;
      kept.setBounds(place, along ? amount : 0, along ? this.#reach(index, sign) : 0);
    }
    for (const place of still === undefined ? [] : (this.#places[still] ?? [])) kept.setBounds(place, 0, 0);
  }

  #reach(index: number, sign: number): number {
    const unknown = this.#plan.unknowns.list[index];
    return unknown === undefined ? 0 : this.#plan.room(unknown, sign).relaxed;
  }

  #price(kept: KeptProgram, index: number): void {
    for (const place of this.#places[index] ?? []) {
      const column = this.#columns[place];
      if (column === undefined) continue;
      const { cost, upper } = priceOf(this.#plan, column);
      kept.setBounds(place, 0, upper);
      kept.setCost(place, cost);
    }
  }

  /** Columns that came out fractional; where none did, those of unknowns that would have a value that they cannot have. */
  #unfit(x: Float64Array): number[] {
    const places = fractional(x);
    if (places.length > 0) return places;
    return [...x.keys()].filter((place) => {
      const column = this.#columns[place];
      const unknown = this.#plan.unknowns.list[column?.unknown ?? -1];
      if (column === undefined || unknown === undefined || (x[place] ?? 0) < 0.5) return false;
      return unknown.excluded.includes(unknown.value + column.sign * Math.round(x[place] ?? 0));
    });
  }

  #read(solved: Solved, columns: readonly Column[], unit: number): Deviation | undefined {
    if (solved.kind !== 'OPTIMAL') return undefined;
    for (const times of [1, 2, 3]) {
      const deviation = deviationOf(times === 1 ? solved.x : solved.x.map((value) => value * times), columns, unit);
      if (deviation !== undefined && this.#plan.fits(deviation)) return deviation;
    }
    return undefined;
  }
}

function fractional(x: Float64Array): number[] {
  return [...x.keys()].filter((place) => Math.abs((x[place] ?? 0) - Math.round(x[place] ?? 0)) > 1e-6);
}

interface Aim {
  readonly plan: Plan;
  readonly columns: readonly Column[];
  readonly target: Target;
  readonly unit: number;
}

/** The same program with the target moved: no other column of it may take that back. */
function aimed(program: LinearProgram, { plan, columns, target, unit }: Aim): LinearProgram {
  const lower = [...program.lower];
  const upper = [...program.upper];
  const unknown = plan.unknowns.list[target.index];
  for (const [place, column] of columns.entries()) {
    if (column.unknown !== target.index || unknown === undefined) continue;
    const along = column.sign === target.sign && !column.relaxing;
    lower[place] = along ? Math.ceil(target.amount / unit) : 0;
    upper[place] = along ? Math.max(Math.floor(plan.room(unknown, target.sign).relaxed / unit), lower[place] ?? 0) : 0;
  }
  return { ...program, lower, upper };
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
