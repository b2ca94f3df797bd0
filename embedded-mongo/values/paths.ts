/** What a dotted path finds in a document. */
import { getField, isDocument } from './document.ts';

const isPosition = (part: string): boolean => /^\d+$/.test(part);

/**
 * Every value a filter sees at a path: arrays on the way count item by item and by position; what is missing counts as
 * undefined, an array at the end as itself.
 */
export function leaves(node: unknown, path: readonly string[], from = 0): unknown[] {
  const part = path[from];
  if (part === undefined) return [node];
  if (Array.isArray(node)) {
    const items: unknown[] = node;
    const found = isPosition(part) && Number(part) < items.length ? leaves(items[Number(part)], path, from + 1) : [];
    for (const item of items) if (isDocument(item)) found.push(...leaves(item, path, from));
    return found;
  }
  return isDocument(node) && Object.hasOwn(node, part) ? leaves(node[part], path, from + 1) : [undefined];
}

/** What an expression sees at a path: of an array, the array of what its documents hold there; positions mean nothing. */
export function resolve(node: unknown, path: readonly string[], from = 0): unknown {
  let current = node;
  for (let i = from; i < path.length; i++) {
    if (Array.isArray(current)) {
      const items: unknown[] = current;
      return items
        .filter(isDocument)
        .map((item) => resolve(item, path, i))
        .filter((value) => value !== undefined);
    }
    current = getField(current, path[i] ?? '');
  }
  return current;
}
