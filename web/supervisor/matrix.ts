import type { Usage } from '../usage.ts';

/** How often departments use each other's data. */
export interface Matrix {
  /** Departments that keep data, as columns. */
  readonly owners: readonly string[];
  readonly rows: readonly {
    readonly consumer: string;
    /** One for each owner, in their order. */
    readonly cells: readonly Cell[];
  }[];
}

export interface Cell {
  readonly calls: number;
  readonly refused: number;
  /** 0 (nothing) to 5 (most). */
  readonly shade: 0 | 1 | 2 | 3 | 4 | 5;
  /** A department that uses its own data. */
  readonly own: boolean;
}

/**
 * Who uses whose data. Departments that keep data and use nobody's have a row of their own: an island is seen by its empty
 * row, and by its empty column. Shades are by the logarithm, as one department may call a thousand times as often as another.
 */
export function matrixOf(usage: readonly Pick<Usage, 'owner' | 'consumers'>[]): Matrix {
  const owners = [...new Set(usage.map(({ owner }) => owner))].sort();
  const consumers = [
    ...new Set([...owners, ...usage.flatMap((each) => each.consumers.map(({ department }) => department))]),
  ];
  const counted = (consumer: string, owner: string) =>
    usage
      .filter((each) => each.owner === owner)
      .flatMap((each) => each.consumers)
      .filter(({ department }) => department === consumer)
      .reduce((sum, { calls, refused }) => ({ calls: sum.calls + calls, refused: sum.refused + refused }), {
        calls: 0,
        refused: 0,
      });
  const rows = consumers.sort().map((consumer) => ({
    consumer,
    cells: owners.map((owner) => ({ ...counted(consumer, owner), own: consumer === owner })),
  }));
  const most = Math.max(0, ...rows.flatMap(({ cells }) => cells.filter(({ own }) => !own).map(({ calls }) => calls)));
  return {
    owners,
    rows: rows.map(({ consumer, cells }) => ({
      consumer,
      cells: cells.map((cell) => ({ ...cell, shade: shadeOf(cell.calls, most) })),
    })),
  };
}

function shadeOf(calls: number, most: number): Cell['shade'] {
  if (calls === 0 || most === 0) return 0;
  const share = Math.log1p(Math.min(calls, most)) / Math.log1p(most);
  return Math.max(1, Math.ceil(share * 5)) as Cell['shade'];
}
