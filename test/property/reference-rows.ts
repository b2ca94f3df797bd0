import type { Judged } from './reference-judge.ts';
import type { Case } from './case.ts';
import { itemOf, type Pointer, type Subgraph, tableOf, typeOf } from './world.ts';

/** Rows bearing these codes lie in a division; 532331 became 532302 as a whole, so that each covers the rows of both. */
const COVERS: Readonly<Record<string, readonly string[]>> = {
  '532301': ['532301'],
  '532302': ['532302', '532331'],
  '532331': ['532302', '532331'],
  '532322': ['532322'],
  '110101': ['110101'],
  '532300': ['532301', '532302', '532331', '532322'],
  '530000': ['532301', '532302', '532331', '532322'],
};

export interface Rows {
  /** Whether the rows of a type are all there for this call. */
  readonly whole: (type: string) => boolean;
  /** Whether a row exists for this call: known to who keeps it, and in the divisions of every item that is used. */
  readonly exist: (pointer: Pointer) => boolean;
}

/**
 * The grants used fix the divisions whose rows exist for this call: what is allowed of some rows must not be shown of others.
 * There is one scope for each subgraph: the rows it keeps must be covered for every item of its own, and for every item that
 * is shown on a row it keeps, whoever added it.
 */
export function rowsIn(given: Case, { used }: Judged): Rows {
  const { world } = given;
  const keeperOf = (type: string | undefined): Subgraph | undefined => {
    const row = type === undefined ? undefined : typeOf(world, type);
    return row?.scoped ? row.keeper : undefined;
  };
  const limitsOf = (name: string): (readonly string[])[] => {
    const { keeper } = typeOf(world, name);
    return used.flatMap(({ coordinate, row, divisions }) => {
      const concerns = itemOf(world, coordinate)?.subgraph === keeper || keeperOf(row) === keeper;
      return concerns && divisions && !divisions.includes('*') ? [divisions] : [];
    });
  };
  return {
    whole: (name) => !typeOf(world, name).scoped || limitsOf(name).length === 0,
    exist: ({ type: name, key }) => {
      const limits = typeOf(world, name).scoped ? limitsOf(name) : [];
      if (limits.length === 0) return true;
      const row = tableOf(world, typeOf(world, name).keeper.name, name).get(key);
      const division = row?.['division'];
      return (
        typeof division === 'string' && limits.every((codes) => codes.some((code) => COVERS[code]?.includes(division)))
      );
    },
  };
}
