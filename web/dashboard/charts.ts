import type { Language } from '../language.ts';
import { type Figure, valueOf } from './figure.ts';
import type { Row, Table } from './table.ts';
import { fill, WORDS } from './texts.ts';
import type { Trend } from './trends.ts';

/** What a script of the page draws. Numbers that are not shown are null: nothing else of them is here. */
export interface Chart {
  readonly kind: 'BARS' | 'PYRAMID' | 'LINE';
  /** What it is, for who cannot see it. */
  readonly label: string;
  readonly unit: string;
  readonly digits: number;
  readonly categories: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  /** Categories at which a line does not go on. */
  readonly breaks: readonly string[];
}

/** Fewer marks are no picture. */
const FEWEST = 3;

/** Bars of one measure of a table, the longest first; rows that are not shown are left out, as no bar says "hidden". */
export function barsOf(table: Table): Chart | undefined {
  const column = table.columns[0];
  const beside = table.columns.findIndex(({ key }) => key.endsWith('-beside') || key.endsWith('-against'));
  const other = table.columns[beside];
  if (!column) return undefined;
  const rows = table.rows.filter(
    (row) => valueOf(row.figures[0]) !== undefined && !(isZero(row.figures[0]) && isZero(row.figures[beside])),
  );
  const sorted = [...rows].sort((left, right) => (valueOf(right.figures[0]) ?? 0) - (valueOf(left.figures[0]) ?? 0));
  if (sorted.length < FEWEST) return undefined;
  return {
    kind: 'BARS',
    label: table.title,
    unit: column.unit,
    digits: digitsOf(column.format),
    categories: sorted.map(({ label }) => label),
    series: [seriesOf(sorted, 0, column.label), ...(other ? [seriesOf(sorted, beside, other.label)] : [])],
    breaks: [],
  };
}

/** Men to the left, women to the right; one column of bars where the table by sex is not published. */
export function pyramidOf(table: Table): Chart | undefined {
  const all = table.columns.findIndex(({ key }) => key === 'all');
  const male = table.columns.findIndex(({ key }) => key === 'male');
  const column = table.columns[male === -1 ? all : male];
  if (!column || table.rows.length < FEWEST) return undefined;
  const indexes = male === -1 ? [all] : [male, male + 1];
  return {
    kind: 'PYRAMID',
    label: table.title,
    unit: column.unit,
    digits: 0,
    categories: table.rows.map(({ label }) => label),
    series: indexes.map((index) => seriesOf(table.rows, index, table.columns[index]?.label ?? '')),
    breaks: [],
  };
}

export function lineOf({ table, breaks }: Trend): Chart | undefined {
  const [column] = table.columns;
  if (!column || table.rows.length < FEWEST) return undefined;
  return {
    kind: 'LINE',
    label: table.title,
    unit: column.unit,
    digits: digitsOf(column.format),
    categories: table.rows.map(({ label }) => label),
    series: table.columns.map(({ label }, index) => seriesOf(table.rows, index, label)),
    breaks: breaks.map(({ period }) => period),
  };
}

/** How many rows a chart leaves out, as a sentence; empty where none is. */
export function leftOut(table: Table, language: Language): string {
  const count = table.rows.filter(({ figures: [first] }) => first?.kind === 'HIDDEN').length;
  return count === 0 ? '' : fill(WORDS[language].hiddenRows, { count });
}

function seriesOf(rows: readonly Row[], index: number, name: string): Chart['series'][number] {
  return { name, values: rows.map(({ figures }) => valueOf(figures[index]) ?? null) };
}

function digitsOf(format: Table['columns'][number]['format']): number {
  return format.kind === 'NUMBER' ? format.digits : 1;
}

function isZero(figure: Figure | undefined): boolean {
  return (valueOf(figure) ?? 0) === 0;
}
