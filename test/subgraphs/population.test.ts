import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../lib/caller.ts';
import { composeResidentNumber, legacyResidentNumber } from '../../lib/codes/resident-number.ts';
import { models, type PersonRecord } from '../../subgraphs/population/models.ts';
import { definition } from '../../subgraphs/population/subgraph.ts';
import { release } from '../support/build-cubes.ts';
import { planOf } from '../support/explain.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';

let subgraph: RunningSubgraph;
const YEAR = new Date().getFullYear();

const refOf = (number: number): string => number.toString(16).padStart(32, '0');

function person(number: number, fields: Partial<PersonRecord> = {}): PersonRecord {
  const birthDate = fields.birthDate ?? `${YEAR - 35}-03-0${(number % 9) + 1}`;
  return {
    _id: refOf(number),
    residentNumber: composeResidentNumber('532301', birthDate, String(number).padStart(3, '0')),
    name: `张${String(number).padStart(2, '0')}`,
    sex: number % 2 === 1 ? '1' : '2',
    ethnicGroup: '01',
    division: '532301101001',
    county: '532301',
    address: '楚雄市鹿城镇鹿城南路1号',
    phone: '13800001234',
    fingerprintCode: 'F1',
    householdNumber: 1000 + Math.floor(number / 10),
    status: 'REGISTERED',
    source: '户籍系统',
    updatedAt: new Date('2026-01-01T00:00:00Z'),
    ...fields,
    birthDate,
  };
}

const CURRENT = person(1);
const OLD_FORM = composeResidentNumber('532301', '1948-02-03', '017');

beforeAll(async () => {
  subgraph = await startSubgraph(definition, models);
  const { persons, households, residences } = models(subgraph.connection);
  await persons.insertMany([
    CURRENT,
    // The same person under the form of before 1999: never shown beside the current record.
    person(90, { residentNumber: legacyResidentNumber(CURRENT.residentNumber), name: '张旧', householdNumber: 9 }),
    person(91, {
      residentNumber: legacyResidentNumber(OLD_FORM),
      birthDate: '1948-02-03',
      name: '李老',
      householdNumber: 9,
    }),
    ...Array.from({ length: 29 }, (_, index) => person(index + 2)),
    ...Array.from({ length: 11 }, (_, index) =>
      person(40 + index, {
        county: '532302',
        division: '532302100',
        ethnicGroup: '07',
        birthDate: `${YEAR - 95}-01-01`,
      }),
    ),
    person(60, { status: 'DECEASED', county: '532302', division: '532302' }),
  ]);
  await households.insertMany(
    [1000, 1001].map((number, index) => ({
      _id: number,
      division: '532301101001',
      county: '532301',
      headRef: refOf(index * 10 + 1),
      address: '鹿城南路1号',
    })),
  );
  await residences.insertMany([
    { _id: 'R2', personRef: refOf(1), division: '532301101001', address: '新址', from: '2010-01-01', to: null },
    { _id: 'R1', personRef: refOf(1), division: '532331100', address: '旧址', from: '1990-01-01', to: '2010-01-01' },
  ]);
  await release([{ definition, connection: subgraph.connection }]);
}, 60_000);

afterAll(() => subgraph.close());
beforeEach(() => {
  subgraph.reads();
});

const found = (data: unknown) => data as Record<string, { id: string }>;

