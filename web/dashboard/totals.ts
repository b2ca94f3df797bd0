import type { Part } from './answer.ts';
import { type Figure, figureOf, type Gap, missing, type Source } from './figure.ts';
import type { Level } from './places.ts';
import { type Column, type Format, sourceOf, sourceOfCells, totalOf, WHOLE_NUMBER } from './table.ts';
import type { Words } from './texts.ts';

/** Those that the hub derives from the totals of several departments; so each field is called. */
export const DERIVED_TOTALS = [
  'residentsPerEnterprise',
  'enterprisesPerTenThousandResidents',
  'parcelAreaPerResident',
  'complaintsPerTenThousandResidents',
  'shareAged60AndOver',
  'residentsGrowth',
  'enterprisesGrowth',
] as const;

/** The numbers that every division has: those a map can show. */
export const TOTALS = [
  'people',
  'legalPersons',
  'parcels',
  'area',
  'complaints',
  'archives',
  ...DERIVED_TOTALS,
] as const;

export type Total = (typeof TOTALS)[number];
type DerivedTotal = (typeof DERIVED_TOTALS)[number];

/** Those that are published at a level: archives are kept by counties. */
export function totalsOf(level: Level): readonly Total[] {
  return TOTALS.filter((total) => level !== 'TOWNSHIP' || total !== 'archives');
}

type Counted = 'residents' | 'legalPersons' | 'parcels' | 'complaints' | 'archives';

interface Kind {
  readonly unit: keyof Words;
  readonly format: Format;
  /** The field of the answer it is read from. */
  readonly from: { readonly counted: Counted; readonly area?: true } | 'DERIVED';
}

const TWO_DIGITS: Format = { kind: 'NUMBER', digits: 2 };

const KINDS: Readonly<Record<Total, Kind>> = {
  people: { unit: 'persons', format: WHOLE_NUMBER, from: { counted: 'residents' } },
  legalPersons: { unit: 'units', format: WHOLE_NUMBER, from: { counted: 'legalPersons' } },
  parcels: { unit: 'plots', format: WHOLE_NUMBER, from: { counted: 'parcels' } },
  area: { unit: 'hectares', format: { kind: 'NUMBER', digits: 1 }, from: { counted: 'parcels', area: true } },
  complaints: { unit: 'cases', format: WHOLE_NUMBER, from: { counted: 'complaints' } },
  archives: { unit: 'items', format: WHOLE_NUMBER, from: { counted: 'archives' } },
  residentsPerEnterprise: { unit: 'perEnterprise', format: TWO_DIGITS, from: 'DERIVED' },
  enterprisesPerTenThousandResidents: { unit: 'perTenThousand', format: TWO_DIGITS, from: 'DERIVED' },
  parcelAreaPerResident: { unit: 'squareMetresEach', format: TWO_DIGITS, from: 'DERIVED' },
  complaintsPerTenThousandResidents: { unit: 'casesPerTenThousand', format: TWO_DIGITS, from: 'DERIVED' },
  shareAged60AndOver: { unit: 'perCent', format: TWO_DIGITS, from: 'DERIVED' },
  residentsGrowth: { unit: 'perCent', format: TWO_DIGITS, from: 'DERIVED' },
  enterprisesGrowth: { unit: 'perCent', format: TWO_DIGITS, from: 'DERIVED' },
};

export function isTotal(text: string | null | undefined): text is Total {
  return TOTALS.some((total) => total === text);
}

/** Finds why a field of a division is empty, by its name in the answer. */
export type GapOf = (field: string) => Gap;

/** Totals of the page that derived numbers are made of. */
const INPUTS: Readonly<Record<DerivedTotal, readonly Total[]>> = {
  residentsPerEnterprise: ['people'],
  enterprisesPerTenThousandResidents: ['people'],
  parcelAreaPerResident: ['area', 'people'],
  complaintsPerTenThousandResidents: ['complaints', 'people'],
  shareAged60AndOver: ['people'],
  residentsGrowth: ['people'],
  enterprisesGrowth: [],
};

/** One of the totals of a division. */
export function totalFigure(total: Total, part: Part | null | undefined, gapOf: GapOf): Figure {
  const { from } = KINDS[total];
  if (from === 'DERIVED') {
    // Times its other input, a derived number is the hidden one again.
    const inputs = isDerived(total) ? INPUTS[total] : [];
    if (inputs.some((input) => totalFigure(input, part, gapOf).kind === 'HIDDEN'))
      return missing({ kind: 'INPUT_MISSING' });
    return derivedFigure(derivedOf(total, part), gapOf('at'));
  }
  const cells = part?.[from.counted];
  return totalOf(cells, from.area ? 'area' : 'count', gapOf(from.counted));
}

/** @param part the division whose answer says where its numbers are from. */
export function totalColumn(total: Total, part: Part | null | undefined, words: Words): Column {
  const { unit, format, from } = KINDS[total];
  const source = from === 'DERIVED' ? derivedSource(total, part) : sourceOfCells(part?.[from.counted]);
  return { key: total, label: words[total], unit: words[unit], format, source };
}

function isDerived(total: Total): total is DerivedTotal {
  return KINDS[total].from === 'DERIVED';
}

type Derived = NonNullable<NonNullable<Part['at']>['residentsPerEnterprise']>;

function derivedOf(total: Total, part: Part | null | undefined): Derived | undefined {
  return isDerived(total) ? (part?.at?.[total] ?? undefined) : undefined;
}

function derivedFigure(found: Derived | undefined, gap: Gap): Figure {
  if (!found) return missing(gap);
  const { value, missing: inputs } = found;
  // A missing input is named by the hub; a number beside one would be a mistake of its sender.
  return (inputs ?? []).length > 0 ? missing({ kind: 'INPUT_MISSING' }) : figureOf(value, null);
}

function derivedSource(total: Total, part: Part | null | undefined): Source | undefined {
  const found = derivedOf(total, part);
  if (!found) return undefined;
  const { unit, definition } = found;
  const base = sourceOf(part?.residents?.[0]?.about);
  return {
    department: 'statistics-bureau',
    title: '',
    unit: unit ?? '',
    definition: definition ?? '',
    asOf: base?.asOf ?? '',
    period: part?.at?.period ?? '',
    release: base?.release,
  };
}
