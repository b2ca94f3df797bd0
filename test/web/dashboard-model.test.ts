import { describe, expect, it } from 'vitest';
import { dashboardOf } from '../../web/dashboard/model.ts';
import { createOutages } from '../../web/dashboard/outages.ts';
import type { Answer } from '../../web/dashboard/answer.ts';
import { readAddress } from '../../web/dashboard/address.ts';
import { valueOf } from '../../web/dashboard/figure.ts';
import type { Table } from '../../web/dashboard/table.ts';
import type { Wish } from '../../web/dashboard/query.ts';
import { type Sample, sampleAnswer, type SampleWhole } from './dashboard-answers.ts';

const model = (answer: Answer, wish: Wish = { division: '532300' }) =>
  dashboardOf(answer, { wish, language: 'en', today: '2026-11-22' });

const sample = (wish: Sample = {}): { answer: Answer; division: SampleWhole } => {
  const answer = sampleAnswer(wish);
  if (!answer.data?.division) throw new Error('the sample has a division');
  return { answer, division: answer.data.division };
};

const tableOf = ({ tables }: { tables: readonly Table[] }, id: string): Table => {
  const table = tables.find((each) => each.id === id);
  if (!table) throw new Error(`no table ${id}`);
  return table;
};

const columnOf = (table: Table, key: string) => {
  const index = table.columns.findIndex((column) => column.key === key);
  return table.rows.map(({ figures }) => figures[index]);
};

const failure = (path: string[], code: string, extensions: object = {}) => ({
  message: 'said by the hub',
  path,
  extensions: { code, ...extensions },
});

describe('what is shown', () => {
  it('has every total with its source, its day and its definition', () => {
    const { keyFigures } = model(sampleAnswer());
    expect(keyFigures.map(({ total }) => total)).toContain('archives');
    for (const { column, total } of keyFigures) expect([total, column.source?.definition]).not.toContain('');
    expect(keyFigures[0]?.column.source).toMatchObject({
      department: 'public-security',
      asOf: '2026-11-01',
      release: 3,
    });
  });

  it('counts a cell that its table leaves out as a true zero', () => {
    const { answer, division } = sample({ beside: '532301' });
    if (!answer.data?.beside?.byLandUse) throw new Error('the sample has land uses');
    answer.data.beside.byLandUse = answer.data.beside.byLandUse.slice(1);
    const land = tableOf(model(answer, { division: '532300', beside: '532301' }), 'land');
    expect(columnOf(land, 'area-beside')[0]).toEqual({ kind: 'SHOWN', value: 0 });
    expect(division.byLandUse).toHaveLength(4);
  });

  it('leads from the prefecture down to a township, which has neither archives nor fine tables', () => {
    const { trail, keyFigures, trends } = model(sampleAnswer({ division: '532301100' }), { division: '532301100' });
    expect(trail.map(({ code }) => code)).toEqual(['532300', '532301', '532301100']);
    expect(keyFigures.map(({ total }) => total)).not.toContain('archives');
    expect(trends).toEqual([]);
  });
});

