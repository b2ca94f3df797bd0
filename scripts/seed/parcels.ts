import { addDays } from '../../lib/codes/calendar-date.ts';
import type { OwnerKind, ParcelRecord } from '../../subgraphs/geospatial/models.ts';
import type { LegalPersons } from './legal-persons.ts';
import type { County } from './places.ts';
import type { Population } from './population.ts';
import { apportion, numberOf } from './population.ts';
import { randomSource, weighted } from './random.ts';
import type { Random } from './random.ts';

/**
 * Parcels lie in the cells of a grid around the county's seat, one in a cell, so none overlaps another. Which cell the
 * n-th parcel takes is scattered; the cell decides the village and the number, so codes are unique without a counter.
 */
const side = 330;
const cells = side * side;
/** Coprime to the number of cells (330² = 2² · 3² · 5² · 11²). */
const scatter = 41_017;
/** Degrees from the middle of the grid to its edge; the grids of neighbouring counties do not touch. */
const reach = 0.1;
const cell = (2 * reach) / side;
const metresPerDegree = 111_320;

/** Land use with the kind of right in the parcel code and who owns it, about as often as in a mountain prefecture. */
const uses = weighted<readonly [string, string, OwnerKind]>([
  [['0702', 'JC', 'PERSON'], 40],
  [['0103', 'JD', 'COLLECTIVE'], 14],
  [['0101', 'JD', 'COLLECTIVE'], 8],
  [['0301', 'JE', 'COLLECTIVE'], 6],
  [['0201', 'JD', 'COLLECTIVE'], 4],
  [['0701', 'GB', 'PERSON'], 14],
  [['0501', 'GB', 'LEGAL_PERSON'], 3],
  [['0601', 'GB', 'LEGAL_PERSON'], 3],
  [['0602', 'GB', 'LEGAL_PERSON'], 1],
  [['0801', 'GB', 'LEGAL_PERSON'], 1],
  [['0803', 'GB', 'LEGAL_PERSON'], 1],
  [['1003', 'GB', 'STATE'], 2],
  [['1103', 'GB', 'STATE'], 1],
  [['1202', 'JY', 'PERSON'], 2],
]);

export type Parcels = { readonly count: number; make(index: number): ParcelRecord };

export function parcels(people: Population, bodies: LegalPersons, count: number, asOf: string): Parcels {
  const source = randomSource(people.seed, 'parcel');
  const counts = apportion(
    count,
    people.counties.map(({ weight }) => weight),
  );
  const starts = counts.map((_, place) => counts.slice(0, place).reduce((sum, own) => sum + own, 0));

  function make(index: number): ParcelRecord {
    const place = starts.findLastIndex((start) => start <= index);
    const county = people.counties[place];
    if (county === undefined) throw new RangeError(`there is no parcel ${index}`);
    const own = index - (starts[place] ?? 0);
    const random = source(numberOf(county, own));
    const number = (own * scatter + county.index * 997) % cells;
    const perVillage = Math.ceil(cells / county.villages.length);
    const village = county.villages[Math.floor(number / perVillage)] ?? county.pickVillage(random);
    const [landUse, right, ownerKind] = uses(random);
    const ring = outline(county, number, random);
    const serial = String((number % perVillage) + 1).padStart(5, '0');
    const registeredOn = addDays(asOf, -random.between(20, 5200));
    const parcel: ParcelRecord = {
      _id: `${village.code}${right}${serial}`,
      county: county.code,
      division: village.code,
      landUse,
      areaSquareMetres: area(ring),
      geometry: { type: 'Polygon', coordinates: [ring] },
      datum: 'CGCS2000',
      ownerKind,
      certificateNumber: `云(${registeredOn.slice(0, 4)})${county.name}不动产权第${String(own + 1).padStart(7, '0')}号`,
      registeredOn,
    };
    const ref = ownerRef(ownerKind, county, random);
    return ref === undefined ? parcel : { ...parcel, ownerRef: ref };
  }

  function ownerRef(kind: OwnerKind, county: County, random: Random): string | undefined {
    if (kind === 'PERSON') return people.refOf(people.headIn(county, random));
    return kind === 'LEGAL_PERSON' ? bodies.creditCodeOf(random.below(bodies.count)) : undefined;
  }

  return { count, make };
}

/** A four-sided figure inside its cell, counter-clockwise, with seven decimals (about a centimetre). */
function outline(county: County, number: number, random: Random): [number, number][] {
  const [longitude, latitude] = county.centre;
  const west = longitude - reach + (number % side) * cell;
  const south = latitude - reach + Math.floor(number / side) * cell;
  const at = (x: number, y: number): [number, number] => [round(west + cell * x), round(south + cell * y)];
  const inset = () => 0.05 + random.fraction() * 0.25;
  const first = at(inset(), inset());
  return [first, at(1 - inset(), inset()), at(1 - inset(), 1 - inset()), at(inset(), 1 - inset()), first];
}

function round(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}

/** Square metres on a sphere flattened at this latitude; exact to well under one per cent at this size. */
function area(ring: readonly [number, number][]): number {
  const [, latitude] = ring[0] ?? [0, 0];
  const x = metresPerDegree * Math.cos((latitude * Math.PI) / 180);
  let doubled = 0;
  for (let index = 0; index + 1 < ring.length; index++) {
    const [lonA, latA] = ring[index] ?? [0, 0];
    const [lonB, latB] = ring[index + 1] ?? [0, 0];
    doubled += (lonA * latB - lonB * latA) * x * metresPerDegree;
  }
  return Math.round(Math.abs(doubled) * 50) / 100;
}
