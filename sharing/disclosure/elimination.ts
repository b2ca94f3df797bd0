/** One equation Σ coefficient · unknown = known, by unknown; coefficients are never 0. */
export type Row = ReadonlyMap<number, bigint>;

/**
 * Which unknowns the equations determine, whatever the known sides are: those whose unit vector is in the row space of the
 * coefficients. Exact: Gauss–Jordan elimination over the rationals, each row kept in whole numbers without a common divisor.
 */
export function determined(equations: readonly Row[]): Set<number> {
  const rows = new Map<number, Map<number, bigint>>();
  const users = new Map<number, Set<number>>();
  equations.forEach((equation, index) => {
    if (equation.size > 0) store(index, new Map(equation), { rows, users });
  });
  const waiting = new Set(rows.keys());
  while (waiting.size > 0) {
    const index = shortest(waiting, rows);
    waiting.delete(index);
    const row = rows.get(index);
    if (row === undefined || row.size === 0) continue;
    const pivot = rarest(row, users);
    for (const other of [...(users.get(pivot) ?? [])]) {
      const target = rows.get(other);
      if (other === index || target === undefined) continue;
      store(other, reduce(target, row, pivot), { rows, users });
    }
  }
  return new Set([...rows.values()].flatMap((row) => (row.size === 1 ? [...row.keys()] : [])));
}

interface Matrix {
  readonly rows: Map<number, Map<number, bigint>>;
  /** Rows that use an unknown. */
  readonly users: Map<number, Set<number>>;
}

function store(index: number, row: Map<number, bigint>, { rows, users }: Matrix): void {
  for (const column of rows.get(index)?.keys() ?? []) if (!row.has(column)) users.get(column)?.delete(index);
  for (const column of row.keys()) {
    const known = users.get(column);
    if (known === undefined) users.set(column, new Set([index]));
    else known.add(index);
  }
  rows.set(index, row);
}

/** Short rows first and rare unknowns in them: the matrix stays thin, as few others change. */
function shortest(waiting: ReadonlySet<number>, rows: ReadonlyMap<number, ReadonlyMap<number, bigint>>): number {
  let best = -1;
  let least = Infinity;
  for (const index of waiting) {
    const size = rows.get(index)?.size ?? 0;
    if (size >= least) continue;
    best = index;
    least = size;
    if (size <= 1) break;
  }
  return best;
}

function rarest(row: ReadonlyMap<number, bigint>, users: ReadonlyMap<number, ReadonlySet<number>>): number {
  let best = -1;
  let least = Infinity;
  for (const column of row.keys()) {
    const size = users.get(column)?.size ?? 0;
    if (size < least) [best, least] = [column, size];
  }
  return best;
}

/** target · a − row · b without the pivot, divided by what all its coefficients share. */
function reduce(target: Row, row: Row, pivot: number): Map<number, bigint> {
  const a = row.get(pivot) ?? 1n;
  const b = target.get(pivot) ?? 0n;
  const result = new Map<number, bigint>();
  for (const [column, value] of target) result.set(column, value * a);
  for (const [column, value] of row) {
    const left = (result.get(column) ?? 0n) - value * b;
    if (left === 0n) result.delete(column);
    else result.set(column, left);
  }
  let shared = 0n;
  for (const value of result.values()) {
    shared = divisor(shared, value);
    if (shared === 1n) return result;
  }
  if (shared > 1n) for (const [column, value] of result) result.set(column, value / shared);
  return result;
}

function divisor(left: bigint, right: bigint): bigint {
  let [a, b] = [left < 0n ? -left : left, right < 0n ? -right : right];
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}