describe('what is hidden', () => {
  it('is a reason and no number, even where a number was sent with it', () => {
    const { answer, division } = sample();
    division.residents = [{ count: 4_711, suppressed: 'PRIMARY' }];
    division.byTopic = [{ topic: { code: '01', title: '城乡建设' }, count: 4_712, suppressed: 'SECONDARY' }];
    const found = model(answer);
    expect(found.keyFigures[0]?.figure).toEqual({ kind: 'HIDDEN', by: 'PRIMARY' });
    expect(columnOf(tableOf(found, 'topics'), 'count')).toEqual([{ kind: 'HIDDEN', by: 'SECONDARY' }]);
    expect(JSON.stringify(found)).not.toMatch(/471[12]/);
  });

  it('has no share, and takes the share of every part where it is the whole', () => {
    const { answer, division } = sample();
    division.legalPersons = [{ ...division.legalPersons?.[0], count: null, suppressed: 'SECONDARY' }];
    const industry = tableOf(model(answer), 'industry');
    expect(columnOf(industry, 'count').every((figure) => figure?.kind === 'SHOWN')).toBe(true);
    expect(new Set(columnOf(industry, 'count-share'))).toEqual(new Set([{ kind: 'HIDDEN', by: 'SECONDARY' }]));
  });

  it('has no change against another month, whichever of the two months hides it', () => {
    const { answer } = sample({ against: '2026-10' });
    const earlier = answer.data?.against?.byState?.[0];
    const later = answer.data?.division?.byState?.[1];
    if (!earlier || !later) throw new Error('the sample has states');
    Object.assign(earlier, { count: 4_711, suppressed: 'PRIMARY' });
    Object.assign(later, { count: 4_712, suppressed: 'SECONDARY' });
    const states = tableOf(model(answer, { division: '532300', against: '2026-10' }), 'states');
    expect(columnOf(states, 'count-change')).toEqual([
      { kind: 'HIDDEN', by: 'PRIMARY' },
      { kind: 'HIDDEN', by: 'SECONDARY' },
    ]);
  });

  it('hides revenue and area apart from their counts', () => {
    const { answer, division } = sample();
    const cell = division.byIndustry?.[0];
    if (!cell) throw new Error('the sample has industries');
    Object.assign(cell, { revenueFen: 4_711, revenueSuppressed: 'PRIMARY' });
    const industry = tableOf(model(answer), 'industry');
    expect(columnOf(industry, 'count')[0]?.kind).toBe('SHOWN');
    expect(columnOf(industry, 'revenue')[0]).toEqual({ kind: 'HIDDEN', by: 'PRIMARY' });
  });

  it('gives no share of a total that is of another release', () => {
    const { answer, division } = sample();
    for (const cell of division.byIndustry ?? []) if (cell.about) cell.about = { ...cell.about, release: 1 };
    const { columns } = tableOf(model(answer), 'industry');
    expect(columns.map(({ key }) => key)).toEqual(['count', 'revenue']);
  });

  it('does not count in the rank of others, and has none itself', () => {
    const { answer } = sample({ division: '532301' });
    const parts = answer.data?.prefecture?.children?.edges?.map((edge) => edge?.node) ?? [];
    const wish = { division: '532301' };
    const before = model(answer, wish).keyFigures[0]?.rank;
    for (const part of parts.filter((each) => each?.code !== '532301').slice(0, 3))
      part?.residents?.splice(0, 1, { count: 999_999, suppressed: 'PRIMARY' });
    expect(before?.of).toBe(10);
    expect(model(answer, wish).keyFigures[0]?.rank?.of).toBe(7);
  });

  it('takes a derived number away whose input is not there, even where a value was sent', () => {
    const { answer, division } = sample();
    division.at = {
      period: '2026-11',
      residentsPerEnterprise: { value: 4_711, missing: ['DivisionAt.enterprises'] },
    };
    const found = model(answer).keyFigures.find(({ total }) => total === 'residentsPerEnterprise');
    expect(found?.figure).toEqual({ kind: 'MISSING', gap: { kind: 'INPUT_MISSING' } });
  });
});

describe('a derived number', () => {
  it('is taken away where an input is hidden, which it would give back', () => {
    const { answer, division } = sample();
    division.complaints = [{ count: null, suppressed: 'SECONDARY' }];
    const figures = new Map(model(answer).keyFigures.map(({ total, figure }) => [total, figure]));
    const missing = { kind: 'MISSING', gap: { kind: 'INPUT_MISSING' } };
    expect(figures.get('complaintsPerTenThousandResidents')).toEqual(missing);
    expect(figures.get('parcelAreaPerResident')?.kind).toBe('SHOWN');
    division.residents = [{ count: null, suppressed: 'PRIMARY' }];
    for (const { total, figure } of model(answer).keyFigures)
      if (/Resident|shareAged|residentsGrowth/.test(total)) expect([total, figure]).toEqual([total, missing]);
  });
});

