import { afterAll, describe, expect, it } from 'vitest';
import type { Grant, GrantItem, Obligation } from '../../sharing/policy/grant.ts';
import { type GraphqlAnswer, smallHub, type SmallSubgraph } from '../support/small-hub.ts';

const PEOPLE = [
  { ref: 'P1', name: 'Zhao', sex: 'F' },
  { ref: 'P2', name: 'Qian', sex: 'M' },
];

const people: SmallSubgraph = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query {
      people(sex: String @reads(items: ["Person.sex"])): People @sharing(class: UNCONDITIONAL)
      list(sex: String @reads(items: ["Person.sex"])): [Person] @sharing(class: UNCONDITIONAL)
      any(sex: String @reads(items: ["Person.sex"])): [Anybody] @sharing(class: UNCONDITIONAL)
      person(ref: ID! @reads(items: ["Person.ref"], use: LOOKUP)): Person @sharing(class: UNCONDITIONAL)
      verify(ref: ID! @reads(items: ["Person.ref"], use: VERIFY)): Boolean @sharing(class: UNCONDITIONAL)
      bySex: [SexCount] @sharing(class: CONDITIONAL)
      gate: People @sharing(class: CONDITIONAL)
    }
    union Anybody = Person
    type People @sharing(class: UNCONDITIONAL) { count: Int rows: [Person] }
    type SexCount @sharing(class: CONDITIONAL) { sex: String count: Int }
    type Person @key(fields: "ref") @personal {
      ref: ID! @sharing(class: CONDITIONAL)
      name: String @sharing(class: UNCONDITIONAL)
      sex: String @sharing(class: CONDITIONAL)
    }`,
  resolvers: {
    Query: {
      people: (_: unknown, { sex }: { sex?: string }) => page(sex),
      gate: () => page(),
      list: (_: unknown, { sex }: { sex?: string }) => page(sex).rows,
      any: (_: unknown, { sex }: { sex?: string }) => page(sex).rows,
      person: (_: unknown, { ref }: { ref: string }) => PEOPLE.find((each) => each.ref === ref),
      verify: (_: unknown, { ref }: { ref: string }) => PEOPLE.some((each) => each.ref === ref),
      bySex: () => ['F', 'M'].map((sex) => ({ sex, count: page(sex).count })),
    },
    Anybody: { __resolveType: () => 'Person' },
  },
};
function page(sex?: string) {
  const rows = PEOPLE.filter((each) => sex === undefined || each.sex === sex);
  return { count: rows.length, rows };
}

const hub = await smallHub({ subgraphs: [people] });
afterAll(() => hub.close());

const ITEMS: readonly GrantItem[] = [
  { coordinate: 'Person.ref', uses: ['OUTPUT', 'LOOKUP', 'VERIFY', 'FILTER'] },
  { coordinate: 'Person.sex', uses: ['OUTPUT', 'FILTER'] },
  ...['Query.bySex', 'Query.gate', 'SexCount.sex', 'SexCount.count'].map((coordinate): GrantItem => ({
    coordinate,
    uses: ['OUTPUT'],
  })),
];
const granted = (...obligations: Obligation[]): Partial<Grant> => ({ items: ITEMS, obligations });
const reasons = ({ errors = [] }: GraphqlAnswer): unknown[] =>
  errors.map(({ extensions }) => [extensions['coordinate'], extensions['use'], extensions['reason']]);

/** Asks with a grant so bound, and with a free one: the latter shows that the question would be answered. */
async function ask(query: string, obligation: Obligation, caller?: Record<string, unknown>) {
  hub.setGrants([granted()]);
  const free = await hub.ask(query, caller && { caller });
  hub.setGrants([granted(obligation)]);
  hub.fetches.length = 0;
  return { free, bound: await hub.ask(query, caller && { caller }) };
}

describe('a grant for counting only', () => {
  it.each<[string, unknown]>([
    ['{ people(sex: "F") { count } }', { people: { count: 1 } }],
    [
      '{ bySex { sex count } }',
      {
        bySex: [
          { sex: 'F', count: 1 },
          { sex: 'M', count: 1 },
        ],
      },
    ],
    ['{ gate { count } }', { gate: { count: 2 } }],
  ])('answers %s', async (query, data) => {
    const { bound } = await ask(query, 'AGGREGATE_ONLY');
    expect([bound.data, reasons(bound)]).toEqual([data, []]);
  });

  it.each<[string, string, unknown[]]>([
    [
      'the rows of a filter',
      '{ people(sex: "F") { count rows { name } } }',
      ['Query.people', 'OUTPUT', 'AGGREGATE_ONLY'],
    ],
    [
      'that rows are there',
      '{ people(sex: "F") { rows { __typename } } }',
      ['Query.people', 'OUTPUT', 'AGGREGATE_ONLY'],
    ],
    ['rows in a list', '{ list(sex: "F") { name } }', ['Query.list', 'OUTPUT', 'AGGREGATE_ONLY']],
    ['rows in a union', '{ any(sex: "F") { ... on Person { name } } }', ['Query.any', 'OUTPUT', 'AGGREGATE_ONLY']],
    ['rows behind a field it gives', '{ gate { rows { name } } }', ['Query.gate', 'OUTPUT', 'AGGREGATE_ONLY']],
    ['a value', '{ list { sex } }', ['Person.sex', 'OUTPUT', 'AGGREGATE_ONLY']],
    ['a row that is looked up', '{ person(ref: "P1") { name } }', ['Person.ref', 'LOOKUP', 'AGGREGATE_ONLY']],
    ['whether somebody is there', '{ verify(ref: "P1") }', ['Person.ref', 'VERIFY', 'AGGREGATE_ONLY']],
  ])('does not show %s', async (_, query, refusal) => {
    const { free, bound } = await ask(query, 'AGGREGATE_ONLY');
    expect(reasons(free)).toEqual([]);
    expect(JSON.stringify(free.data)).not.toMatch(/:(null|\[null|\{\})/);
    expect(reasons(bound)).toEqual([refusal]);
    expect(JSON.stringify(bound.data)).not.toMatch(/Zhao|Qian|true|"F"|Person/);
    expect(hub.fetches.map((fetch) => fetch.query).join()).not.toMatch(/name|P1|__typename/);
  });

  it('does not lend its divisions to another grant that shows rows', async () => {
    hub.setGrants([
      { ...granted('AGGREGATE_ONLY'), id: 'counted', divisions: ['532300'] },
      { ...granted(), id: 'shown', divisions: ['532301'] },
    ]);
    const { extensions } = await hub.ask('{ people(sex: "F") { rows { name } } }');
    expect(extensions).toMatchObject({ sharing: { grants: ['shown'] } });
  });
});

describe('a grant for officers that are named', () => {
  const query = '{ list { sex } }';

  it('does not count in a call that names none, and says so', async () => {
    const { bound } = await ask(query, 'OFFICER_NAMED');
    expect(reasons(bound)).toEqual([['Person.sex', 'OUTPUT', 'OFFICER_REQUIRED']]);
    expect(bound.errors?.[0]?.extensions['howToApply']).toContain('names the officer');
  });

  it('counts where one is named, who is in the record', async () => {
    const { bound } = await ask(query, 'OFFICER_NAMED', { officer: 'wang' });
    expect(bound.data).toEqual({ list: [{ sex: 'F' }, { sex: 'M' }] });
    expect(hub.entries.at(-1)).toMatchObject({ caller: { officer: 'wang' } });
  });

  it('keeps what it decided for the one from the other', async () => {
    const { bound } = await ask(query, 'OFFICER_NAMED', { officer: 'wang' });
    expect(reasons(bound)).toEqual([]);
    expect(reasons(await hub.ask(query))).toEqual([['Person.sex', 'OUTPUT', 'OFFICER_REQUIRED']]);
    expect(reasons(await hub.ask(query, { caller: { officer: '' } }))).toEqual([
      ['Person.sex', 'OUTPUT', 'OFFICER_REQUIRED'],
    ]);
    expect(reasons(await hub.ask(query, { caller: { officer: 'li' } }))).toEqual([]);
  });
});
