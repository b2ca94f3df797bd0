import { formatDay, type Language } from '../language.ts';
import { departmentName } from '../names.ts';
import { type Source, valueOf } from './figure.ts';
import { formatAt, reasonOf } from './format.ts';
import type { Column, Row, Table } from './table.ts';
import { fill, WORDS } from './texts.ts';

/** Excel takes a file without it for one in the system's own code page. */
const BOM = '\uFEFF';

/**
 * A table as CSV (RFC 4180): what the page shows and no more. A hidden cell is a dash with its reason; the notes below the rows
 * say where the numbers are from.
 */
export function csvOf(
  table: Table,
  { place, language }: { readonly place: string; readonly language: Language },
): string {
  const words = WORDS[language];
  const head = [table.rowLabel, ...table.columns.map((column) => withUnit(column.label, column.unit))];
  const rows = table.rows.map((row) => [
    withUnit(row.label, row.own?.unit ?? ''),
    ...row.figures.map((figure, index) => cellOf(row, table.columns[index], index, language)),
  ]);
  const notes = [
    [`${place} · ${table.title}`],
    ...sourcesOf(table).map((source) => noteOf(source, language)),
    [words.noteSuppression],
  ];
  return BOM + [head, ...rows, [], ...notes].map((line) => line.map(field).join(',')).join('\r\n') + '\r\n';
}

function withUnit(label: string, unit: string): string {
  return unit === '' ? label : `${label}（${unit}）`;
}

function cellOf(row: Row, column: Column | undefined, index: number, language: Language): string | number {
  const figure = row.figures[index];
  if (!figure || !column) return '';
  const value = valueOf(figure);
  if (value === undefined) return `${WORDS[language].notShown}（${reasonOf(figure, language) ?? ''}）`;
  const format = formatAt(column, row);
  const digits = format.kind === 'NUMBER' ? format.digits : 4;
  return Number(value.toFixed(digits));
}

function sourcesOf(table: Table): readonly Source[] {
  const sources = [...table.columns.map(({ source }) => source), ...table.rows.map(({ own }) => own?.source)];
  const found = new Map(sources.flatMap((source) => (source ? [[JSON.stringify(source), source] as const] : [])));
  return [...found.values()];
}

function noteOf(source: Source, language: Language): readonly string[] {
  const words = WORDS[language];
  return [
    `${words.source}: ${departmentName(source.department, language)} ${source.title}`.trim(),
    `${words.definition}: ${source.definition}`,
    source.asOf === '' ? '' : `${words.asOf}: ${formatDay(source.asOf, language)}`,
    source.release === undefined ? '' : fill(words.release, { release: source.release }),
  ].filter((part) => part !== '');
}

/** What makes a cell a formula, full-width signs included, behind whatever a spreadsheet leaves out before it. */
const FORMULA = /^(?:[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|[\t\r])/u;

/** A text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection). */
function field(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