describe('a look-up of a person', () => {
  const byNumber = (number: string, fields = 'name') =>
    subgraph.ask(`{ personByResidentNumber(residentNumber: "${number}") { ${fields} } }`);

  it('finds the current record by the complete number and by the 15 digits of the old form', async () => {
    expect((await byNumber(CURRENT.residentNumber, 'name sex birthDate')).data).toEqual({
      personByResidentNumber: { name: '张01', sex: 'MALE', birthDate: CURRENT.birthDate },
    });
    expect((await byNumber(legacyResidentNumber(OLD_FORM))).data).toEqual({ personByResidentNumber: { name: '李老' } });
    expect((await byNumber(OLD_FORM)).data).toEqual({ personByResidentNumber: { name: '李老' } });
    for (const read of subgraph.reads())
      expect(await planOf(subgraph.connection, read)).toMatchObject({ indexes: ['residentNumber_1'] });
  });

  it('answers the same for nobody and for somebody out of scope', async () => {
    const query = (number: string) => `{ personByResidentNumber(residentNumber: "${number}") { name } }`;
    const nobody = composeResidentNumber('532301', '1970-01-01', '999');
    const elsewhere = { divisions: ['532302'] };
    expect(await subgraph.ask(query(CURRENT.residentNumber), {}, elsewhere)).toEqual(
      await subgraph.ask(query(nobody), {}, elsewhere),
    );
    expect((await subgraph.ask(query(CURRENT.residentNumber), {}, { divisions: ['532301'] })).data).not.toEqual({
      personByResidentNumber: null,
    });
  });

  it.each([
    ['123', /^residentNumber: .+18 characters/],
    ['532301199002300018', /^residentNumber: .+calendar/],
    [composeResidentNumber('532301', `${YEAR + 1}-12-31`, '001'), /^residentNumber: .+future/],
  ])('refuses %s without repeating it', async (number, sentence) => {
    const { errors, codes } = await byNumber(number);
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(errors?.[0]?.message).toMatch(sentence);
    expect(errors?.[0]?.message).not.toContain(number);
    expect(subgraph.reads()).toEqual([]);
  });

  it('never fetches the fingerprint record unless it is asked for', async () => {
    await byNumber(CURRENT.residentNumber, 'name phone address');
    expect(subgraph.reads()[0]?.projection).not.toHaveProperty('fingerprintCode');
    const denied = await subgraph.ask(
      `{ personByResidentNumber(residentNumber: "${CURRENT.residentNumber}") { fingerprintCode } }`,
      {},
      { asked: ['Query.personByResidentNumber'] },
    );
    expect(denied.codes).toEqual(['NOT_PERMITTED']);
  });
});

describe('the public id of a person', () => {
  const query = `{ personByResidentNumber(residentNumber: "${CURRENT.residentNumber}") { id } }`;
  const other: Caller = { department: 'civil-affairs', application: 'relief', purpose: 'another', roles: [] };

  it('finds the person for the department and purpose it was issued to, and for nobody else', async () => {
    const { id } = found((await subgraph.ask(query)).data)['personByResidentNumber'] ?? { id: '' };
    expect((await subgraph.ask(`{ person(id: "${id}") { name } }`)).data).toEqual({ person: { name: '张01' } });
    expect((await subgraph.ask(`{ person(id: "${id}") { name } }`, {}, { caller: other })).data).toEqual({
      person: null,
    });
    expect((await subgraph.ask('{ person(id: "x") { name } }')).data).toEqual({ person: null });
    const theirs = found((await subgraph.ask(query, {}, { caller: other })).data)['personByResidentNumber'];
    expect(theirs?.id).not.toBe(id);
  });

  it('is no cursor', async () => {
    const { id } = found((await subgraph.ask(query)).data)['personByResidentNumber'] ?? { id: '' };
    const { codes } = await subgraph.ask(
      `{ persons(filter: { division: "532301" }, after: "${id}") { edges { cursor } } }`,
    );
    expect(codes).toEqual(['BAD_CURSOR']);
  });
});

describe('a verification', () => {
  const verify = (number: string, name: string, asking = {}) =>
    subgraph.ask(`{ verifyPerson(residentNumber: "${number}", name: "${name}") { match asOf } }`, {}, asking);

  it('says match or no match, and nothing else', async () => {
    const no = { verifyPerson: { match: false, asOf: null } };
    expect((await verify(CURRENT.residentNumber, ' 张01 ')).data).toEqual({
      verifyPerson: { match: true, asOf: '2026-01-01T00:00:00.000Z' },
    });
    expect((await verify(CURRENT.residentNumber, '张02')).data).toEqual(no);
    expect((await verify(composeResidentNumber('532301', '1970-01-01', '999'), '张01')).data).toEqual(no);
    expect((await verify(CURRENT.residentNumber, '张01', { divisions: ['532302'] })).data).toEqual(no);
  });
});

