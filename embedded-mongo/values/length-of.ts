/** How many items there are, none of them being looked at. */
export function lengthOf(items: Iterable<unknown>): number {
  const iterator = items[Symbol.iterator]();
  let length = 0;
  while (!iterator.next().done) length++;
  return length;
}
