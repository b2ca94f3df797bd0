import { addDays, formatDate } from '../../lib/codes/calendar-date.ts';
import type { Frequency, ObservationRecord } from '../../subgraphs/statistics/models.ts';
import { reconciliationDefect } from './dirt.ts';
import type { Indicator } from './indicators.ts';
import { prefecture } from './places.ts';
import type { County } from './places.ts';
import { randomSource } from './random.ts';

type Period = { readonly label: string; readonly year: number; readonly lastDay: string; readonly season: number };

/** Days from the end of a period to the first publication, and on to the revision. */
const firstPublication = 26;
const revision = 240;

/**
 * The series of one indicator for the prefecture (place 0) or one of its counties (1–10): `periods` values back from the
 * last period that is complete and published on `asOf`. Totals are the sums of the counties' rounded values. Values of
 * 禄丰 for times before 2021 stand under 532331, the code they were published with: the series breaks where it broke.
 */
export function seriesMaker(seed: string, counties: readonly County[], asOf: string) {
  const source = randomSource(seed, 'observation');
  const weights = counties.map(({ weight }) => weight);
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);

  function valueOf(indicator: Indicator, number: number, county: County, period: Period): number {
    const random = source(number * 1_000_003 + county.index * 100_003 + period.year * 13 + period.season * 7);
    const years = period.year - 2020 + period.season / 12;
    const noise = 1 + (random.fraction() - 0.5) * (indicator.aggregation === 'SUM' ? 0.06 : 0.03);
    // A county keeps its own standing in an indicator over time.
    const standing =
      1 +
      (source(number * 31 + county.index + 7_000_000).fraction() - 0.5) *
        (indicator.aggregation === 'SUM' ? 0.5 : 0.12);
    const share = indicator.aggregation === 'SUM' ? county.weight / weightSum : 1;
    const value = indicator.level * share * standing * (1 + indicator.growth) ** years * noise;
    const bounded = indicator.unit === '%' ? Math.min(value, 100) : value;
    return roundTo(bounded, indicator.decimals);
  }

  function total(indicator: Indicator, number: number, period: Period): number {
    const values = counties.map((county) => valueOf(indicator, number, county, period));
    if (indicator.aggregation === 'SUM')
      return roundTo(
        values.reduce((sum, value) => sum + value, 0),
        indicator.decimals,
      );
    const weightedSum = values.reduce((sum, value, place) => sum + value * (weights[place] ?? 0), 0);
    return roundTo(weightedSum / weightSum, indicator.decimals);
  }

  return (indicator: Indicator, number: number, place: number, periods: number): ObservationRecord[] => {
    const county = place === 0 ? undefined : counties[place - 1];
    return lastPeriods(indicator.frequency, periods, asOf).flatMap((period) => {
      const stated = defectOf(indicator, place, period);
      const value =
        stated ??
        (county === undefined ? total(indicator, number, period) : valueOf(indicator, number, county, period));
      const division = county === undefined ? prefecture.code : codeAt(county, period.lastDay);
      return publications(indicator, division, period, value, asOf);
    });
  };
}

function defectOf(indicator: Indicator, place: number, period: Period): number | undefined {
  if (indicator._id !== reconciliationDefect.indicator || period.label !== reconciliationDefect.period)
    return undefined;
  return place === 0 ? reconciliationDefect.statedTotal : reconciliationDefect.parts[place - 1];
}

function codeAt(county: County, day: string): string {
  return county.code === '532302' && day < '2021-01-01' ? '532331' : county.code;
}

/** Annual values are revised once, when the final figures come; a preliminary value differs from the final one a little. */
function publications(
  indicator: Indicator,
  division: string,
  period: Period,
  value: number,
  asOf: string,
): ObservationRecord[] {
  const make = (
    vintage: number,
    shown: number,
    status: ObservationRecord['status'],
    publishedOn: string,
  ): ObservationRecord => ({
    _id: `${indicator._id}:${division}:${period.label}:${vintage}`,
    indicator: indicator._id,
    division,
    period: period.label,
    value: shown,
    unit: indicator.unit,
    vintage,
    status,
    source: indicator.department,
    publishedOn,
  });
  const first = addDays(period.lastDay, firstPublication);
  const second = addDays(period.lastDay, revision);
  if (indicator.frequency !== 'YEAR' || indicator._id === reconciliationDefect.indicator) {
    return [make(1, value, second <= asOf ? 'FINAL' : 'PRELIMINARY', first)];
  }
  if (second > asOf) return [make(1, value, 'PRELIMINARY', first)];
  const early = roundTo(value * 0.992, indicator.decimals);
  return [make(1, early, 'PRELIMINARY', first), make(2, value, 'FINAL', second)];
}

/** Periods whose first publication is out by `asOf`, the oldest first. */
export function lastPeriods(frequency: Frequency, count: number, asOf: string): Period[] {
  const months = frequency === 'YEAR' ? 12 : frequency === 'QUARTER' ? 3 : 1;
  const found: Period[] = [];
  // Months are counted from year 0; a period ends with the month before a multiple of its length.
  let end = (Number(asOf.slice(0, 4)) + 1) * 12;
  for (; found.length < count; end -= months) {
    const year = Math.floor((end - 1) / 12);
    const month = ((end - 1) % 12) + 1;
    const lastDay = addDays(month === 12 ? formatDate(year + 1, 1, 1) : formatDate(year, month + 1, 1), -1);
    if (addDays(lastDay, firstPublication) > asOf) continue;
    const label =
      frequency === 'YEAR'
        ? String(year)
        : frequency === 'QUARTER'
          ? `${year}-Q${month / 3}`
          : `${year}-${String(month).padStart(2, '0')}`;
    found.push({ label, year, lastDay, season: month });
  }
  return found.reverse();
}

function roundTo(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}
