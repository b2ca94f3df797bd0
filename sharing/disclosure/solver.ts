import type { Highs, Model, ModelData, ModelStatusCode } from 'highs';

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
  { readonly kind: 'OPTIMAL'; readonly x: Float64Array } | { readonly kind: 'INFEASIBLE' | 'UNBOUNDED' | 'GAVE_UP' };

/** Branch and bound stops here, not after a time, so that every machine finds the same. */
const MOST_NODES = 200;

/** Minimises sign · x[column] over a program that is kept, each time from where the last one ended. */
export type Minimise = (column: number, sign: 1 | -1) => { readonly kind: Solved['kind']; readonly value: number };

/** `simplex_strategy` of HiGHS: primal, as only the cost changes between two questions and the last answer still fits. */
const PRIMAL_SIMPLEX = 4;

export class Solver {
  readonly #highs: Highs;

  constructor(highs: Highs) {
    this.#highs = highs;
  }

  solve(program: LinearProgram): Solved {
    const highs = this.#highs;
    const model = highs.createModel(modelData(highs, program));
    try {
      model.options.set({ ...QUIET, ...(program.whole === true ? WHOLE : { presolve: 'off' }) });
      const kind = kindOf(highs, model.run().modelStatus);
      return kind === 'OPTIMAL' ? { kind, x: model.getSolution().colValue } : { kind };
    } finally {
      model.dispose();
    }
  }

  /** The caller disposes of it. */
  open(program: LinearProgram): KeptProgram {
    return new KeptProgram(this.#highs, program);
  }

  async keep<Result>(
    program: Omit<LinearProgram, 'cost'>,
    ask: (minimise: Minimise) => Promise<Result>,
  ): Promise<Result> {
    const highs = this.#highs;
    const model = highs.createModel(modelData(highs, { ...program, cost: program.lower.map(() => 0) }));
    let last = 0;
    try {
      model.options.set({ ...QUIET, presolve: 'off', simplex_strategy: PRIMAL_SIMPLEX });
      return await ask((column, sign) => {
        model.changeColCost(last, 0);
        model.changeColCost(column, sign);
        last = column;
        return { kind: kindOf(highs, model.run().modelStatus), value: model.getObjectiveValue() };
      });
    } finally {
      model.dispose();
    }
  }
}

/**
 * A program that is kept while bounds and costs change: each answer starts where the last one ended, which costs a few steps
 * instead of all. Owns memory outside the heap until `dispose`.
 */
export class KeptProgram {
  readonly #highs: Highs;
  readonly #model: Model;

  constructor(highs: Highs, program: LinearProgram) {
    this.#highs = highs;
    this.#model = highs.createModel(modelData(highs, program));
    this.#model.options.set({ ...QUIET, presolve: 'off', simplex_dual_edge_weight_strategy: DEVEX });
  }

  setBounds(column: number, lower: number, upper: number): void {
    this.#model.changeColBounds(column, lower, upper === Infinity ? this.#highs.infinity : upper);
  }

  setCost(column: number, cost: number): void {
    this.#model.changeColCost(column, cost);
  }

  solve(): Solved {
    const kind = kindOf(this.#highs, this.#model.run().modelStatus);
    return kind === 'OPTIMAL' ? { kind, x: this.#model.getSolution().colValue } : { kind };
  }

  dispose(): void {
    this.#model.dispose();
  }
}

/** Weights that cost little to set up: each answer is only a few steps from the last. */
const DEVEX = 1;
const QUIET = { output_flag: false, random_seed: 0 };
/** Any table that fits will do: the first good one is as safe as the best. */
const WHOLE = { mip_max_nodes: MOST_NODES, mip_rel_gap: 0.5 };

function kindOf(highs: Highs, status: ModelStatusCode): Solved['kind'] {
  const { optimal, infeasible, unbounded, unboundedOrInfeasible } = highs.constants.modelStatus;
  if (status === optimal) return 'OPTIMAL';
  if (status === infeasible) return 'INFEASIBLE';
  return status === unbounded || status === unboundedOrInfeasible ? 'UNBOUNDED' : 'GAVE_UP';
}

let loading: Promise<Solver> | undefined;

/** The solver of this process: compiled once, it holds nothing between two questions. */
export async function loadSolver(): Promise<Solver> {
  return (loading ??= load());
}

async function load(): Promise<Solver> {
  // The package declares itself CommonJS to the compiler and is an ES module when run: its loader is checked here.
  const loaded: unknown = await import('highs');
  const loader = typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : undefined;
  if (typeof loader !== 'function')
    throw new TypeError('The package highs has no loader. Install the version in package.json.');
  return new Solver(await (loader as () => Promise<Highs>)());
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