describe('what is missing', () => {
  it('costs a department its own panels when it is down, and says so', () => {
    const { answer, division } = sample();
    division.complaints = division.byTopic = division.byState = null;
    const fields = ['complaints', 'byTopic', 'byState'];
    const errors = fields.map((field) => failure(['division', field], 'SUBGRAPH_UNAVAILABLE', { subgraph: 'hotline' }));
    const found = model({ ...answer, errors });
    expect(found.down).toEqual(['government-hotline']);
    expect(tableOf(found, 'topics').gap).toMatchObject({ kind: 'DOWN', department: 'government-hotline' });
    expect(tableOf(found, 'industry').gap).toBeUndefined();
    expect(found.keyFigures.filter(({ figure }) => figure.kind === 'SHOWN').length).toBeGreaterThan(8);
  });

  it('still names and lists the counties when the register of divisions does not answer', () => {
    const errors = [failure(['division'], 'SUBGRAPH_TIMEOUT', { subgraph: 'geospatial' })];
    const found = model({ data: { division: null }, errors });
    expect(found.exists).toBe(true);
    expect(found.counties.rows.map(({ label }) => label)).toContain('禄丰市');
    expect(found.counties.rows).toHaveLength(10);
    expect(found.keyFigures[0]?.figure).toMatchObject({ kind: 'MISSING', gap: { kind: 'DOWN' } });
  });

  it('knows a division that does not exist from one that nobody could ask for', () => {
    expect(model({ data: { division: null }, errors: [] }).exists).toBe(false);
  });

  it.each([
    ['NOT_SHARED', { owner: 'public-security', reason: 'NO_GRANT' }, 'NOT_SHARED'],
    ['PARTIAL_SCOPE', {}, 'PARTIAL_SCOPE'],
    ['NO_RELEASE', {}, 'NO_RELEASE'],
    ['BAD_USER_INPUT', {}, 'REFUSED'],
    ['SUBGRAPH_ERROR', { subgraph: 'population' }, 'FAILED'],
  ])('tells %s apart', (code, extensions, kind) => {
    const { answer, division } = sample();
    division.residents = null;
    const found = model({ ...answer, errors: [failure(['division', 'residents'], code, extensions)] });
    expect(found.keyFigures[0]?.figure).toMatchObject({ kind: 'MISSING', gap: { kind } });
    expect(found.down).toEqual([]);
  });

  it('remembers since when a department has not answered, and forgets it once it does', () => {
    const outages = createOutages();
    outages.note(['archives-bureau'], 1_000);
    expect(outages.note(['archives-bureau', 'statistics-bureau'], 2_000)).toEqual(
      new Map([
        ['archives-bureau', 1_000],
        ['statistics-bureau', 2_000],
      ]),
    );
    outages.note([], 3_000);
    expect(outages.note(['archives-bureau'], 4_000).get('archives-bureau')).toBe(4_000);
  });
});

describe('series', () => {
  it('have growth on the year before, but not across a break', () => {
    const { trends } = model(sampleAnswer());
    const monthly = trends.find(({ table }) => table.id === 'FI001');
    const points = monthly?.table.rows.map(({ figures: [figure] }) => valueOf(figure) ?? 0) ?? [];
    expect(monthly?.latest?.yearOnYear).toBeCloseTo((points[23] ?? 0) / (points[11] ?? 1) - 1, 10);
    const yearly = sampleAnswer();
    Object.assign(yearly.data?.division ?? {}, {
      PO001: {
        indicator: { code: 'PO001', unit: '万人' },
        points: [
          { period: '2024', value: 10 },
          { period: '2025', value: 20 },
        ],
        breaks: [{ period: '2025', from: ['532331'], to: ['532302'], reason: 'PART_MOVED' }],
      },
    });
    const broken = model(yearly).trends.find(({ table }) => table.id === 'PO001');
    expect(broken?.latest).toMatchObject({ period: '2025', yearOnYear: undefined });
    expect(broken?.breaks[0]?.said).toContain('532331 → 532302');
  });
});

describe('the address', () => {
  const read = (search: string) => readAddress(new URLSearchParams(search), '532300');
  it('takes divisions, months and measures, and nothing else', () => {
    expect(read('division=532301&with=532302&period=2026-11&against=2026-10&measure=area')).toEqual({
      division: '532301',
      beside: '532302',
      period: '2026-11',
      against: '2026-10',
      measure: 'area',
    });
    expect(read('division=<script>&with=53&period=2026-13&against=x&measure=__proto__')).toEqual({
      division: '532300',
      measure: 'people',
    });
  });

  it('compares nothing with itself', () => {
    expect(read('division=532301&with=532301&period=2026-11&against=2026-11')).toEqual({
      division: '532301',
      period: '2026-11',
      measure: 'people',
    });
  });
});
