import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { predecessorsOf } from '../../lib/codes/division-changes.ts';
import { parsePeriod, periodsBetween } from '../../lib/period.ts';
import { areaOn, partsMoved } from './area-over-time.ts';
import { INDICATOR_NEEDS, type StatisticsContext } from './loaders.ts';
import type { ObservationRecord } from './models.ts';

interface Point {
  readonly period: string;
  readonly value: number;
  readonly status: ObservationRecord['status'];
  readonly publishedOn: string;
  readonly source: string;
  readonly publishedUnder: readonly string[];
}

type Reason = 'SPLIT' | 'PART_MOVED' | 'NOT_ADDITIVE' | 'INCOMPLETE' | 'ABOLISHED';

interface Break {
  readonly period: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly reason: Reason;
}

interface Asked {
  readonly code: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The values of an indicator for the area of a division: before a change of code those of its predecessors, where together they
 * were exactly this area. Everything else is left out and named as a break: a curve must not jump because a border did.
 */
export async function indicatorSeries(
  { code: division }: { readonly code: string },
  { code, from, to }: Asked,
  { loaders }: StatisticsContext,
  info: GraphQLResolveInfo,
) {
  const periods = periodsBetween(from, { to }, '');
  const projection = projectionOf([...askedFields(info, ['indicator'])], INDICATOR_NEEDS);
  const indicator = await loaders.indicator({ ...projection, additive: 1 }).load(code);
  const divisions = [division, ...predecessorsOf(division).map((each) => each.code)];
  const values = await loaders.series({ indicator: code, divisions, periods });
  return { indicator, division, ...seriesOf(division, periods, { values, additive: indicator?.additive === true }) };
}

interface Known {
  /** The latest values by `period division`. */
  readonly values: ReadonlyMap<string, ObservationRecord>;
  readonly additive: boolean;
}

type State = Point | { readonly period: string; readonly lost: Omit<Break, 'period' | 'to'> } | undefined;

function seriesOf(division: string, periods: readonly string[], known: Known) {
  const states = periods.map((period) => stateOf(division, period, known));
  const points = states.filter((state): state is Point => state !== undefined && 'value' in state);
  return { points, breaks: [...lost(division, periods, states), ...moved(division, periods)].sort(byPeriod) };
}

/** The value of one period, or why there is none although there was something to be counted. */
function stateOf(division: string, period: string, { values, additive }: Known): State {
  const own = values.get(`${period} ${division}`);
  if (own) return pointOf(period, [own]);
  const area = areaOn(division, lastDayOf(period));
  if (area.kind === 'UNKNOWN') return undefined;
  const { kind, codes } = area;
  if (kind === 'SPLIT' || kind === 'ABOLISHED') return { period, lost: { from: codes, reason: kind } };
  const found = codes.flatMap((code) => values.get(`${period} ${code}`) ?? []);
  if (found.length === 0) return undefined;
  if (kind === 'PARTS' && !additive) return { period, lost: { from: codes, reason: 'NOT_ADDITIVE' } };
  if (found.length < codes.length) return { period, lost: { from: codes, reason: 'INCOMPLETE' } };
  return pointOf(period, found);
}

const FINALITY: readonly ObservationRecord['status'][] = ['PRELIMINARY', 'REVISED', 'FINAL'];

function pointOf(period: string, rows: readonly ObservationRecord[]): Point {
  const sum = rows.reduce((total, { value }) => total + value, 0);
  return {
    period,
    // Sums of decimals as they were published, without the digits of binary addition.
    value: rows.length === 1 ? sum : Math.round(sum * 1e6) / 1e6,
    status: FINALITY.find((status) => rows.some((row) => row.status === status)) ?? 'PRELIMINARY',
    publishedOn: rows.map((row) => row.publishedOn).reduce((one, other) => (one > other ? one : other)),
    source: [...new Set(rows.map(({ source }) => source))].join('、'),
    publishedUnder: rows.map((row) => row.division).sort(),
  };
}

/** One break for each stretch of periods that is lost, named by the first period after it. */
function* lost(division: string, periods: readonly string[], states: readonly State[]): Generator<Break> {
  for (const [index, state] of states.entries()) {
    if (!state || 'value' in state) continue;
    const { from, reason } = state.lost;
    const next = states[index + 1];
    if (next && 'lost' in next && next.lost.reason === reason && next.lost.from.join() === from.join()) continue;
    if (reason === 'ABOLISHED') {
      const first = states.findIndex((each) => each && 'lost' in each && each.lost.reason === reason);
      yield { period: periods[first] ?? state.period, from: [division], to: from, reason };
    } else yield { period: periods[index + 1] ?? state.period, from, to: [division], reason };
  }
}

/** Breaks where a part of the area moved within the time of the series. */
function* moved(division: string, periods: readonly string[]): Generator<Break> {
  for (const { on, from, to } of partsMoved(division)) {
    const index = periods.findIndex((period) => lastDayOf(period) >= on);
    const period = periods[index];
    // Before the first period the series has its present area throughout.
    if (index > 0 && period !== undefined) yield { period, from, to, reason: 'PART_MOVED' };
  }
}

function byPeriod(one: Break, other: Break): number {
  return one.period < other.period ? -1 : Number(one.period > other.period);
}

/** A day at the end of a period; the 28th is in every month, and no change is dated later in one. */
function lastDayOf(period: string): string {
  return `${parsePeriod(period).to}-28`;
}
