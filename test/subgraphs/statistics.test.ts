import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { models, type ObservationRecord } from '../../subgraphs/statistics/models.ts';
import { definition } from '../../subgraphs/statistics/subgraph.ts';
import { planOf } from '../support/explain.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';

let subgraph: RunningSubgraph;

interface Value {
  readonly indicator: string;
  readonly division?: string;
  readonly period: string;
  readonly value: number;
  readonly vintage?: number;
  readonly publishedOn?: string;
}

function observation({
  indicator,
  division = '532300',
  period,
  value,
  vintage = 1,
  publishedOn,
}: Value): ObservationRecord {
  return {
    _id: `${indicator}:${division}:${period}:${vintage}`,
    indicator,
    division,
    period,
    value,
    unit: '亿元',
    vintage,
    status: vintage === 1 ? 'PRELIMINARY' : 'FINAL',
    source: '统计局',
    publishedOn: publishedOn ?? `${Number(period.slice(0, 4)) + vintage}-02-01`,
  };
}

beforeAll(async () => {
  subgraph = await startSubgraph(definition, models);
  const { indicators, observations } = models(subgraph.connection);
  const indicator = (_id: string, department = '统计局', frequency: 'YEAR' | 'QUARTER' | 'MONTH' = 'YEAR') => ({
    _id,
    name: `指标${_id}`,
    definition: '口径',
    unit: '亿元',
    frequency,
    department,
  });
  await indicators.insertMany([
    indicator('GE001'),
    indicator('GE002'),
    indicator('GE003', '统计局', 'QUARTER'),
    indicator('FI001', '财政局', 'MONTH'),
  ]);
  await observations.insertMany([
    ...[2019, 2020, 2021, 2022, 2023].flatMap((year) => [
      observation({ indicator: 'GE001', period: String(year), value: year }),
      observation({ indicator: 'GE001', period: String(year), value: year + 0.5, vintage: 2 }),
      observation({ indicator: 'GE002', period: String(year), value: 1 }),
    ]),
    observation({ indicator: 'GE001', period: '2024', value: 2024 }),
    ...['2023-Q3', '2023-Q4', '2024-Q1'].map((period) => observation({ indicator: 'GE003', period, value: 3 })),
    ...['2023-09', '2023-10'].map((period) => observation({ indicator: 'FI001', period, value: 4 })),
    // The same area before and after its code changed.
    observation({ indicator: 'GE001', division: '532331', period: '2020', value: 7 }),
    observation({ indicator: 'GE001', division: '532302', period: '2021', value: 8 }),
  ]);
}, 60_000);

afterAll(() => subgraph.close());
beforeEach(() => {
  subgraph.reads();
});

interface Node {
  readonly period: string;
  readonly value: number;
  readonly vintage: number;
  readonly indicator: { readonly code: string };
}

