import type { SumEquation, SystemCell, TableSystem } from '../../sharing/disclosure/system.ts';

export type Level = 'PREFECTURE' | 'COUNTY' | 'TOWNSHIP';

export interface Row {
  /** Division of each level, the widest first. */
  readonly places: readonly string[];
  readonly values: Readonly<Record<string, string>>;
  /** What it contributes to sums. */
  readonly amount?: number;
  readonly contributor?: string;
}

export interface TableShape {
  readonly dimensions: readonly string[];
  readonly levels: readonly Level[];
  readonly sensitive?: boolean;
}

export interface Layout {
  readonly tables: readonly TableShape[];
  readonly kind?: 'COUNT' | 'SUM';
  readonly threshold?: number;
}

const LEVELS: readonly Level[] = ['PREFECTURE', 'COUNTY', 'TOWNSHIP'];

export function cellId(place: string, dimensions: readonly string[], values: readonly string[]): string {
  return [place, dimensions.join(','), ...values].join('/');
}

/** Counts rows into every cell of the listed tables, and ties them together as a statistician would. */
export function systemOf(rows: readonly Row[], { tables, kind = 'COUNT', threshold = 5 }: Layout): TableSystem {
  const places = LEVELS.map((_, depth) => [...new Set(rows.map((row) => row.places[depth] ?? ''))].sort());
  const parents = new Map(
    rows.flatMap((row) => row.places.slice(1).map((place, depth) => [place, row.places[depth] ?? ''])),
  );
  const domains = new Map<string, string[]>();
  for (const dimension of new Set(tables.flatMap(({ dimensions }) => dimensions))) {
    domains.set(dimension, [...new Set(rows.map(({ values }) => values[dimension] ?? ''))].sort());
  }
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    for (const { dimensions, levels } of tables) {
      for (const level of levels) {
        const place = row.places[LEVELS.indexOf(level)] ?? '';
        const id = cellId(
          place,
          dimensions,
          dimensions.map((dimension) => row.values[dimension] ?? ''),
        );
        const list = found.get(id);
        if (list === undefined) found.set(id, [row]);
        else list.push(row);
      }
    }
  }
  const cells: SystemCell[] = [];
  const equations: SumEquation[] = [];
  const listed = new Set(
    tables.flatMap(({ dimensions, levels }) => levels.map((level) => `${level} ${dimensions.join(',')}`)),
  );
  for (const { dimensions, levels, sensitive } of tables) {
    for (const level of levels) {
      const depth = LEVELS.indexOf(level);
      const below = LEVELS[depth + 1];
      for (const place of places[depth] ?? []) {
        for (const values of combinations(dimensions.map((dimension) => domains.get(dimension) ?? []))) {
          const id = cellId(place, dimensions, values);
          cells.push(cellOf(id, found.get(id) ?? [], { kind, threshold: sensitive === true ? 10 : threshold }));
          if (below !== undefined && listed.has(`${below} ${dimensions.join(',')}`)) {
            const children = (places[depth + 1] ?? []).filter((child) => parents.get(child) === place);
            equations.push({ total: id, parts: children.map((child) => cellId(child, dimensions, values)) });
          }
        }
        for (const dimension of dimensions) {
          const others = dimensions.filter((other) => other !== dimension);
          if (!listed.has(`${level} ${others.join(',')}`)) continue;
          for (const values of combinations(others.map((other) => domains.get(other) ?? []))) {
            const parts = (domains.get(dimension) ?? []).map((value) => {
              return cellId(
                place,
                dimensions,
                dimensions.map((name) => (name === dimension ? value : (values[others.indexOf(name)] ?? ''))),
              );
            });
            equations.push({ total: cellId(place, others, values), parts });
          }
        }
      }
    }
  }
  return { cells, equations };
}

function cellOf(
  id: string,
  rows: readonly Row[],
  { kind, threshold }: { kind: 'COUNT' | 'SUM'; threshold: number },
): SystemCell {
  if (kind === 'COUNT') return { id, kind, threshold, value: rows.length };
  const by = new Map<string, number>();
  for (const { contributor = '', amount = 0 } of rows) by.set(contributor, (by.get(contributor) ?? 0) + amount);
  const largest = [...by.values()].sort((left, right) => right - left).slice(0, 3);
  return {
    id,
    kind,
    threshold,
    value: rows.reduce((sum, { amount = 0 }) => sum + amount, 0),
    contributors: by.size,
    largest,
  };
}

function combinations(domains: readonly (readonly string[])[]): string[][] {
  return domains.reduce<string[][]>(
    (lists, domain) => lists.flatMap((list) => domain.map((value) => [...list, value])),
    [[]],
  );
}

/** Numbers from 0 to 1, the same for a seed everywhere. */
export function randomFrom(seed: number): () => number {
  let state = (seed * 2654435761) % 2147483647 || 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** Residents of a prefecture as the development data has them: ten counties of unequal size, their townships, a few dozen nations. */
export function residents(count: number, { seed = 1, townships = 104 } = {}): Row[] {
  const random = randomFrom(seed);
  const skewed = (of: number, power: number): number => Math.min(of - 1, Math.floor(of * random() ** power));
  return Array.from({ length: count }, () => {
    const township = skewed(townships, 1.3);
    const county = township % 10;
    const band = random() < 0.01 ? 18 + Math.floor(random() * 3) : Math.floor(18 * random() ** 1.2);
    const values = {
      SEX: random() < 0.5 ? 'F' : 'M',
      AGE_BAND: String(band).padStart(2, '0'),
      ETHNIC_GROUP: String(random() < 0.6 ? 1 : 1 + skewed(40, 4)).padStart(2, '0'),
    };
    return { places: ['P', `C${String(county)}`, `C${String(county)}T${String(township).padStart(3, '0')}`], values };
  });
}

export const POPULATION_TABLES: readonly TableShape[] = [
  { dimensions: [], levels: LEVELS },
  { dimensions: ['SEX'], levels: LEVELS },
  { dimensions: ['AGE_BAND'], levels: LEVELS },
  { dimensions: ['SEX', 'AGE_BAND'], levels: ['PREFECTURE', 'COUNTY'] },
  { dimensions: ['ETHNIC_GROUP'], levels: ['PREFECTURE', 'COUNTY'], sensitive: true },
];
