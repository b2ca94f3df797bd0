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
  return (index) => sfc32(a, b, index);
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value | 0;
}

function sfc32(seedA: number, seedB: number, index: number): Random {
  let a = seedA;
  let b = seedB;
  let c = index | 0;
  let counter = 1;
  const next = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let round = 0; round < 12; round++) next();
  const fraction = () => next() / 0x1_0000_0000;
  const below = (bound: number) => Math.floor(fraction() * bound);
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => fraction() < probability,
    fraction,
    pick: <Item>(items: readonly Item[]): Item => {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError('pick: the list is empty');
      return item;
    },
    hex: (words) => Array.from({ length: words }, () => next().toString(16).padStart(8, '0')).join(''),
  };
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
