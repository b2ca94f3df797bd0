import type { Highs, ModelData } from 'highs';

/** A linear program with whole coefficients: minimise cost · x, lower ≤ x ≤ upper, every row adding up to its side. */
export interface LinearProgram {
  readonly cost: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly rows: readonly Row[];
  /** Whether x must be whole. */
  readonly whole?: boolean;
}

export interface Row {
  readonly columns: readonly number[];
  readonly signs: readonly number[];
  readonly side: number;
}

export type Solved =
  | { readonly kind: 'OPTIMAL'; readonly x: Float64Array }
  | { readonly kind: 'INFEASIBLE' | 'UNBOUNDED' | 'GAVE_UP' };

/** Branch and bound stops here, not after a time, so that every machine finds the same. */
const MOST_NODES = 2_000;

export class Solver {
  readonly #highs: Highs;

  constructor(highs: Highs) {
    this.#highs = highs;
  }

  solve(program: LinearProgram): Solved {
    const highs = this.#highs;
    const model = highs.createModel(modelData(highs, program));
    try {
      model.options.set({ output_flag: false, mip_max_nodes: MOST_NODES, random_seed: 0, ...(program.whole === true ? {} : { presolve: 'off' }) });
      const { modelStatus } = model.run();
      const { optimal, infeasible, unbounded, unboundedOrInfeasible } = highs.constants.modelStatus;
      if (modelStatus === optimal) return { kind: 'OPTIMAL', x: model.getSolution().colValue };
      if (modelStatus === infeasible) return { kind: 'INFEASIBLE' };
      if (modelStatus === unbounded || modelStatus === unboundedOrInfeasible) return { kind: 'UNBOUNDED' };
      return { kind: 'GAVE_UP' };
    } finally {
      model.dispose();
    }
  }
}

export async function loadSolver(): Promise<Solver> {
  // The package declares itself CommonJS to the compiler and is an ES module when run: its loader is checked here.
  const loaded: unknown = await import('highs');
  const load = typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : undefined;
  if (typeof load !== 'function') throw new TypeError('The package highs has no loader. Install the version in package.json.');
  return new Solver(await (load as () => Promise<Highs>)());
}

export function modelData(highs: Highs, { cost, lower, upper, rows, whole }: LinearProgram): ModelData {
  const starts = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (const { columns, signs } of rows) {
    indices.push(...columns);
    values.push(...signs);
    starts.push(indices.length);
  }
  const sides = rows.map(({ side }) => side);
  const matrix = { format: 'csr', numRows: rows.length, numCols: cost.length, starts, indices, values } as const;
  return {
    numCols: cost.length,
    numRows: rows.length,
    colCost: cost,
    colLower: lower,
    colUpper: upper.map((bound) => (bound === Infinity ? highs.infinity : bound)),
    rowLower: sides,
    rowUpper: sides,
    matrix,
    ...(whole === true ? { integrality: cost.map(() => highs.constants.variableType.integer) } : {}),
  };
}
