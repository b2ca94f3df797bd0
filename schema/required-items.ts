import type { PolicyTable } from './policy-table.ts';

/**
 * The items that are fetched so that this one can be computed (`@requires`), those that they in turn require included: one
 * free field in between must not hide a protected one.
 */
export function requiredItems(table: PolicyTable, coordinate: string): readonly string[] {
  const found = new Set<string>();
  const follow = (from: string): void => {
    for (const item of table.items.get(from)?.requires ?? []) {
      if (found.has(item)) continue;
      found.add(item);
      follow(item);
    }
  };
  follow(coordinate);
  return [...found];
}
