import type { Plan } from './plan.ts';
import type { LinearProgram, Row } from './solver.ts';
import type { Unknown } from './unknowns.ts';

/** One way in which one unknown may move, as a column of a linear program. */
export interface Column {
  readonly unknown: number;
  /** 1 up, −1 down. */
  readonly sign: 1 | -1;
  /** Whether it is the part of the way that needs the word relaxed. */
  readonly relaxing: boolean;
}

const WAYS = [
  { sign: 1, relaxing: false },
  { sign: -1, relaxing: false },
  { sign: 1, relaxing: true },
  { sign: -1, relaxing: true },
] as const;

/** Up to four columns for each unknown, together: up and down, within what is said and beyond, if there can be room. */
export function columnsOf(plan: Plan, unknowns: readonly number[]): Column[] {
  return unknowns.flatMap((unknown) =>
    WAYS.filter((way) => canMove(plan, unknown, way)).map((way) => ({ unknown, ...way })),
  );
}

function canMove(plan: Plan, index: number, { sign, relaxing }: (typeof WAYS)[number]): boolean {
  const unknown = plan.unknowns.list[index];
  if (unknown === undefined) return false;
  const room = plan.room(unknown, sign);
  return room.relaxed > 0 && (!relaxing || room.relaxed > room.strict);
}

/** What the column costs a unit, and how many units it may take, as the plan stands. */
export function priceOf(plan: Plan, { unknown, sign, relaxing }: Column, unit = 1): { cost: number; upper: number } {
  const found = plan.unknowns.list[unknown];
  if (found === undefined) return { cost: 0, upper: 0 };
  const room = plan.room(found, sign);
  const [strict, relaxed] = [Math.floor(room.strict / unit), Math.floor(room.relaxed / unit)];
  if (!relaxing) return { cost: room.cost, upper: strict };
  return { cost: room.relaxedCost, upper: strict === Infinity ? 0 : relaxed - strict };
}

/** Σ sign · deviation = 0 for every equation that the columns occur in. */
export function rowsOf(list: readonly Unknown[], columns: readonly Column[]): Row[] {
  const rows = new Map<number, { columns: number[]; signs: number[]; side: 0 }>();
  for (const [place, column] of columns.entries()) {
    for (const { equation, sign } of list[column.unknown]?.terms ?? []) {
      const row = rows.get(equation) ?? { columns: [], signs: [], side: 0 };
      row.columns.push(place);
      row.signs.push(sign * column.sign);
      rows.set(equation, row);
    }
  }
  return [...rows].sort(([left], [right]) => left - right).map(([, row]) => row);
}

export function programOf(plan: Plan, columns: readonly Column[], unit = 1): LinearProgram {
  const prices = columns.map((column) => priceOf(plan, column, unit));
  return {
    cost: prices.map(({ cost }) => cost),
    lower: prices.map(() => 0),
    upper: prices.map(({ upper }) => upper),
    rows: rowsOf(plan.unknowns.list, columns),
  };
}

/** How much each unknown moves, or undefined where one does not move by a whole number of units. */
export function deviationOf(
  x: Float64Array,
  columns: readonly Column[],
  unit: number,
): Map<number, number> | undefined {
  const deviation = new Map<number, number>();
  for (const [place, { unknown, sign }] of columns.entries()) {
    const value = x[place] ?? 0;
    const units = Math.round(value);
    if (Math.abs(units - value) > 1e-6) return undefined;
    if (units !== 0) deviation.set(unknown, (deviation.get(unknown) ?? 0) + sign * units * unit);
  }
  for (const [unknown, by] of deviation) if (by === 0) deviation.delete(unknown);
  return deviation;
}
