/** Union-find: which of a row of things are one, each group named by its first. */
export class Groups {
  readonly #parent: number[];

  constructor(size: number) {
    this.#parent = Array.from({ length: size }, (_, index) => index);
  }

  of(index: number): number {
    let root = index;
    for (let up = this.#parent[root]; up !== undefined && up !== root; up = this.#parent[root]) {
      this.#parent[root] = this.#parent[up] ?? up;
      root = up;
    }
    return root;
  }

  join(left: number, right: number): void {
    const [low, high] = [this.of(left), this.of(right)].sort((a, b) => a - b);
    if (low !== undefined && high !== undefined) this.#parent[high] = low;
  }
}
