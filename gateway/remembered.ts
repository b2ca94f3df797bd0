/**
 * For caches whose keys hold the text of an operation: a document may have a megabyte, and thousands of them would fill the
 * memory. Counted in characters of the keys.
 */
export const REMEMBERED = {
  maxSize: 32_000_000,
  sizeCalculation: (_value: unknown, key: string): number => Math.max(1, key.length),
} as const;
