import { weighted } from './random.ts';
import type { Random } from './random.ts';
import { randomSource } from './random.ts';
import type { County } from './places.ts';

/**
 * Where each person stands: persons are numbered within their county, in blocks of 128, and a block is cut into
 * households. Any block can be cut without the others, so any person, and any household's head, can be named at once.
 */

export const blockSize = 128;

export type PersonPlace = { readonly county: County; readonly index: number };

export type Population = {
  readonly seed: string;
  readonly persons: number;
  readonly counties: readonly County[];
  /** Number of persons of a county, duplicates not counted. */
  countOf(county: County): number;
  /** Index of the first person of each household of a block, and the end of the block. */
  households(county: County, block: number): readonly number[];
  /** The head of a household somewhere, counties by their weight: an adult who is registered. */
  anyHead(random: Random): PersonPlace;
  /** The head of a household of this county. */
  headIn(county: County, random: Random): PersonPlace;
  /** The reference of a person; it comes from the place in the register, never from a personal value. */
  refOf(place: PersonPlace): string;
  readonly pickCounty: (random: Random) => County;
};

const householdSize = weighted<number>([
  [1, 17],
  [2, 24],
  [3, 25],
  [4, 18],
  [5, 10],
  [6, 5],
  [7, 1],
]);

export function population(seed: string, persons: number, counties: readonly County[]): Population {
  const refs = randomSource(seed, 'person-ref');
  const cuts = randomSource(seed, 'households');
  const counts = apportion(
    persons,
    counties.map(({ weight }) => weight),
  );
  const countOf = (county: County) => counts[county.index] ?? 0;
  const pickCounty = weighted(counties.map((county) => [county, countOf(county)] as const));

  function households(county: County, block: number): number[] {
    const end = Math.min((block + 1) * blockSize, countOf(county));
    const random = cuts(numberOf(county, block));
    const starts: number[] = [];
    for (let index = block * blockSize; index < end; index += householdSize(random)) starts.push(index);
    return [...starts, end];
  }

  function headIn(county: County, random: Random): PersonPlace {
    const starts = households(county, random.below(Math.ceil(countOf(county) / blockSize)));
    return { county, index: starts[random.below(starts.length - 1)] ?? 0 };
  }

  return {
    seed,
    persons,
    counties,
    countOf,
    households,
    headIn,
    anyHead: (random) => headIn(pickCounty(random), random),
    refOf: ({ county, index }) => refs(numberOf(county, index)).hex(4),
    pickCounty,
  };
}

/** One number for a county's n-th thing; a county has room for four million. */
export function numberOf(county: County, index: number): number {
  return county.index * 0x40_0000 + index;
}

/** Whole numbers in the proportion of the weights that add up to the total (largest remainders). */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((left, right) => left + right, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const counts = exact.map(Math.floor);
  const byRemainder = exact
    .map((_, index) => index)
    .sort((left, right) => fractionOf(exact, right) - fractionOf(exact, left));
  const missing = total - counts.reduce((left, right) => left + right, 0);
  for (const index of byRemainder.slice(0, missing)) counts[index] = (counts[index] ?? 0) + 1;
  return counts;
}

function fractionOf(values: readonly number[], index: number): number {
  return (values[index] ?? 0) % 1;
}
