/** A binary heap: the item of the smallest key first; among equal keys the one that came first. */
export class Queue<Item> {
  readonly #heap: { readonly key: number; readonly order: number; readonly item: Item }[] = [];
  #pushed = 0;

  push(key: number, item: Item): void {
    const heap = this.#heap;
    let place = heap.push({ key, order: this.#pushed++, item }) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#before(place, parent)) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  pop(): Item | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first.item;
  }

  #sink(): void {
    for (let place = 0; ;) {
      let least = place;
      for (const child of [2 * place + 1, 2 * place + 2]) {
        if (child < this.#heap.length && this.#before(child, least)) least = child;
      }
      if (least === place) return;
      this.#swap(place, least);
      place = least;
    }
  }

  #before(left: number, right: number): boolean {
    const [a, b] = [this.#heap[left], this.#heap[right]];
    return a !== undefined && b !== undefined && (a.key === b.key ? a.order < b.order : a.key < b.key);
  }

  #swap(left: number, right: number): void {
    const [a, b] = [this.#heap[left], this.#heap[right]];
    if (a !== undefined) this.#heap[right] = a;
    if (b !== undefined) this.#heap[left] = b;
  }
}
