import { INDICATORS } from './indicators.ts';
import { DERIVED_TOTALS } from './totals.ts';
import { type Level, levelOf, prefectureOf } from './places.ts';

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
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: 'Dashboard';
}

/** Divisions below one: 楚雄 has 10 counties, the largest county of the country about 50 townships. */
const MOST_PARTS = 60;

/**
 * Everything one page shows, as one operation: the division with its tables and series, its parts with their totals, the
 * prefecture above, and what it is compared with.
 * @param now decides the last period of a series and the periods of derived indicators; milliseconds.
 */
export function operationOf(wish: Wish, now: number): Operation {
  const { division, beside, period, against } = wish;
  const level = levelOf(division) ?? 'PREFECTURE';
  const besideLevel = beside === undefined ? undefined : levelOf(beside);
  const variables: Record<string, unknown> = {
    code: division,
    prefecture: prefectureOf(division),
    period: period ?? null,
    now: period ?? monthsBefore(now, 0),
    before: period ?? monthsBefore(now, 1),
    parts: MOST_PARTS,
    ...(beside !== undefined && { beside }),
    ...(against !== undefined && { against }),
  };
  const query = `query Dashboard($code: String!, $prefecture: String!, $period: String, $now: String!, $before: String!, $parts: Int!${
    beside === undefined ? '' : ', $beside: String!'
  }${against === undefined ? '' : ', $against: String!'}) {
  division(code: $code) {
    code name level
    ${totals(level, '$period', ABOUT)}
    ${derived()}
    ${details(level, '$period')}
    ${level === 'TOWNSHIP' ? '' : parts(level === 'PREFECTURE' ? 'COUNTY' : 'TOWNSHIP')}
    ${level === 'TOWNSHIP' ? '' : series(now)}
  }
  ${level === 'PREFECTURE' ? '' : `prefecture: division(code: $prefecture) { code name ${parts('COUNTY')} }`}
  ${
    besideLevel === undefined
      ? ''
      : `beside: division(code: $beside) { code name ${totals(besideLevel, '$period')} ${derived()} ${details(besideLevel, '$period')} ${besideLevel === 'TOWNSHIP' ? '' : series(now)} }`
  }
  ${against === undefined ? '' : `against: division(code: $code) { code name ${totals(level, '$against', ABOUT)} now: at(period: $against) { ${DERIVED} } ${details(level, '$against')} }`}
}
fragment About on StatisticalSource { unit source title definition asOf period release }
fragment Series on IndicatorSeries { indicator { code name definition unit department } points { period value status publishedOn } breaks { period from to reason } }
fragment Derived on DerivedIndicator { value unit definition missing }`;
  return { query: query.replace(/\s+/g, ' '), variables, operationName: 'Dashboard' };
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

const DERIVED = `period ${DERIVED_TOTALS.map((name) => `${name} { ...Derived }`).join(' ')}`;

/** The latest release may be this month's or, until it is built, the one before. */
function derived(): string {
  return `now: at(period: $now) { ${DERIVED} } before: at(period: $before) { ${DERIVED} }`;
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
  return `children(first: $parts) { edges { node { code name ${totals(level, '$period')} ${derived()} } } }`;
}

function series(now: number): string {
  return INDICATORS.map(({ code, frequency }) => {
    const from = { MONTH: monthsBefore(now, 25), QUARTER: quarterBefore(now, 12), YEAR: yearBefore(now, 10) }[
      frequency
    ];
    const to = { MONTH: monthsBefore(now, 0), QUARTER: quarterBefore(now, 0), YEAR: yearBefore(now, 0) }[frequency];
    return `${code}: indicatorSeries(code: "${code}", from: "${from}", to: "${to}") { ...Series }`;
  }).join(' ');
}

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
