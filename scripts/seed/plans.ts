import { archiveItemMaker } from './archive-items.ts';
import { makeDivisions } from './divisions.ts';
import { documentMaker } from './documents.ts';
import { fillings } from './fillings.ts';
import { makeIndicators } from './indicators.ts';
import { makeLaws } from './laws.ts';
import { legalPersons } from './legal-persons.ts';
import { seriesMaker } from './observations.ts';
import { parcels } from './parcels.ts';
import { blockMaker } from './persons.ts';
import { loadCounties } from './places.ts';
import type { County } from './places.ts';
import { plan } from './plan.ts';
import type { DataSet, Plan } from './plan.ts';
import { blockSize, population } from './population.ts';
import { professionalMaker } from './professionals.ts';

/** The databases of the first five departments, and those of the ones that joined since. */
export const stores: readonly string[] = [
  'population',
  'legal-persons',
  'geospatial',
  'statistics',
  'archives',
  ...fillings.map(({ store }) => store),
];

export const smallestSize = 200;
export const largestSize = 2_500_000;

/** How many of each there are, in the proportions of a prefecture of 2.5 million. */
export function sizes(persons: number) {
  return {
    legalPersons: Math.round(persons * 0.08),
    professionals: Math.round(persons * 0.228),
    parcels: Math.round(persons * 0.16),
    archiveItems: Math.round(persons * 0.54),
    documents: Math.max(20, Math.round(persons * 0.004)),
    indicators: persons < 2_000 ? 12 : Math.min(5_000, Math.max(50, Math.round(persons / 500))),
    periods: Math.min(240, 24 + Math.round((216 * persons) / largestSize)),
  };
}

/** What to make for a data set. Pure but for reading the division files of the installed package. */
export function plans(dataSet: DataSet): Plan[] {
  const { seed, asOf } = dataSet;
  const counties = loadCounties();
  const size = sizes(dataSet.persons);
  const people = population(seed, dataSet.persons, counties);
  const bodies = legalPersons(people, size.legalPersons, asOf);
  const land = parcels(people, bodies, size.parcels, asOf);
  const professional = professionalMaker(people, bodies, asOf);
  const archiveItem = archiveItemMaker(people, bodies, asOf);
  const document = documentMaker(people, bodies, asOf);
  const indicators = makeIndicators(size.indicators);
  const series = seriesMaker(seed, counties, asOf);
  const blocks = counties.flatMap((county) => blocksOf(county, people.countOf(county)));
  const block = blockMaker(people, asOf);
  const divisions = makeDivisions(counties);
  const laws = makeLaws(seed, asOf);
  const places = counties.length + 1;

  return [
    plan('population', 'persons', { units: blocks.length, documentsPerUnit: blockSize * 2.5 }, (unit) => {
      const [county, number] = blocks[unit] ?? missing(unit);
      return block(county, number);
    }),
    plan('legal-persons', 'legal persons', { units: size.legalPersons, documentsPerUnit: 1.5 }, (unit) => {
      const { legalPerson, licences, penalties } = bodies.make(unit);
      return { legalPersons: [legalPerson], licences, penalties };
    }),
    plan('legal-persons', 'professionals', { units: size.professionals, documentsPerUnit: 2.3 }, (unit) => {
      const made = professional(unit);
      return { professionals: [made.professional], employments: made.employments };
    }),
    plan('geospatial', 'divisions', { units: divisions.length, documentsPerUnit: 1 }, (unit) => {
      return { divisions: divisions.slice(unit, unit + 1) };
    }),
    plan('geospatial', 'parcels', { units: size.parcels, documentsPerUnit: 1 }, (unit) => ({
      parcels: [land.make(unit)],
    })),
    plan('statistics', 'indicators', { units: indicators.length, documentsPerUnit: 1 }, (unit) => {
      const {
        _id,
        name,
        definition,
        unit: measure,
        frequency,
        department,
        aggregation,
      } = indicators[unit] ?? missing(unit);
      const additive = aggregation === 'SUM';
      return { indicators: [{ _id, name, definition, unit: measure, frequency, additive, department }] };
    }),
    plan(
      'statistics',
      'observations',
      { units: indicators.length * places, documentsPerUnit: size.periods * 1.3 },
      (unit) => {
        const number = Math.floor(unit / places);
        const indicator = indicators[number] ?? missing(unit);
        return { observations: series(indicator, number, unit % places, size.periods) };
      },
    ),
    plan('archives', 'laws', { units: laws.length, documentsPerUnit: 1 }, (unit) => ({
      laws: laws.slice(unit, unit + 1),
    })),
    plan('archives', 'documents', { units: size.documents, documentsPerUnit: 1 }, (unit) => ({
      documents: [document(unit)],
    })),
    plan('archives', 'archive items', { units: size.archiveItems, documentsPerUnit: 1 }, (unit) => {
      return { archiveItems: [archiveItem(unit)] };
    }),
    ...fillings.flatMap((filling) => filling.plans({ dataSet, people, bodies })),
  ];
}

function blocksOf(county: County, persons: number): [County, number][] {
  return Array.from({ length: Math.ceil(persons / blockSize) }, (_, number) => [county, number]);
}

function missing(unit: number): never {
  throw new RangeError(`there is no unit ${unit} in this plan`);
}
