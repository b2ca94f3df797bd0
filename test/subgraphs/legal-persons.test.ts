import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bigrams } from '../../lib/codes/bigrams.ts';
import { composeCreditCode } from '../../lib/codes/uscc.ts';
import { type LegalPersonRecord, type LegalPersonsModels, models } from '../../subgraphs/legal-persons/models.ts';
import { definition } from '../../subgraphs/legal-persons/subgraph.ts';
import { planOf } from '../support/explain.ts';
import { release } from '../support/build-cubes.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';

let subgraph: RunningSubgraph;
let stored: LegalPersonsModels;

const codeOf = (number: number): string =>
  composeCreditCode({
    registrar: '9',
    category: '1',
    division: '532301',
    orgBody: `MA6K${String(number).padStart(4, '0')}`,
  });

function legalPerson(number: number, fields: Partial<LegalPersonRecord> = {}): LegalPersonRecord {
  const uscc = codeOf(number);
  const name = fields.name ?? `楚雄第${number}食品有限公司`;
  return {
    _id: uscc,
    orgCode: uscc.slice(8, 17),
    nameTokens: bigrams(name),
    kind: 'ENTERPRISE',
    industry: 'C',
    industryClass: '1432',
    status: 'ACTIVE',
    county: '532301',
    division: '532301101001',
    address: '楚雄市鹿城镇鹿城南路1号',
    establishedOn: '2015-06-01',
    capitalFen: 100_000_000,
    representativeRef: `${number % 2}`.repeat(32),
    source: '登记',
    updatedAt: new Date('2026-01-01T00:00:00Z'),
    ...fields,
    name,
  };
}

beforeAll(async () => {
  subgraph = await startSubgraph(definition, models);
  stored = models(subgraph.connection);
  await stored.legalPersons.insertMany([
    ...Array.from({ length: 24 }, (_, index) => legalPerson(index + 1)),
    legalPerson(50, { name: '楚雄彝香园（集团）股份有限公司', division: '532301102', phone: '13800001234' }),
    // The pairs of 香园彝 all occur in this name, but never in that order.
    legalPerson(51, { name: '香园与园彝饭店', kind: 'SOLE_TRADER', industry: 'H', status: 'DEREGISTERED' }),
    ...Array.from({ length: 12 }, (_, index) =>
      legalPerson(100 + index, { county: '532302', division: '532302100', industry: 'A', kind: 'FARMERS_COOPERATIVE' }),
    ),
    legalPerson(200, { industry: '?', county: '532322', division: '532322' }),
  ]);
  const licences = [1, 2].flatMap((number) =>
    [2018, 2020, 2022].map((year) => ({
      _id: `L${number}-${year}`,
      uscc: codeOf(number),
      kind: '食品生产许可',
      number: `SC${number}${year}`,
      issuer: '楚雄市市场监督管理局',
      issuedOn: `${year}-03-01`,
      validUntil: year === 2022 ? null : `${year + 5}-02-28`,
    })),
  );
  await stored.licences.insertMany(licences);
  await stored.penalties.insertMany([
    ...['2019-05-05', '2024-05-05'].map((decidedOn, index) => ({
      _id: `P${index}`,
      uscc: codeOf(1),
      decidedOn,
      authority: '楚雄市市场监督管理局',
      ground: '标签不符合规定',
      amountFen: 500_000,
      documentNumber: `楚市监处罚〔${decidedOn.slice(0, 4)}〕1号`,
    })),
  ]);
  await stored.professionals.insertMany(
    [1, 2, 3].map((number) => ({
      _id: `云15300${number}`,
      personRef: `${number}`.repeat(32),
      qualification: number === 3 ? '二级建造师' : '一级建造师',
      level: '一级',
      registeredOn: '2016-01-01',
      validUntil: '2027-01-01',
      county: number === 3 ? '532302' : '532301',
    })),
  );
  await stored.employments.insertMany([
    { _id: 'E1', professional: '云153001', uscc: codeOf(1), from: '2016-01-01', to: '2020-06-01' },
    { _id: 'E2', professional: '云153001', uscc: codeOf(2), from: '2020-06-01', to: null },
    { _id: 'E3', professional: '云153002', uscc: codeOf(1), from: '2019-01-01', to: null },
  ]);
  await release([{ definition, connection: subgraph.connection }]);
}, 60_000);