describe('a list of persons', () => {
  const list = (filter: string, rest = '', asking = {}) =>
    subgraph.ask(
      `{ persons(filter: { ${filter} }${rest}) { edges { node { name } } totalCount pageInfo { hasNextPage endCursor } } }`,
      {},
      asking,
    );

  it('comes by pages in one order, each person once', async () => {
    const names: string[] = [];
    for (let after = '', more = true; more;) {
      const { data } = await list('division: "532300"', `, first: 10${after}`);
      const { edges, pageInfo } = data?.persons as {
        edges: { node: { name: string } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
      names.push(...edges.map(({ node }) => node.name));
      [after, more] = [`, after: "${pageInfo.endCursor}"`, pageInfo.hasNextPage];
    }
    expect(names).toHaveLength(44);
    expect(new Set(names).size).toBe(44);
  });

  it('is narrowed by name, sex, birth and scope', async () => {
    expect((await list('division: "532301", name: "张05"')).data?.persons).toMatchObject({ totalCount: 1 });
    expect((await list('division: "532301101", sex: FEMALE')).data?.persons).toMatchObject({ totalCount: 16 });
    expect((await list(`division: "532300", bornTo: "${YEAR - 90}-01-01"`)).data?.persons).toMatchObject({
      totalCount: 11,
    });
    expect((await list('division: "532300"', '', { divisions: ['532302'] })).data?.persons).toMatchObject({
      totalCount: 12,
    });
  });

  it('comes in an order of the purpose, which tells nothing about names', async () => {
    const namesFor = async (purpose: string): Promise<string[]> => {
      const caller = { department: 'civil-affairs', application: 'relief', purpose, roles: [] };
      const { data } = await list('division: "532301"', ', first: 200', { caller });
      return (data?.persons as { edges: { node: { name: string } }[] }).edges.map(({ node }) => node.name);
    };
    const names = await namesFor('relief-check');
    const others = await namesFor('audit');
    expect(await namesFor('relief-check')).toEqual(names);
    expect([...others].sort()).toEqual([...names].sort());
    expect(others).not.toEqual(names);
    // Stored by number, which the names follow: 32 rows are sorted by chance once in 10^35 runs.
    for (const one of [names, others]) expect(one).not.toEqual([...one].sort());
  });

  it.each([
    ['division: "532300"', 'county_1__id_1', 44],
    ['division: "532301", name: "张05"', 'name_1_county_1__id_1', 1],
  ])('with %s is read by an index, and of the rows no more than the page', async (filter, index, matches) => {
    await list(filter, ', first: 5');
    const [ids, rows] = subgraph.reads().filter(({ name }) => name !== 'persons.countDocuments');
    if (!ids || !rows) throw new Error('two reads above');
    expect([ids.name, rows.name]).toEqual(['persons.aggregate', 'persons.find']);
    expect(await planOf(subgraph.connection, ids)).toEqual({ indexes: [index], sorts: false, docsExamined: matches });
    expect(await planOf(subgraph.connection, rows)).toMatchObject({
      indexes: ['_id_'],
      docsExamined: Math.min(5, matches),
    });
  });

  it.each([
    ['division: "53"', /^division: /],
    ['division: "532301", name: " "', /^filter\.name: empty/],
    ['division: "532301", bornFrom: "2000-01-01", bornTo: "1999-01-01"', /^filter\.bornTo: before/],
  ])('refuses %s', async (filter, sentence) => {
    const { errors, codes } = await list(filter);
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(errors?.[0]?.message).toMatch(sentence);
  });
});

describe('households and residences', () => {
  it('come with a few queries, however many persons there are', async () => {
    const { data, errors } = await subgraph.ask(`{ persons(filter: { division: "532301" }, first: 40) { edges { node {
      name residences { address from } household { number size head { name } members(first: 2) { name } } } } } }`);
    expect(errors).toBeUndefined();
    expect(
      subgraph
        .reads()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      'households.find',
      'persons.aggregate',
      'persons.aggregate',
      'persons.find',
      'persons.find',
      'persons.find',
      'residences.aggregate',
    ]);
    const { edges } = data?.persons as { edges: { node: Record<string, unknown> }[] };
    expect(edges.find(({ node }) => node['name'] === '张01')?.node).toEqual({
      name: '张01',
      residences: [
        { address: '旧址', from: '1990-01-01' },
        { address: '新址', from: '2010-01-01' },
      ],
      household: { number: '1000', size: 9, head: { name: '张01' }, members: [expect.anything(), expect.anything()] },
    });
  });

  it('show members in an order of the purpose', async () => {
    const membersFor = async (purpose: string, first: number): Promise<unknown[]> => {
      const caller = { department: 'civil-affairs', application: 'relief', purpose, roles: [] };
      const { data } = await subgraph.ask(
        `{ household(number: "1001") { members(first: ${first}) { name } } }`,
        {},
        { caller },
      );
      return (data?.household as { members: { name: string }[] }).members.map(({ name }) => name);
    };
    const orders = await Promise.all(['a', 'b', 'c', 'd'].map((purpose) => membersFor(purpose, 20)));
    // Four orders of ten members are the same by chance once in 10^19 runs.
    expect(new Set(orders.map((order) => order.join())).size).toBeGreaterThan(1);
    for (const order of orders) expect([...order].sort()).toEqual([...Array(10).keys()].map((n) => `张${n + 10}`));
    expect(await membersFor('a', 3)).toEqual(orders[0]?.slice(0, 3));
  });

  it('are found by number, which must be one', async () => {
    expect((await subgraph.ask('{ household(number: "1001") { size } }')).data).toEqual({ household: { size: 10 } });
    expect((await subgraph.ask('{ household(number: "77") { size } }')).data).toEqual({ household: null });
    expect((await subgraph.ask('{ household(number: "1e3") { size } }')).errors?.[0]?.message).toMatch(/^number: /);
  });
});

describe('references to persons', () => {
  it('are resolved with one query, and null outside the scope', async () => {
    const refs = [1, 40, 999].map((number) => ({ __typename: 'Person', ref: refOf(number) }));
    const query = 'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Person { name inScope } } }';
    expect((await subgraph.ask(query, { refs })).data?._entities).toEqual([
      { name: '张01', inScope: true },
      { name: '张40', inScope: true },
      null,
    ]);
    expect(subgraph.reads()).toHaveLength(1);
    const { data } = await subgraph.ask(query, { refs }, { divisions: ['532302'] });
    expect(data?._entities).toEqual([null, { name: '张40', inScope: true }, null]);
  });
});

describe('counts of residents', () => {
  const refs = ['532300', '532301', '532302', '532302101'].map((code) => ({ __typename: 'Division', code }));
  const count = (by: string, asking = {}) =>
    subgraph.ask(
      `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Division {
        population(by: [${by}]) { sex ageBand ethnicGroup count suppressed } } } }`,
      { refs },
      asking,
    );
  type Shown = { population: { ageBand: string | null; count: number | null; suppressed: string | null }[] }[];

  it('come as released, for all divisions with one read by key', async () => {
    const { data } = await count('');
    expect(data?._entities).toMatchObject([
      { population: [{ count: 43 }] },
      { population: [{ count: 32 }] },
      { population: [{ count: 11 }] },
      { population: [{ count: 0, suppressed: null }] },
    ]);
    const reads = subgraph.reads().filter(({ name }) => name !== 'cubeReleases.find');
    expect(reads.map(({ name }) => name)).toEqual(['cubeTables.find']);
    const plan = reads[0] && (await planOf(subgraph.connection, reads[0]));
    expect(plan?.indexes).toEqual(['_id_']);
  });

  it('withhold small cells, and others so that these cannot be computed', async () => {
    const [prefecture] = (await count('AGE_BAND')).data?._entities as Shown;
    const old = YEAR - 1948 < 80 ? '70-79' : YEAR - 1948 < 90 ? '80-89' : '90+';
    const cells = prefecture?.population ?? [];
    expect(cells.find(({ ageBand }) => ageBand === old)).toMatchObject({ count: null });
    expect(cells.filter((cell) => cell.count === null && cell.suppressed !== null).length).toBeGreaterThan(1);
  });

  it('exist in the listed combinations only, and name them', async () => {
    const { codes, errors } = await count('SEX, ETHNIC_GROUP');
    expect(codes).toEqual(Array(4).fill('BAD_USER_INPUT'));
    expect(errors?.[0]?.message).toContain('Ask for one of these: [] [SEX] [AGE_BAND] [SEX, AGE_BAND] [ETHNIC_GROUP]');
    expect((await count('SEX, SEX')).codes).toEqual(Array(4).fill('BAD_USER_INPUT'));
    expect((await count('', { divisions: ['532302'] })).codes).toEqual(['PARTIAL_SCOPE', 'PARTIAL_SCOPE']);
  });

  it('are the same in whatever order the dimensions are named, and not published below the county where they are fine', async () => {
    const [one, other] = [await count('SEX, AGE_BAND'), await count('AGE_BAND, SEX')];
    expect(one).toEqual(other);
    expect((one.data?._entities as Shown)[1]?.population.length).toBeGreaterThan(1);
    expect(one.errors).toMatchObject([
      { message: expect.stringMatching(/published for PREFECTURE, COUNTY/) as string },
    ]);
  });

  it('stand for the periods that were released only', async () => {
    const at = (period: string) => ({ __typename: 'DivisionAt', code: '532301', period });
    const { data } = await subgraph.ask(
      'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on DivisionAt { residents residentsBefore } } }',
      { refs: [at(String(YEAR)), at(String(YEAR - 1))] },
    );
    expect(data?._entities).toEqual([
      { residents: 32, residentsBefore: null },
      { residents: null, residentsBefore: null },
    ]);
  });

  it('do not change when the register does', async () => {
    const { persons } = models(subgraph.connection);
    await persons.insertMany([person(70), person(71)]);
    try {
      expect((await count('')).data?._entities).toMatchObject([{ population: [{ count: 43 }] }, {}, {}, {}]);
    } finally {
      await persons.deleteMany({ _id: { $in: [refOf(70), refOf(71)] } });
    }
  });
});
