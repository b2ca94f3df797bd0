import DataLoader from 'dataloader';
import { type RowLoader, rowLoader } from '../../lib/batch.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import type { IndicatorRecord, ObservationRecord, StatisticsModels } from './models.ts';

/** What one value is about. */
interface Cell {
  readonly indicator: string;
  readonly division: string;
  readonly period: string;
}

interface SeriesOf {
  readonly indicator: string;
  readonly divisions: readonly string[];
  readonly periods: readonly string[];
}

/** By `period division`. */
type SeriesLoader = (asked: SeriesOf) => Promise<ReadonlyMap<string, ObservationRecord>>;

export interface StatisticsLoaders {
  readonly models: StatisticsModels;
  readonly indicator: RowLoader<IndicatorRecord>;
  /** The latest vintages of one indicator for some divisions and periods. */
  readonly series: SeriesLoader;
  /** The latest vintage of a value. */
  readonly latest: (projection: Record<string, 1>) => DataLoader<Cell, ObservationRecord | null, string>;
}

export type StatisticsContext = SubgraphContext<StatisticsLoaders>;

export function loaders(models: StatisticsModels): StatisticsLoaders {
  return {
    models,
    indicator: rowLoader(models.indicators, '_id'),
    series: (asked) => readSeries(models, asked),
    latest: latestLoader(models),
  };
}

/** Stored fields behind the fields of Indicator and Observation. */
export const INDICATOR_NEEDS = { code: ['_id'] } as const;
export const OBSERVATION_NEEDS = { indicator: ['indicator'] } as const;

/**
 * Batches single values: a dashboard asks for some indicators of some divisions at some periods, and the query names these
 * three lists. It may find values that nobody asked for, never too few.
 */
function latestLoader(models: StatisticsModels): StatisticsLoaders['latest'] {
  const loaders = new Map<string, DataLoader<Cell, ObservationRecord | null, string>>();
  return (projection) => {
    const name = Object.keys(projection).sort().join();
    const loader =
      loaders.get(name) ??
      new DataLoader<Cell, ObservationRecord | null, string>((cells) => fetchLatest(models, cells, projection), {
        cacheKeyFn: keyOf,
      });
    loaders.set(name, loader);
    return loader;
  };
}

async function fetchLatest(
  models: StatisticsModels,
  cells: readonly Cell[],
  projection: Record<string, 1>,
): Promise<(ObservationRecord | null)[]> {
  const among = (field: keyof Cell) => ({ $in: [...new Set(cells.map((cell) => cell[field]))] });
  const rows = (await models.observations
    .find(
      { indicator: among('indicator'), division: among('division'), period: among('period') },
      { ...projection, indicator: 1, division: 1, period: 1, vintage: 1 },
    )
    .lean()) as ObservationRecord[];
  const latest = new Map<string, ObservationRecord>();
  for (const row of rows) {
    const key = keyOf(row);
    if (row.vintage > (latest.get(key)?.vintage ?? 0)) latest.set(key, row);
  }
  return cells.map((cell) => latest.get(keyOf(cell)) ?? null);
}

function keyOf({ indicator, division, period }: Cell): string {
  return JSON.stringify([indicator, division, period]);
}

async function readSeries(
  { observations }: StatisticsModels,
  { indicator, divisions, periods }: SeriesOf,
): Promise<ReadonlyMap<string, ObservationRecord>> {
  const filter = { indicator, division: { $in: [...divisions] }, period: { $in: [...periods] } };
  const fields = { division: 1, period: 1, value: 1, vintage: 1, status: 1, source: 1, publishedOn: 1 };
  const latest = new Map<string, ObservationRecord>();
  for (const row of (await observations.find(filter, fields).lean()) as ObservationRecord[]) {
    const key = `${row.period} ${row.division}`;
    if (row.vintage > (latest.get(key)?.vintage ?? 0)) latest.set(key, row);
  }
  return latest;
}
