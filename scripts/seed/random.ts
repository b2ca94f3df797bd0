/**
 * Random numbers that depend only on (seed, entity, index), so that record i can be made without making the others:
 * a seeding that was interrupted goes on where it stopped and gives the same data. Generator: sfc32 (public domain),
 * seeded with the two names' FNV-1a hashes and the index. Not for secrets.
 */
export type Random = {
  /** Integer in [0, bound). */
  below(bound: number): number;
  /** Integer in [low, high], both included. */
  between(low: number, high: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** A number in [0, 1). */
  fraction(): number;
  pick<Item>(items: readonly Item[]): Item;
  /** Hexadecimal digits, `words` times eight of them. */
  hex(words: number): string;
};

export type RandomSource = (index: number) => Random;

export function randomSource(seed: string, entity: string): RandomSource {
  const a = hash(seed);
  const b = hash(entity);
  return (index) => new Sfc32(a, b, index);
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value | 0;
}

/** A class, not closures: one is made for every record. */
class Sfc32 implements Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(a: number, b: number, index: number) {
    this.#a = a;
    this.#b = b;
    this.#c = index | 0;
    for (let round = 0; round < 12; round++) this.#next();
  }

  #next(): number {
    const result = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  fraction(): number {
    return this.#next() / 0x1_0000_0000;
  }

  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('pick: the list is empty');
    return item;
  }

  hex(words: number): string {
    let digits = '';
    for (let word = 0; word < words; word++) digits += this.#next().toString(16).padStart(8, '0');
    return digits;
  }
}

/** A choice by weight: build once, ask often. */
export function weighted<Item>(choices: readonly (readonly [Item, number])[]): (random: Random) => Item {
  const items = choices.map(([item]) => item);
  const bounds: number[] = [];
  let total = 0;
  for (const [, weight] of choices) bounds.push((total += weight));
  return (random) => {
    const point = random.fraction() * total;
    let low = 0;
    let high = bounds.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((bounds[middle] ?? 0) > point) high = middle;
      else low = middle + 1;
    }
    const item = items[low];
    if (item === undefined) throw new RangeError('weighted: there are no choices');
    return item;
  };
}
