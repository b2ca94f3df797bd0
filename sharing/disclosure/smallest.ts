import type { Nodes } from './nodes.ts';

/**
 * What anyone can say of each count from the zeros alone, as zeros stay visible: a total is at least the sum of what its
 * parts that are not zero are at least. Nothing can be protected below this. By index of the node; 0 for zeros and sums.
 */
export function smallestByZeros({ list, equations, links }: Nodes): number[] {
  const least = list.map(({ value, kind }): number => (kind === 'COUNT' && value > 0 ? 1 : 0));
  const at = (index: number): number => least[index] ?? 0;
  const counted = equations
    .filter(({ total }) => list[total]?.kind === 'COUNT')
    .map(({ total, parts }) => ({ total, parts: parts.filter((part) => at(part) > 0) }))
    .filter(({ parts }) => parts.length > 0);
  const same = [
    ...links,
    ...counted.flatMap(({ total, parts: [only, ...others] }) =>
      only === undefined || others.length > 0 ? [] : [[total, only] as const],
    ),
  ];
  for (let changed = true; changed;) {
    changed = false;
    const raise = (index: number, to: number): void => {
      if (to <= at(index)) return;
      least[index] = to;
      changed = true;
    };
    for (const { total, parts } of counted)
      raise(
        total,
        parts.reduce((sum, part) => sum + at(part), 0),
      );
    for (const [left, right] of same) {
      raise(left, at(right));
      raise(right, at(left));
    }
  }
  return least;
}

/** Pairs of this release that are one number: a total whose other parts are all zero is its only part. */
export function equalByZeros({ list, equations }: Nodes): [number, number][] {
  const pairs: [number, number][] = [];
  for (const { total, parts } of equations) {
    if (list[total]?.kind !== 'COUNT') continue;
    const [only, ...others] = parts.filter((part) => (list[part]?.value ?? 0) > 0);
    if (only !== undefined && others.length === 0) pairs.push([total, only]);
  }
  return pairs;
}
