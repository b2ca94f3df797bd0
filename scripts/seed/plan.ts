/** Documents by the name of their collection. */
type Rows = Readonly<Record<string, readonly object[]>>;

/** One kind of thing to make. Unit i depends on nothing but its number, so making can stop and go on anywhere. */
export type Plan = {
  /** The database it goes to: the name of the subgraph. */
  readonly store: string;
  readonly name: string;
  readonly units: number;
  /** About how many documents a unit holds, for telling how far the work is. */
  readonly documentsPerUnit: number;
  make(unit: number): Rows;
};

export type DataSet = {
  readonly seed: string;
  /** Number of persons; everything else is in proportion. */
  readonly persons: number;
  /** The day the data describes, 'YYYY-MM-DD'. */
  readonly asOf: string;
};

export function plan(
  store: string,
  name: string,
  { units, documentsPerUnit }: { units: number; documentsPerUnit: number },
  make: (unit: number) => Rows,
): Plan {
  return { store, name, units, documentsPerUnit, make };
}
