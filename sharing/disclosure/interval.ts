import { Breath } from './breath.ts';
import type { LinearProgram, Solver } from './solver.ts';

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * The smallest and largest value of each of `asked` among all solutions, whole or not, of a system of equations with bounds:
 * what an attacker with a linear programming library finds. Infinity where nothing limits it.
 * @throws Error where the solver has no answer: then nothing may be published.
 */
export async function intervals(
  solver: Solver,
  program: Omit<LinearProgram, 'cost'>,
  { asked, signal }: { readonly asked: readonly number[]; readonly signal?: AbortSignal | undefined },
): Promise<Map<number, Interval>> {
  const breath = new Breath(signal);
  return solver.keep(program, async (solve) => {
    const extreme = (column: number, sign: 1 | -1): number => {
      const { kind, value } = solve(column, sign);
      if (kind === 'UNBOUNDED') return -Infinity;
      if (kind !== 'OPTIMAL') throw new Error('The solver found no bounds. Do not publish this release.');
      return value;
    };
    const found = new Map<number, Interval>();
    for (const column of asked) {
      await breath.take();
      found.set(column, { lower: extreme(column, 1), upper: 0 - extreme(column, -1) });
    }
    return found;
  });
}