afterAll(() => subgraph.close());
beforeEach(() => {
  subgraph.reads();
});

describe('a look-up of a legal person', () => {
  it('finds it by credit code, in small letters too', async () => {
    const { data } = await subgraph.ask(`{ legalPerson(uscc: " ${codeOf(1).toLowerCase()} ") { uscc name industry } }`);
    expect(data).toEqual({ legalPerson: { uscc: codeOf(1), name: '楚雄第1食品有限公司', industry: 'C' } });
    expect(subgraph.reads().map(({ name }) => name)).toEqual(['legalPersons.find']);
  });

  it('finds it by the old organisation code, with and without the hyphen', async () => {
    const org = codeOf(2).slice(8, 17);
    const { data } = await subgraph.ask(`{
      plain: legalPersonByOrgCode(orgCode: "${org}") { uscc }
      printed: legalPersonByOrgCode(orgCode: "${org.slice(0, 8)}-${org.slice(8)}") { uscc }
    }`);
    expect(data).toEqual({ plain: { uscc: codeOf(2) }, printed: { uscc: codeOf(2) } });
    expect(subgraph.reads()).toHaveLength(1);
  });

  it('fetches only what is asked for', async () => {
    await subgraph.ask(`{ legalPerson(uscc: "${codeOf(1)}") { name representative { __typename } } }`);
    expect(subgraph.reads()[0]?.projection).toEqual({ _id: 1, name: 1, representativeRef: 1 });
  });

  it('answers null for one that does not exist and for one outside the scope, from the same query', async () => {
    const query = (code: string) => `{ legalPerson(uscc: "${code}") { name } }`;
    const unknown = await subgraph.ask(query(codeOf(999)), {}, { divisions: ['532302'] });
    const elsewhere = await subgraph.ask(query(codeOf(1)), {}, { divisions: ['532302'] });
    expect(unknown).toEqual({ ...elsewhere });
    expect(elsewhere.data).toEqual({ legalPerson: null });
    const inside = await subgraph.ask(query(codeOf(1)), {}, { divisions: ['532301'] });
    expect(inside.data).toEqual({ legalPerson: { name: '楚雄第1食品有限公司' } });
  });

  it.each([
    ['{ legalPerson(uscc: "91350100M000100Y4Z") { name } }', /^uscc: .+without I, O, S, V and Z/],
    ['{ legalPerson(uscc: "91350100M000100Y44") { name } }', /^uscc: .+compare/],
    ['{ legalPerson(uscc: "9135") { name } }', /^uscc: .+18 characters/],
    ['{ legalPersonByOrgCode(orgCode: "12345678-9") { name } }', /^orgCode: .+certificate/],
  ])('refuses %s with what to do', async (query, sentence) => {
    const { errors, codes } = await subgraph.ask(query);
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(errors?.[0]?.message).toMatch(sentence);
    expect(subgraph.reads()).toEqual([]);
  });

  it('is refused by the subgraph itself where the context does not permit the field', async () => {
    const query = `{ legalPerson(uscc: "${codeOf(50)}") { name phone } }`;
    const { data, codes } = await subgraph.ask(query, {}, { asked: ['Query.legalPerson', 'LegalPerson.name'] });
    expect(data).toBeUndefined();
    expect(codes).toEqual(['NOT_PERMITTED']);
    expect((await subgraph.ask(query)).data).toMatchObject({ legalPerson: { phone: '13800001234' } });
  });
});

describe('references to legal persons', () => {
  const text = `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on LegalPerson { uscc name inScope } } }`;

  it('are resolved by credit code and by organisation code, with one query each', async () => {
    const refs = [
      { __typename: 'LegalPerson', uscc: codeOf(1) },
      { __typename: 'LegalPerson', uscc: codeOf(2) },
      { __typename: 'LegalPerson', orgCode: codeOf(3).slice(8, 17) },
      { __typename: 'LegalPerson', uscc: codeOf(998) },
    ];
    const { data } = await subgraph.ask(text, { refs });
    expect(data?._entities).toMatchObject([
      { uscc: codeOf(1), inScope: true },
      { uscc: codeOf(2) },
      { uscc: codeOf(3) },
      null,
    ]);
    expect(subgraph.reads().map(({ name }) => name)).toEqual(['legalPersons.find', 'legalPersons.find']);
  });

  it('are null outside the scope', async () => {
    const { data } = await subgraph.ask(
      text,
      { refs: [{ __typename: 'LegalPerson', uscc: codeOf(1) }] },
      { divisions: [] },
    );
    expect(data?._entities).toEqual([null]);
  });
});

