import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { models, type ObservationRecord } from '../../subgraphs/statistics/models.ts';
import { definition } from '../../subgraphs/statistics/subgraph.ts';
import { planOf } from '../support/explain.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';

/*
 * Divisions whose codes changed: 禄丰 became a city in 2021 (532331 → 532302); in 伊春 in 2019 西林 and 金山屯 (230705, 230709)
 * became 金林 (230751), and 乌马河 (230711) was divided between 伊美 (230717) and 乌翠 (230718).
 */
let subgraph: RunningSubgraph;

const value = (
  [indicator, division, period, figure]: readonly [string, string, string, number],
  fields: Partial<ObservationRecord> = {},
): ObservationRecord => ({
  _id: `${indicator}:${division}:${period}:${fields.vintage ?? 1}`,
  ...{ indicator, division, period, value: figure, unit: '亿元', vintage: 1, status: 'FINAL', source: '统计局' },
  publishedOn: `${Number(period.slice(0, 4)) + 1}-02-01`,
  ...fields,
});

beforeAll(async () => {
  subgraph = await startSubgraph(definition, models);
  const { indicators, observations } = models(subgraph.connection);
  const indicator = (_id: string, additive?: boolean) => ({
    ...{ _id, name: `指标${_id}`, definition: '口径', unit: '亿元', frequency: 'YEAR' as const, department: '统计局' },
    ...(additive !== undefined && { additive }),
  });
  await indicators.insertMany([indicator('GE001', true), indicator('GE005', false), indicator('GE009')]);
  const years = (indicatorCode: string, code: string, from: number, figures: readonly number[]) =>
    figures.map((figure, index) => value([indicatorCode, code, String(from + index), figure]));
  await observations.insertMany([
    ...years('GE001', '532331', 2018, [10, 11, 12]),
    ...years('GE001', '532302', 2021, [13, 14]),
    value(['GE001', '532331', '2020', 12.5], { vintage: 2, status: 'REVISED', publishedOn: '2022-03-01' }),
    ...years('GE001', '230705', 2016, [1, 2.1, 3]),
    ...years('GE001', '230709', 2017, [20.2, 30]),
    value(['GE001', '230709', '2018', 31], { vintage: 2, status: 'PRELIMINARY' }),
    ...years('GE001', '230751', 2019, [40, 41]),
    ...years('GE005', '230705', 2018, [5]),
    ...years('GE005', '230709', 2018, [6]),
    ...years('GE005', '230751', 2019, [7]),
    ...years('GE009', '230705', 2018, [5]),
    ...years('GE009', '230709', 2018, [6]),
    ...years('GE001', '230711', 2017, [50, 51]),
    ...years('GE001', '230717', 2019, [60]),
    ...years('GE001', '230718', 2019, [70]),
  ]);
}, 60_000);

afterAll(() => subgraph.close());
beforeEach(() => void subgraph.reads());

interface Series {
  readonly points: readonly { period: string; value: number; status?: string; publishedUnder?: string[] }[];
  readonly breaks: readonly { period: string; from: string[]; to: string[]; reason: string }[];
}

async function seriesOf(division: string, code: string, [from, to]: readonly [string, string]) {
  const answer = await subgraph.ask(
    `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Division {
      indicatorSeries(code: "${code}", from: "${from}", to: "${to}") {
        indicator { name unit } division points { period value status publishedUnder } breaks { period from to reason }
      } } } }`,
    { refs: [{ __typename: 'Division', code: division }] },
  );
  const [entity] = (answer.data?._entities ?? []) as { indicatorSeries: Series | null }[];
  return { ...answer, points: entity?.indicatorSeries?.points ?? [], breaks: entity?.indicatorSeries?.breaks ?? [] };
}

const figures = ({ points }: Pick<Series, 'points'>) =>
  points.map(({ period, value: figure }) => `${period} ${figure}`);

