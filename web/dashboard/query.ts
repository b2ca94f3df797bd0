import { INDICATORS } from './indicators.ts';
import { type Level, levelOf, prefectureOf } from './places.ts';
import { DERIVED_TOTALS } from './totals.ts';

/** What a visitor asks the dashboard for; read from the address of the page. */
export interface Wish {
  /** Code of the division. */
  readonly division: string;
  /** A second division beside it. */
  readonly beside?: string | undefined;
  /** Month of the release, such as 2026-11; the latest when absent. */
  readonly period?: string | undefined;
  /** Month of an earlier or later release to compare with. */
  readonly against?: string | undefined;
}

export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, string | number | null>>;
}

export interface OperationOptions {
  /** Milliseconds; decides the last period of a series. */
  readonly now: number;
  /** Month of the latest release, by which derived numbers are asked for. */
  readonly latest: string;
}

/** Divisions below one: 楚雄 has 10 counties, the largest county of the country about 50 townships. */
const MOST_PARTS = 60;

/**
 * Everything one page shows, as one operation: the division with its tables and series, its parts with their totals, the
 * prefecture above, and what it is compared with. Its text depends on levels and comparisons alone, so that the hub plans a
 * handful of operations and never another one because a month has passed.
 */
export function operationOf(wish: Wish, { now, latest }: OperationOptions): Operation {
  const { division, beside, period, against } = wish;
  const level = levelOf(division) ?? 'PREFECTURE';
  const values: Readonly<Record<string, { readonly type: string; readonly value: string | number | null }>> = {
    code: { type: 'String!', value: division },
    prefecture: { type: 'String!', value: prefectureOf(division) },
    parts: { type: 'Int!', value: MOST_PARTS },
    period: { type: 'String', value: period ?? null },
    at: { type: 'String!', value: period ?? latest },
    beside: { type: 'String!', value: beside ?? null },
    against: { type: 'String!', value: against ?? null },
    fromMonth: { type: 'String!', value: monthsBefore(now, 37) },
    toMonth: { type: 'String!', value: monthsBefore(now, 0) },
    fromQuarter: { type: 'String!', value: quarterBefore(now, 12) },
    toQuarter: { type: 'String!', value: quarterBefore(now, 0) },
    fromYear: { type: 'String!', value: yearBefore(now, 10) },
    toYear: { type: 'String!', value: yearBefore(now, 0) },
  };
  const body = bodyOf(level, {
    beside: beside === undefined ? undefined : levelOf(beside),
    against: against !== undefined,
  });
  const used = Object.entries(values).filter(([name]) => new RegExp(`\\$${name}\\b`).test(body));
  const head = used.map(([name, { type }]) => `$${name}: ${type}`).join(', ');
  return {
    query: `query Dashboard(${head}) ${body}`.replace(/\s+/g, ' '),
    variables: Object.fromEntries(used.map(([name, { value }]) => [name, value])),
  };
}

/** What visitors ask first: about the prefecture, then about one of its counties; by one county as by another. */
export function firstLooks(home: string, now: number): readonly Operation[] {
  const latest = monthsBefore(now, 0);
  return [home, `${home.slice(0, 4)}01`].map((division) => operationOf({ division }, { now, latest }));
}

function bodyOf(level: Level, compared: { readonly beside: Level | undefined; readonly against: boolean }): string {
  const fine = level !== 'TOWNSHIP';
  const below = level === 'PREFECTURE' ? 'COUNTY' : 'TOWNSHIP';
  const { beside, against } = compared;
  return `{
    division(code: $code) {
      code name level
      ${totals(level, '$period', ABOUT)} ${derived('$at')} ${details(level, '$period')}
      ${fine ? `${parts(below)} ${series()}` : ''}
    }
    ${level === 'PREFECTURE' ? '' : `prefecture: division(code: $prefecture) { code name ${parts('COUNTY')} }`}
    ${
      beside === undefined
        ? ''
        : `beside: division(code: $beside) {
            code name ${totals(beside, '$period')} ${derived('$at')} ${details(beside, '$period')}
            ${beside === 'TOWNSHIP' || !fine ? '' : series()}
          }`
    }
    ${
      against
        ? `against: division(code: $code) {
            code name ${totals(level, '$against', ABOUT)} ${derived('$against')} ${details(level, '$against')}
          }`
        : ''
    }
  }
  fragment About on StatisticalSource { unit source title definition asOf period release }
  fragment Derived on DerivedIndicator { value unit definition missing }
  ${fine ? SERIES : ''}`;
}

const ABOUT = ' about { ...About }';

/** The totals of the departments. Where a number is from is the same for each part, so it is asked for once. */
function totals(level: Level, period: string, about = ''): string {
  return `residents: population(period: ${period}) { count suppressed${about} }
    legalPersons(period: ${period}) { count suppressed${about} }
    parcels(period: ${period}) { count suppressed areaSquareMetres areaSuppressed${about} }
    complaints(period: ${period}) { count suppressed${about} }
    ${level === 'TOWNSHIP' ? '' : `archives(period: ${period}) { count suppressed${about} }`}`;
}

function derived(period: string): string {
  const asked = DERIVED_TOTALS.map((name) => `${name} { ...Derived }`).join(' ');
  return `at(period: ${period}) { period ${asked} }`;
}

/** Tables of one division; fine ones exist for prefectures and counties. */
function details(level: Level, period: string): string {
  const cell = 'count suppressed about { ...About }';
  const coarse = `bySex: population(by: [SEX], period: ${period}) { sex ${cell} }
    byAge: population(by: [AGE_BAND], period: ${period}) { ageBand ${cell} }`;
  if (level === 'TOWNSHIP') return coarse;
  return `${coarse}
    pyramid: population(by: [SEX, AGE_BAND], period: ${period}) { sex ageBand ${cell} }
    byIndustry: legalPersons(by: [INDUSTRY], period: ${period}) { industry ${cell} revenueFen revenueSuppressed }
    byLandUse: parcels(by: [LAND_USE], period: ${period}) { landUse ${cell} areaSquareMetres areaSuppressed }
    byTopic: complaints(by: [TOPIC], period: ${period}) { topic { code title } ${cell} }
    byState: complaints(by: [STATE], period: ${period}) { state ${cell} }
    byRetention: archives(by: [RETENTION], period: ${period}) { retention ${cell} }`;
}

function parts(level: Level): string {
  return `children(first: $parts) { edges { node { code name ${totals(level, '$period')} ${derived('$at')} } } }`;
}

function series(): string {
  return INDICATORS.map(({ code, frequency }) => {
    const unit = { MONTH: 'Month', QUARTER: 'Quarter', YEAR: 'Year' }[frequency];
    return `${code}: indicatorSeries(code: "${code}", from: $from${unit}, to: $to${unit}) { ...Series }`;
  }).join(' ');
}

const SERIES = `fragment Series on IndicatorSeries {
  indicator { code name definition unit department }
  points { period value status publishedOn }
  breaks { period from to reason }
}`;

/** Month in China so many before the present one, such as 2026-11. */
export function monthsBefore(now: number, months: number): string {
  const day = new Date(now + 8 * 3_600_000);
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - months, 1)).toISOString().slice(0, 7);
}

function quarterBefore(now: number, quarters: number): string {
  const [year = '', month = ''] = monthsBefore(now, quarters * 3).split('-');
  return `${year}-Q${Math.ceil(Number(month) / 3)}`;
}

function yearBefore(now: number, years: number): string {
  return monthsBefore(now, years * 12).slice(0, 4);
}
