import type { About, Cell } from './answer.ts';
import { type Figure, figureOf, type Gap, missing, shareOf, type Source, ZERO } from './figure.ts';

export type Format =
  | { readonly kind: 'NUMBER'; readonly digits: number }
  /** Of one; shown as per cent. */
  | { readonly kind: 'SHARE' }
  /** Growth, of one; shown as per cent with its sign. */
  | { readonly kind: 'CHANGE' };

export interface Column {
  readonly key: string;
  readonly label: string;
  /** Empty where the number has none. */
  readonly unit: string;
  readonly format: Format;
  readonly source?: Source | undefined;
}

export interface Row {
  readonly key: string;
  readonly label: string;
  /** One for each column. */
  readonly figures: readonly Figure[];
  /** Where the rows of a table are of different kinds: what their numbers are, instead of what their column says. */
  readonly own?: Pick<Column, 'unit' | 'format' | 'source'> | undefined;
}

/** What a chart shows, what the table behind it says and what is exported: all three are made of this alone. */
export interface Table {
  readonly id: string;
  readonly title: string;
  readonly rowLabel: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Why there is no row at all. */
  readonly gap?: Gap | undefined;
}

export const WHOLE_NUMBER: Format = { kind: 'NUMBER', digits: 0 };
export const SHARE: Format = { kind: 'SHARE' };
export const CHANGE: Format = { kind: 'CHANGE' };

export function sourceOf(about: About): Source | undefined {
  if (!about?.source) return undefined;
  const { source, title, unit, definition, asOf, period, release } = about;
  return {
    department: source,
    title: title ?? '',
    unit: unit ?? '',
    definition: definition ?? '',
    asOf: asOf ?? '',
    period: period ?? '',
    release: release ?? undefined,
  };
}

/** Every cell of a table is from the same source, so that the first that says it says it for all. */
export function sourceOfCells(cells: readonly Cell[] | null | undefined): Source | undefined {
  return sourceOf(cells?.find(({ about }) => about?.source)?.about);
}

export type Measure = 'count' | 'area' | 'revenue';

/** Hectares from square metres, ten thousand yuan from fen. */
const SCALE = { count: 1, area: 1 / 10_000, revenue: 1 / 1_000_000 } as const;

/** A measure of a cell, in the unit of the page. A cell that its table does not list is a true zero. */
export function measureOf(cell: Cell | undefined, measure: Measure): Figure {
  if (cell === undefined) return ZERO;
  const figure = {
    count: () => figureOf(cell.count, cell.suppressed),
    area: () => figureOf(cell.areaSquareMetres, cell.areaSuppressed ?? cell.suppressed),
    revenue: () => figureOf(cell.revenueFen, cell.revenueSuppressed ?? cell.suppressed),
  }[measure]();
  return figure.kind === 'SHOWN' ? { kind: 'SHOWN', value: figure.value * SCALE[measure] } : figure;
}

/** The one cell of a table that is counted by nothing, or why it is not there. */
export function totalOf(cells: readonly Cell[] | null | undefined, measure: Measure, gap: Gap): Figure {
  return cells === null || cells === undefined ? missing(gap) : measureOf(cells[0], measure);
}

/** The share, or what keeps it from being shown: the part's reason before the whole's. */
export function shareFigure(part: Figure, whole: Figure): Figure {
  const share = shareOf(part, whole);
  if (share !== undefined) return { kind: 'SHOWN', value: share };
  if (part.kind !== 'SHOWN') return part;
  return whole.kind === 'SHOWN' ? missing({ kind: 'NO_DATA' }) : whole;
}
