import { addDays, formatDate } from '../../lib/codes/calendar-date.ts';
import type { Frequency, ObservationRecord } from '../../subgraphs/statistics/models.ts';
import { reconciliationDefect } from './dirt.ts';
import type { Indicator } from './indicators.ts';
import { prefecture } from './places.ts';
import type { County } from './places.ts';
import { randomSource } from './random.ts';

type Period = {
  readonly label: string;
  readonly year: number;
  readonly lastDay: string;
  readonly month: number;
  readonly published: string;
  readonly revised: string;
};
type Standing = readonly [County, number];

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
  const weightSum = counties.reduce((sum, { weight }) => sum + weight, 0);
  const calendars = new Map<Frequency, readonly Period[]>();

  /** A county keeps its own standing in an indicator over time. */
  function standingOf(indicator: Indicator, number: number, county: County): number {
    const spread = indicator.aggregation === 'SUM' ? 0.5 : 0.12;
    const share = indicator.aggregation === 'SUM' ? county.weight / weightSum : 1;
    return share * (1 + (source(number * 31 + county.index + 7_000_000).fraction() - 0.5) * spread);
  }

  function valueOf(indicator: Indicator, number: number, [county, standing]: Standing, period: Period): number {
    const random = source(number * 1_000_003 + county.index * 100_003 + period.year * 13 + period.month * 7);
    const years = period.year - 2020 + period.month / 12;
    const noise = 1 + (random.fraction() - 0.5) * (indicator.aggregation === 'SUM' ? 0.06 : 0.03);
    const value = indicator.level * standing * (1 + indicator.growth) ** years * noise;
    return roundTo(indicator.unit === '%' ? Math.min(value, 100) : value, indicator.decimals);
  }

  function total(indicator: Indicator, number: number, standings: readonly Standing[], period: Period): number {
    const rate = indicator.aggregation === 'RATE';
    let sum = 0;
    for (const standing of standings) {
      sum += valueOf(indicator, number, standing, period) * (rate ? standing[0].weight / weightSum : 1);
    }
    return roundTo(sum, indicator.decimals);
  }

  return (indicator: Indicator, number: number, place: number, periods: number): ObservationRecord[] => {
    const shown = place === 0 ? counties : counties.slice(place - 1, place);
    const standings = shown.map((county): Standing => [county, standingOf(indicator, number, county)]);
    const [only] = standings;
    return periodsOf(indicator.frequency, periods).flatMap((period) => {
      const value =
        place === 0 || only === undefined
          ? total(indicator, number, standings, period)
          : valueOf(indicator, number, only, period);
      const division = place === 0 || only === undefined ? prefecture.code : codeAt(only[0], period.lastDay);
      return publications(indicator, { division, period, value: defectOf(indicator, place, period) ?? value }, asOf);
    });
  };

  function periodsOf(frequency: Frequency, count: number): readonly Period[] {
    const known = calendars.get(frequency);
    if (known?.length === count) return known;
    const made = lastPeriods(frequency, count, asOf);
    calendars.set(frequency, made);
    return made;
  }
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
  { division, period, value }: { division: string; period: Period; value: number },
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
  const { published, revised } = period;
  if (indicator.frequency !== 'YEAR' || indicator._id === reconciliationDefect.indicator) {
    return [make(1, value, revised <= asOf ? 'FINAL' : 'PRELIMINARY', published)];
  }
  if (revised > asOf) return [make(1, value, 'PRELIMINARY', published)];
  const early = roundTo(value * 0.992, indicator.decimals);
  return [make(1, early, 'PRELIMINARY', published), make(2, value, 'FINAL', revised)];
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
    const published = addDays(lastDay, firstPublication);
    if (published > asOf) continue;
    const label =
      frequency === 'YEAR'
        ? String(year)
        : frequency === 'QUARTER'
          ? `${year}-Q${month / 3}`
          : `${year}-${String(month).padStart(2, '0')}`;
    found.push({ label, year, lastDay, month, published, revised: addDays(lastDay, revision) });
  }
  return found.reverse();
}

function roundTo(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}