describe('a series over a change of divisions', () => {
  it('goes on under a new code, where the area is the same, and says under which code each value was published', async () => {
    const series = await seriesOf('532302', 'GE001', ['2018', '2022']);
    expect(figures(series)).toEqual(['2018 10', '2019 11', '2020 12.5', '2021 13', '2022 14']);
    expect(series.points.map(({ publishedUnder }) => publishedUnder)).toEqual([
      ...[['532331'], ['532331'], ['532331'], ['532302'], ['532302']],
    ]);
    expect(series.points[2]?.status).toBe('REVISED');
    expect(series.breaks).toEqual([]);
  });

  it('is the sum of merged divisions, where it can be added up and all have a value', async () => {
    const series = await seriesOf('230751', 'GE001', ['2016', '2020']);
    expect(figures(series)).toEqual(['2017 22.3', '2018 34', '2019 40', '2020 41']);
    expect(series.points[1]).toMatchObject({ status: 'PRELIMINARY', publishedUnder: ['230705', '230709'] });
    expect(series.breaks).toEqual([
      { period: '2017', from: ['230705', '230709'], to: ['230751'], reason: 'INCOMPLETE' },
    ]);
  });

  it.each(['GE005', 'GE009'])('breaks at a merger where %s is not known to be a sum of its parts', async (code) => {
    const series = await seriesOf('230751', code, ['2018', '2020']);
    expect(figures(series)).toEqual(code === 'GE005' ? ['2019 7'] : []);
    expect(series.breaks).toEqual([
      { period: '2019', from: ['230705', '230709'], to: ['230751'], reason: 'NOT_ADDITIVE' },
    ]);
  });

  it.each(['230717', '230718'])('breaks where only a part of a divided county came to %s', async (code) => {
    const series = await seriesOf(code, 'GE001', ['2017', '2019']);
    expect(series.points.map(({ period }) => period)).toEqual(['2019']);
    expect(series.breaks).toMatchObject([{ period: '2019', to: [code], reason: 'SPLIT' }]);
    expect(series.breaks[0]?.from).toContain('230711');
  });

  it('ends where the division was abolished, and names what it became', async () => {
    const series = await seriesOf('230711', 'GE001', ['2017', '2020']);
    expect(figures(series)).toEqual(['2017 50', '2018 51']);
    expect(series.breaks).toEqual([
      { period: '2019', from: ['230711'], to: ['230717', '230718'], reason: 'ABOLISHED' },
    ]);
  });

  it('breaks where a part went away while the division stayed', async () => {
    const { breaks } = await seriesOf('230781', 'GE001', ['2017', '2020']);
    expect(breaks).toEqual([{ period: '2019', from: ['230781'], to: ['230725'], reason: 'PART_MOVED' }]);
  });
});

describe('a question for a series', () => {
  it('reads the values once, through an index', async () => {
    await seriesOf('230751', 'GE001', ['2016', '2020']);
    const reads = subgraph.reads().filter(({ name }) => name.startsWith('observations.'));
    expect(reads).toHaveLength(1);
    const plan = reads[0] && (await planOf(subgraph.connection, reads[0]));
    expect(plan?.indexes).toEqual(['indicator_1_division_1_period_-1_vintage_-1']);
  });

  it('may be for 480 periods of one form', async () => {
    const asked = async (from: string, to: string) =>
      (await seriesOf('532302', 'GE001', [from, to])).errors?.[0]?.message;
    expect(await asked('1986-01', '2025-12')).toBeUndefined();
    expect(await asked('1985-12', '2025-12')).toMatch(/^to: 481 periods from from cannot be listed/);
    expect(await asked('2020', '2021-Q1')).toMatch(/^to: not of the form of from\./);
    expect(await asked('20', '2021')).toMatch(/^from: not a period/);
  });

  it('knows nothing of an indicator that is none', async () => {
    const { data } = await seriesOf('532302', 'GE404', ['2020', '2021']);
    expect(data?._entities).toEqual([
      { indicatorSeries: { indicator: null, division: '532302', points: [], breaks: [] } },
    ]);
  });
});