describe('a search by name', () => {
  const search = (filter: string, rest = '') =>
    subgraph.ask(`{ legalPersons(filter: { ${filter} }${rest}) {
      edges { node { uscc name } } pageInfo { hasNextPage endCursor } totalCount } }`);

  it('finds a part of a name in a division, whatever its brackets', async () => {
    const { data } = await search('division: "532300", name: "彝香园(集团)"');
    expect(data?.legalPersons).toMatchObject({ edges: [{ node: { uscc: codeOf(50) } }], totalCount: 1 });
  });

  it('does not find a name in which only the pairs of characters occur', async () => {
    const { data } = await search('division: "532300", name: "香园彝"');
    expect(data?.legalPersons).toMatchObject({ edges: [], totalCount: 0, pageInfo: { hasNextPage: false } });
  });

  it('stays inside the division and inside the scope', async () => {
    expect((await search('division: "532302", name: "彝香园"')).data?.legalPersons).toMatchObject({ edges: [] });
    const township = await search('division: "532301102", name: "彝香园"');
    expect(township.data?.legalPersons).toMatchObject({ totalCount: 1 });
    const query =
      '{ legalPersons(filter: { division: "532300", name: "彝香园" }) { edges { node { name } } totalCount } }';
    const { data } = await subgraph.ask(query, {}, { divisions: ['532302'] });
    expect(data?.legalPersons).toEqual({ edges: [], totalCount: 0 });
  });

  it('pages through all matches in one order, each once', async () => {
    const seen: string[] = [];
    let after = '';
    for (let pages = 0; pages < 5; pages++) {
      const { data } = await search('division: "532300", name: "食品有限公司"', `, first: 10${after}`);
      const { edges, pageInfo } = data?.legalPersons as {
        edges: { node: { uscc: string } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
      seen.push(...edges.map(({ node }) => node.uscc));
      if (!pageInfo.hasNextPage) break;
      after = `, after: "${pageInfo.endCursor}"`;
    }
    expect(seen).toHaveLength(37);
    expect(new Set(seen).size).toBe(37);
  });

  it('narrows by kind, industry and status', async () => {
    const { data } = await search('division: "532301", kind: SOLE_TRADER, industry: H, status: DEREGISTERED');
    expect(data?.legalPersons).toMatchObject({ totalCount: 1, edges: [{ node: { name: '香园与园彝饭店' } }] });
  });

  it('refuses a phrase that is no search, a page that is too large and a cursor of another list', async () => {
    expect((await search('division: "532300", name: "彝"')).errors?.[0]?.message).toMatch(/filter\.name: 1 .+2 to 60/);
    expect((await search('division: "5323", name: "食品"')).errors?.[0]?.message).toMatch(/division: .+6 digits/);
    expect((await search('division: "532300"', ', first: 201')).errors?.[0]?.message).toMatch(/first: 201 .+1 to 200/);
    const other = await subgraph.ask('{ professionals(filter: { division: "532300" }) { pageInfo { endCursor } } }');
    const cursor = (other.data?.professionals as { pageInfo: { endCursor: string } }).pageInfo.endCursor;
    expect((await search('division: "532300"', `, after: "${cursor}"`)).codes).toEqual(['BAD_CURSOR']);
  });

  it('enters an index and reads no further than the page', async () => {
    await search('division: "532300", name: "彝香园"');
    for (const read of subgraph.reads())
      expect(await planOf(subgraph.connection, read)).toMatchObject({
        indexes: ['nameTokens_1_county_1__id_1'],
        docsExamined: 1,
      });
    await subgraph.ask('{ legalPersons(filter: { division: "532300" }, first: 5) { edges { node { name } } } }');
    for (const read of subgraph.reads())
      expect(await planOf(subgraph.connection, read)).toMatchObject({ indexes: ['county_1__id_1'], sorts: false });
  });
});

describe('what hangs off legal persons', () => {
  it('comes with one query per type, however many legal persons there are', async () => {
    const { data, errors } =
      await subgraph.ask(`{ legalPersons(filter: { division: "532301" }, first: 30) { edges { node {
      uscc licences { number } penalties { decidedOn amountFen }
      employments(asAt: "2021-01-01") { from professional { number person { __typename } } employer { name } } } } } }`);
    expect(errors).toBeUndefined();
    expect(
      subgraph
        .reads()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      'employments.aggregate',
      'legalPersons.find',
      'legalPersons.find',
      'licences.aggregate',
      'penalties.aggregate',
      'professionals.find',
    ]);
    const { edges } = data?.legalPersons as { edges: { node: Record<string, unknown> }[] };
    const first = edges.find(({ node }) => node['uscc'] === codeOf(1))?.node;
    expect(first).toMatchObject({
      licences: [{ number: 'SC12022' }, { number: 'SC12020' }, { number: 'SC12018' }],
      penalties: [{ decidedOn: '2024-05-05', amountFen: 500_000 }, { decidedOn: '2019-05-05' }],
      employments: [{ professional: { number: '云153002' }, employer: { name: '楚雄第1食品有限公司' } }],
    });
  });

  it('is narrowed by day and by number', async () => {
    const { data } = await subgraph.ask(`{ legalPerson(uscc: "${codeOf(1)}") {
      valid: licences(validOn: "2023-02-28") { number } expired: licences(validOn: "2023-03-01") { number }
      latest: licences(first: 1) { number } recent: penalties(since: "2024-01-01") { decidedOn } } }`);
    expect(data?.legalPerson).toEqual({
      valid: [{ number: 'SC12022' }, { number: 'SC12020' }, { number: 'SC12018' }],
      expired: [{ number: 'SC12022' }, { number: 'SC12020' }],
      latest: [{ number: 'SC12022' }],
      recent: [{ decidedOn: '2024-05-05' }],
    });
  });

  it('refuses a number of rows out of range', async () => {
    const { data, codes } = await subgraph.ask(
      `{ legalPerson(uscc: "${codeOf(1)}") { name licences(first: 0) { number } } }`,
    );
    expect(data?.legalPerson).toEqual({ name: '楚雄第1食品有限公司', licences: null });
    expect(codes).toEqual(['BAD_USER_INPUT']);
  });
});

describe('registered professionals', () => {
  it('are employed as at a day, the day of leaving excluded', async () => {
    const at = (day: string) => `employments(asAt: "${day}") { employer { uscc } }`;
    const { data } = await subgraph.ask(`{ before: professional(number: "云153001") { ${at('2020-05-31')} }
      after: professional(number: "云153001") { ${at('2020-06-01')} } all: professional(number: "云153001") { employments { from to } } }`);
    expect(data).toEqual({
      before: { employments: [{ employer: { uscc: codeOf(1) } }] },
      after: { employments: [{ employer: { uscc: codeOf(2) } }] },
      all: {
        employments: [
          { from: '2020-06-01', to: null },
          { from: '2016-01-01', to: '2020-06-01' },
        ],
      },
    });
  });

  it('are listed by division, qualification and validity', async () => {
    const list = (filter: string) =>
      subgraph.ask(`{ professionals(filter: { ${filter} }) { edges { node { number } } totalCount } }`);
    expect((await list('division: "532300"')).data?.professionals).toMatchObject({ totalCount: 3 });
    const first = await list('division: "532300", qualification: "一级建造师", validOn: "2026-06-01"');
    expect(first.data?.professionals).toMatchObject({
      edges: [{ node: { number: '云153001' } }, { node: { number: '云153002' } }],
    });
    expect((await list('division: "532300", validOn: "2027-01-02"')).data?.professionals).toMatchObject({
      totalCount: 0,
    });
    expect((await list('division: "532301101"')).errors?.[0]?.message).toMatch(/first 6 digits/);
    expect((await list('division: "532300", qualification: " "')).errors?.[0]?.message).toMatch(
      /filter\.qualification: empty/,
    );
  });

  it('and the legal persons one represents are found from the person', async () => {
    const refs = [1, 0, 2].map((digit) => ({ __typename: 'Person', ref: String(digit).repeat(32) }));
    const { data } = await subgraph.ask(
      `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Person {
        represents(first: 2) { uscc } registrations { number } } } }`,
      { refs },
    );
    expect(data?._entities).toEqual([
      { represents: [{ uscc: codeOf(1) }, { uscc: codeOf(3) }], registrations: [{ number: '云153001' }] },
      { represents: [{ uscc: codeOf(2) }, { uscc: codeOf(4) }], registrations: [] },
      { represents: [], registrations: [{ number: '云153002' }] },
    ]);
    expect(subgraph.reads()).toHaveLength(2);
  });
});

describe('counts of legal persons', () => {
  const refs = ['532300', '532301', '532302', '532322', '532301102'].map((code) => ({ __typename: 'Division', code }));
  const counts = (by: string, asking = {}) =>
    subgraph.ask(
      `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Division {
        legalPersons(by: [${by}]) { industry status enterprise count suppressed revenueFen revenueSuppressed } } } }`,
      { refs },
      asking,
    );
  type Row = Record<'industry' | 'status' | 'suppressed', string | null> & { count: number | null };
  const rowsOf = (data: unknown): (readonly Row[] | null)[] =>
    (data as { _entities: { legalPersons: Row[] | null }[] })._entities.map(({ legalPersons }) => legalPersons);

  it('come as released for all divisions with one read by key, small ones withheld with what would tell them', async () => {
    const { data } = await counts('');
    const [prefecture, county, lufeng, shuangbai] = rowsOf(data);
    expect(shuangbai).toMatchObject([{ count: null }]);
    // 26, 12 and 1 are 39: one that is hidden alone could be computed.
    const hidden = [prefecture, county, lufeng, shuangbai].filter((rows) => rows?.[0]?.count === null);
    expect(hidden.length).toBeGreaterThanOrEqual(2);
    expect(
      subgraph
        .reads()
        .map(({ name }) => name)
        .filter((name) => name !== 'cubeReleases.find'),
    ).toEqual(['cubeTables.find']);
  });

  it('name industries the standard does not know null, after all others', async () => {
    const rows = rowsOf((await counts('INDUSTRY')).data)[0] ?? [];
    expect(rows.map(({ industry }) => industry)).toEqual([
      ...rows
        .map((row) => row.industry)
        .filter(Boolean)
        .sort(),
      null,
    ]);
    expect(rows.find(({ industry }) => industry === null)).toMatchObject({ count: null });
    expect(rows.every(({ count, suppressed }) => (count === null) === (suppressed !== null))).toBe(true);
  });

  it('refuse a dimension named twice, a table that is not listed and a division that is not wholly in scope', async () => {
    expect((await counts('STATUS, STATUS')).codes).toEqual(Array(5).fill('BAD_USER_INPUT'));
    expect((await counts('INDUSTRY, BODY')).codes).toEqual(Array(5).fill('BAD_USER_INPUT'));
    const { data, codes } = await counts('', { divisions: ['532301'] });
    expect(codes).toEqual(['PARTIAL_SCOPE', 'PARTIAL_SCOPE', 'PARTIAL_SCOPE']);
    expect(rowsOf(data).map((rows) => rows === null)).toEqual([true, false, true, true, false]);
  });

  it('give the enterprises in operation as released for a period, and say nothing where they were not', async () => {
    const year = new Date().getFullYear();
    const at = (period: string) => ({ __typename: 'DivisionAt', code: '532300', period });
    const { data, errors } = await subgraph.ask(
      'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on DivisionAt { enterprises } } }',
      { refs: [at(String(year)), at(String(year - 1))] },
    );
    expect(errors).toBeUndefined();
    const [now, before] = data?._entities as { enterprises: number | null }[];
    expect([null, 25, 26, 37, 38]).toContain(now?.enterprises);
    expect(before).toEqual({ enterprises: null });
  });
});