async function list(filter: string, rest = ''): Promise<{ nodes: Node[]; next: string | null }> {
  const { data, errors } = await subgraph.ask(`{ observations(filter: { ${filter} }${rest}) {
    edges { node { period value vintage indicator { code } } } pageInfo { hasNextPage endCursor } } }`);
  expect(errors).toBeUndefined();
  const { edges, pageInfo } = data?.observations as {
    edges: { node: Node }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
  return { nodes: edges.map(({ node }) => node), next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

describe('observations', () => {
  it('show the latest vintage of each period, the latest period first', async () => {
    const { nodes } = await list('division: "532300", indicator: "GE001"');
    expect(nodes.map(({ value }) => value)).toEqual([2024, 2023.5, 2022.5, 2021.5, 2020.5, 2019.5]);
    expect(subgraph.reads().map(({ name }) => name)).toEqual(['observations.find', 'indicators.find']);
  });

  it('show every vintage where all are asked for', async () => {
    const { nodes } = await list('division: "532300", indicator: "GE001", from: "2022", to: "2023"', ', vintages: ALL');
    expect(nodes.map(({ value, vintage }) => [value, vintage])).toEqual([
      [2023.5, 2],
      [2023, 1],
      [2022.5, 2],
      [2022, 1],
    ]);
  });

  it('show what was known on a day', async () => {
    const { nodes } = await list(
      'division: "532300", indicator: "GE001", from: "2022", to: "2024", knownOn: "2024-02-01"',
    );
    expect(nodes.map(({ period, value }) => [period, value])).toEqual([
      ['2023', 2023],
      ['2022', 2022.5],
    ]);
  });

  it('of a range are those of its form only', async () => {
    const periods = async (range: string) =>
      (await list(`division: "532300", ${range}`)).nodes.map(({ period }) => period);
    expect(await periods('from: "2023-Q1", to: "2024-Q4"')).toEqual(['2024-Q1', '2023-Q4', '2023-Q3']);
    expect(await periods('from: "2023-09", to: "2023-12"')).toEqual(['2023-10', '2023-09']);
    expect(await periods('from: "2024"')).toEqual(['2024']);
  });

  it.each(['LATEST', 'ALL'])('of all indicators come by pages, each once (%s)', async (vintages) => {
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page = await list('division: "532300"', `, vintages: ${vintages}, first: 4${next && `, after: "${next}"`}`);
      seen.push(...page.nodes.map(({ period, indicator, vintage }) => `${period} ${indicator.code} ${vintage}`));
      next = page.next;
    }
    expect(seen).toHaveLength(vintages === 'ALL' ? 21 : 16);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(0, 3)).toEqual(['2024-Q1 GE003 1', '2024 GE001 1', '2023-Q4 GE003 1']);
  });

  it('stand under the code they were published with', async () => {
    expect((await list('division: "532302"')).nodes).toMatchObject([{ period: '2021', value: 8 }]);
    expect((await list('division: "532331"')).nodes).toMatchObject([{ period: '2020', value: 7 }]);
  });

  it.each([
    ['from: "2024-13"', /^filter\.from: .+2024-Q3/],
    ['to: "2024"', /^filter\.from: missing/],
    ['from: "2024", to: "2024-12"', /^filter\.to: not of the form/],
    ['from: "2024", to: "2023"', /^filter\.to: 0 periods/],
    ['from: "1950-01", to: "2024-01"', /^filter\.to: 889 periods .+480/],
    ['indicator: ""', /^filter\.indicator: empty/],
  ])('refuse %s', async (filter, sentence) => {
    const { errors, codes } = await subgraph.ask(
      `{ observations(filter: { division: "532300", ${filter} }) { edges { cursor } } }`,
    );
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(errors?.[0]?.message).toMatch(sentence);
  });

  it('are read in the order of an index', async () => {
    await list('division: "532300", indicator: "GE001"', ', first: 2');
    await list('division: "532300"', ', first: 2');
    const reads = subgraph.reads().filter(({ name }) => name === 'observations.find');
    const plans = await Promise.all(reads.map((read) => planOf(subgraph.connection, read)));
    expect(plans.map(({ indexes, sorts }) => [indexes, sorts])).toEqual([
      [['indicator_1_division_1_period_-1_vintage_-1'], false],
      [['division_1_period_-1_indicator_1_vintage_-1'], false],
    ]);
  });
});

describe('indicators', () => {
  it('are found by code and listed by department, frequency and beginning of the code', async () => {
    const codes = async (filter: string) => {
      const { data } = await subgraph.ask(
        `{ indicators(filter: { ${filter} }) { edges { node { code } } totalCount } }`,
      );
      const { edges } = data?.indicators as { edges: { node: { code: string } }[] };
      return edges.map(({ node }) => node.code);
    };
    const { data } = await subgraph.ask(
      '{ indicator(code: "GE001") { name definition unit } none: indicator(code: "X") { name } }',
    );
    expect(data).toEqual({ indicator: { name: '指标GE001', definition: '口径', unit: '亿元' }, none: null });
    expect(await codes('department: "统计局"')).toEqual(['GE001', 'GE002', 'GE003']);
    expect(await codes('codePrefix: "GE", frequency: QUARTER')).toEqual(['GE003']);
    expect(await codes('')).toHaveLength(4);
    const { errors } = await subgraph.ask('{ indicators(filter: { codePrefix: "经" }) { edges { cursor } } }');
    expect(errors?.[0]?.message).toMatch(/^filter\.codePrefix: /);
  });
});

describe('a division', () => {
  const refs = ['532300', '532302', '532331'].map((code) => ({ __typename: 'Division', code }));
  const ask = (fields: string) =>
    subgraph.ask(`query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Division { ${fields} } } }`, {
      refs,
    });

  it('shows the latest value of an indicator, for many divisions with one query', async () => {
    const { data } =
      await ask(`gdp: indicator(code: "GE001", period: "2021") { value vintage status publishedOn source indicator { name } }
      before: indicator(code: "GE001", period: "2020") { value vintage status publishedOn source indicator { name } }`);
    expect(data?._entities).toEqual([
      {
        gdp: {
          value: 2021.5,
          vintage: 2,
          status: 'FINAL',
          publishedOn: '2023-02-01',
          source: '统计局',
          indicator: { name: '指标GE001' },
        },
        before: expect.objectContaining({ value: 2020.5 }) as unknown,
      },
      { gdp: expect.objectContaining({ value: 8 }) as unknown, before: null },
      { gdp: null, before: expect.objectContaining({ value: 7 }) as unknown },
    ]);
    const reads = subgraph.reads();
    expect(reads.map(({ name }) => name)).toEqual(['observations.find', 'indicators.find']);
    for (const read of reads.slice(0, 1))
      expect((await planOf(subgraph.connection, read)).indexes).not.toContain('COLLSCAN');
  });

  it('shows several indicators in the order asked for, without those that have no value', async () => {
    const { data } = await ask('indicators(codes: ["GE002", "GE009", "GE001", "GE002"], period: "2021") { value }');
    expect(data?._entities).toEqual([
      { indicators: [{ value: 1 }, { value: 2021.5 }] },
      { indicators: [{ value: 8 }] },
      { indicators: [] },
    ]);
    expect((await ask('indicators(codes: [], period: "2021") { value }')).errors?.[0]?.message).toMatch(/^codes: 0 /);
    expect((await ask('indicator(code: "GE001", period: "21") { value }')).errors?.[0]?.message).toMatch(/^period: /);
  });
});

describe('an indicator derived across departments', () => {
  const at = (totals: object) => ({ __typename: 'DivisionAt', code: '532301', period: '2026', ...totals });
  const ask = (refs: readonly object[]) =>
    subgraph.ask(
      `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on DivisionAt {
        residentsPerEnterprise { value unit missing } enterprisesPerTenThousandResidents { value missing }
        parcelAreaPerResident { value missing definition } } } }`,
      { refs },
    );

  it('is the ratio of what the departments counted', async () => {
    const { data } = await ask([at({ residents: 25_000, enterprises: 300, parcelAreaSquareMetres: 1_234_567.8 })]);
    expect(data?._entities).toEqual([
      {
        residentsPerEnterprise: { value: 83.33, unit: '人/户', missing: [] },
        enterprisesPerTenThousandResidents: { value: 120, missing: [] },
        parcelAreaPerResident: {
          value: 49.38,
          missing: [],
          definition: expect.stringContaining('自然资源') as unknown,
        },
      },
    ]);
    expect(subgraph.reads()).toEqual([]);
  });

  it('is null and names the input that is missing', async () => {
    const { data } = await ask([
      at({ residents: null, enterprises: 300, parcelAreaSquareMetres: null }),
      at({ residents: 5 }),
    ]);
    expect(data?._entities).toMatchObject([
      {
        residentsPerEnterprise: { value: null, missing: ['DivisionAt.residents'] },
        parcelAreaPerResident: { value: null, missing: ['DivisionAt.parcelAreaSquareMetres', 'DivisionAt.residents'] },
      },
      { residentsPerEnterprise: { value: null, missing: ['DivisionAt.enterprises'] } },
    ]);
  });

  it('is a share or a growth against the period before, in percent', async () => {
    const query = `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on DivisionAt {
      shareAged60AndOver { value unit } residentsGrowth { value unit missing } enterprisesGrowth { value missing }
      complaintsPerTenThousandResidents { value } } } }`;
    const totals = {
      residents: 1_000,
      residentsBefore: 800,
      residentsAged60AndOver: 225,
      complaints: 12,
      enterprises: 9,
    };
    const { data } = await subgraph.ask(query, { refs: [at(totals)] });
    expect(data?._entities).toEqual([
      {
        shareAged60AndOver: { value: 22.5, unit: '%' },
        residentsGrowth: { value: 25, unit: '%', missing: [] },
        enterprisesGrowth: { value: null, missing: ['DivisionAt.enterprisesBefore'] },
        complaintsPerTenThousandResidents: { value: 120 },
      },
    ]);
  });

  it('is null where it would be divided by nothing, with no input missing', async () => {
    const { data } = await ask([at({ residents: 100, enterprises: 0 })]);
    expect(data?._entities).toMatchObject([
      {
        residentsPerEnterprise: { value: null, missing: [] },
        enterprisesPerTenThousandResidents: { value: 0, missing: [] },
      },
    ]);
  });
});
