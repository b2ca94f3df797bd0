import { type Series, seriesSchema } from './answer.ts';
import { type Figure, figureOf, growthOf, NO_DATA, type Source } from './figure.ts';
import { INDICATORS } from './indicators.ts';
import type { Column, Format, Table } from './table.ts';
import { fill, type Words } from './texts.ts';
import type { Side, View } from './view.ts';

/** Where a series does not go on: before and after it the numbers are not of the same thing. */
export interface Break {
  readonly period: string;
  /** As a sentence. */
  readonly said: string;
}

/** One published indicator over time. Its table has a row for each period, the oldest first. */
export interface Trend {
  readonly table: Table;
  readonly breaks: readonly Break[];
  readonly latest?:
    | {
        readonly period: string;
        readonly figure: Figure;
        /** Against the same period of the year before, of one; absent where the series breaks between. */
        readonly yearOnYear?: number | undefined;
      }
    | undefined;
}

const PERIODS_A_YEAR = { MONTH: 12, QUARTER: 4, YEAR: 1 } as const;

/** The series of the page. They are published statistics: nothing of them is hidden, but a value may be missing. */
export function trends(view: View): readonly Trend[] {
  const { subject, beside, words, language } = view;
  return INDICATORS.map(({ code, frequency, name }) => {
    const own = seriesOf(subject, code);
    const other = beside && seriesOf(beside, code);
    const table = { id: code, title: name[language], rowLabel: words.period };
    if (!own?.points) return { table: { ...table, columns: [], rows: [], gap: subject.gapOf(code) }, breaks: [] };
    const unit = own.indicator?.unit ?? '';
    const source = sourceOfSeries(own);
    const column = (key: string, label: string): Column => ({ key, label, unit, format: formatOf(unit), source });
    const periods = [
      ...new Set([own, other].flatMap((series) => series?.points?.flatMap((point) => point.period ?? []) ?? [])),
    ].sort();
    const rows = periods.map((period) => ({
      key: period,
      label: period,
      figures: [figureAt(own, period), ...(beside ? [figureAt(other, period)] : [])],
    }));
    const columns = [column('value', subject.label), ...(beside ? [column('value-beside', beside.label)] : [])];
    const breaks = (own.breaks ?? []).map((each) => breakOf(each, words));
    return { table: { ...table, columns, rows }, breaks, latest: latestOf(own, breaks, PERIODS_A_YEAR[frequency]) };
  });
}

function seriesOf({ data }: Side, code: string): Series {
  const parsed = seriesSchema.safeParse(data?.[code]);
  return parsed.success ? parsed.data : null;
}

type SeriesBreak = NonNullable<NonNullable<Series>['breaks']>[number];

function breakOf({ period, reason, from, to }: SeriesBreak, words: Words): Break {
  const why = Object.hasOwn(words, reason ?? '') ? words[reason as keyof Words] : (reason ?? '');
  const codes = (list: readonly string[] | null | undefined): string => (list ?? []).join('、');
  return {
    period: period ?? '',
    said: fill(words.broken, { period: period ?? '', reason: why, from: codes(from), to: codes(to) }),
  };
}

function sourceOfSeries(series: NonNullable<Series>): Source {
  const last = series.points?.findLast(({ value }) => typeof value === 'number');
  return {
    department: 'statistics-bureau',
    title: series.indicator?.department ?? '',
    unit: series.indicator?.unit ?? '',
    definition: series.indicator?.definition ?? '',
    asOf: last?.publishedOn ?? '',
    period: last?.period ?? '',
  };
}

function figureAt(series: Series | undefined, period: string): Figure {
  const point = series?.points?.find((candidate) => candidate.period === period);
  return point ? figureOf(point.value, null) : NO_DATA;
}

function formatOf(unit: string): Format {
  return { kind: 'NUMBER', digits: ['人', '户', '件', '条', '张', '元'].includes(unit) ? 0 : 2 };
}

function latestOf(series: NonNullable<Series>, breaks: readonly Break[], periodsAYear: number): Trend['latest'] {
  const points = series.points ?? [];
  const index = points.findLastIndex(({ value }) => typeof value === 'number');
  const point = points[index];
  if (!point) return undefined;
  const earlier = points[index - periodsAYear];
  const figure = figureOf(point.value, null);
  const broken = breaks.some(
    ({ period }) => earlier && period > (earlier.period ?? '') && period <= (point.period ?? ''),
  );
  const yearOnYear = earlier && !broken ? growthOf(figure, figureOf(earlier.value, null)) : undefined;
  return { period: point.period ?? '', figure, yearOnYear };
}
