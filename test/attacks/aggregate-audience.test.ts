import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_POLICY, type PolicyTable } from '../../schema/policy-table.ts';
import { type GraphqlAnswer, type SmallHub, smallHub, type SmallSubgraph } from '../support/small-hub.ts';
import { always, bareSteps, CALLER, composed, directUnguarded, refusals } from './support.ts';

/*
 * Leaders and the public see numbers, whatever else their token carries. Two protections are switched off: the schema without
 * rows, and the decision's knowledge of what a row is. Then each attack is shown with the very same caller; and, with both on, with
 * the same token but for its role.
 */
const ZHANG = { __typename: 'Person', id: 'p1', name: '张三', born: '1949-12-31' };
const FIRM = { __typename: 'Firm', id: 'f1', name: '彝人古镇公司', division: '532301' };
const LAW = { __typename: 'Law', name: '统计法' };
const ACT = { __typename: 'Act', number: '楚罚〔2026〕1号' };
const AREA = { __typename: 'Division', code: '532301', name: '楚雄市' };
const PHONE = '13800000000';

const older = ({ before }: { before?: string }): number => (before === undefined || ZHANG.born < before ? 7 : 0);
const byName = (value: { __typename: string }): string => value.__typename;

const register: SmallSubgraph = {
  name: 'register',
  owner: 'public-security',
  sdl: `
    type Query {
      division: Division @sharing(class: UNCONDITIONAL)
      person: Person @sharing(class: UNCONDITIONAL)
      people(filter: PeopleFilter): PersonConnection @sharing(class: UNCONDITIONAL)
      listed: Listed @sharing(class: UNCONDITIONAL)
      named: [Named] @sharing(class: UNCONDITIONAL)
      parties: [Party] @sharing(class: UNCONDITIONAL)
      laws: [Law] @sharing(class: UNCONDITIONAL)
      acts: [Act] @sharing(class: UNCONDITIONAL)
      total: Int @sharing(class: UNCONDITIONAL)
    }
    type Mutation { strike(id: ID!): Int @actor(roles: ["officer"]) }
    interface Named { name: String }
    union Party = Firm | Law
    input PeopleFilter { before: String @reads(items: ["Person.born"]) first: Int }
    input Preset { before: String = "1950" @reads(items: ["Person.born"]) since: String }
    type Person implements Named @key(fields: "id") @personal @sharing(class: CONDITIONAL) {
      id: ID!
      name: String
      born: String
    }
    type Firm implements Named @scopedBy(division: "division") @sharing(class: UNCONDITIONAL) {
      id: ID!
      name: String
      division: String
    }
    type Act @resource(code: "3/9", title: "处罚", updateCycle: DAILY) @sharing(class: UNCONDITIONAL) { number: String }
    type Law implements Named @resource(code: "325001/000003", title: "法律", updateCycle: AS_NEEDED) @sharing(class: UNCONDITIONAL) {
      name: String
    }
    type PersonConnection @sharing(class: UNCONDITIONAL) { edges: [PersonEdge] totalCount: Int }
    type PersonEdge @sharing(class: UNCONDITIONAL) { cursor: String node: Person }
    type Listed @sharing(class: UNCONDITIONAL) { nodes: [Person] count: Int }
    type Division @key(fields: "code") @resource(code: "312001/000001", title: "区划", updateCycle: AS_NEEDED)
      @sharing(class: UNCONDITIONAL) {
      code: String!
      name: String
      oldest: Person
      chiefPhone: String @personal
      residents(before: String @reads(items: ["Person.born"])): Int
      counted(before: String! @reads(items: ["Person.born"])): Int
      preset(filter: Preset! = { since: "1900" }): Int
    }`,
  resolvers: {
    Query: {
      division: always(AREA),
      person: always(ZHANG),
      people: (_: unknown, { filter }: { filter?: { before?: string } }) => ({
        edges: [{ cursor: 'c1', node: ZHANG }],
        totalCount: older(filter ?? {}),
      }),
      listed: always({ nodes: [ZHANG], count: 7 }),
      named: always([ZHANG, FIRM, LAW]),
      parties: always([FIRM, LAW]),
      laws: always([LAW]),
      acts: always([ACT]),
      total: always(7),
    },
    Mutation: { strike: always(7) },
    Named: { __resolveType: byName },
    Party: { __resolveType: byName },
    Person: { __resolveReference: always(ZHANG) },
    Division: {
      __resolveReference: always(AREA),
      oldest: always(ZHANG),
      chiefPhone: always(PHONE),
      residents: (_: unknown, given: { before?: string }) => older(given),
      counted: (_: unknown, given: { before: string }) => older(given),
      preset: (_: unknown, { filter }: { filter: { before: string } }) => older(filter),
    },
  },
};

/** Derives, in another department, an item of a division from a row that it holds. */
const derived: SmallSubgraph = {
  name: 'derived',
  owner: 'statistics',
  sdl: `
    type Division @key(fields: "code") {
      code: String!
      oldest: Person @external
      eldest: String @requires(fields: "oldest { born }") @sharing(class: UNCONDITIONAL)
    }
    type Person @key(fields: "id") { id: ID! born: String @external }`,
  resolvers: { Division: { eldest: ({ oldest }: { oldest: { born: string } }) => oldest.born } },
};

const subgraphs = [register, derived];
const OUTPUT = ['Person.id', 'Person.name', 'Person.born'].map(
  (coordinate) => ({ coordinate, uses: ['OUTPUT', 'FILTER'] }) as const,
);
const grants = [{ items: OUTPUT }];
const LEADER = { roles: ['leader'] };

/** Each way to a row and what it would tell. */
const WAYS: Readonly<Record<string, readonly [query: string, told: string]>> = {
  'a field of the root': ['{ person { name } }', ZHANG.name],
  'an alias': ['{ division { code } law: person { title: born } }', ZHANG.born],
  'a field of a division': ['{ division { oldest { born } } }', ZHANG.born],
  'an item marked personal': ['{ division { chiefPhone } }', PHONE],
  'an item computed from a row': ['{ division { eldest } }', ZHANG.born],
  'an interface': ['{ named { name } }', ZHANG.name],
  'a fragment on a row type in an interface': ['{ named { ... on Person { born } } }', ZHANG.born],
  'a named fragment on a row type': ['{ named { ...F } } fragment F on Firm { name }', FIRM.name],
  'the length of a list of an interface': ['{ named { __typename } }', '[{"__typename":"Person"}'],
  'a member of a union': ['{ parties { ... on Firm { name } } }', FIRM.name],
  'the length of a list of a union': ['{ parties { ... on Law { name } } }', '[{},'],
  'a resource that says nothing of rows': ['{ acts { number } }', ACT.number],
  'the count of a page by a filter': ['{ people(filter: { before: "1950" }) { totalCount } }', '"totalCount":7'],
  'the count of a page without its rows': ['{ people { totalCount } }', '"totalCount":7'],
  'the count of a list that is no Relay page': ['{ listed { count } }', '"count":7'],
  'the cursor of a row': ['{ people { edges { cursor } } }', 'c1'],
  'an optional argument that reads rows': ['{ division { residents(before: "1950") } }', '"residents":7'],
  'a variable that reads rows': ['query ($b: String = "1950") { division { residents(before: $b) } }', '"residents":7'],
  'an argument that reads rows': ['{ division { counted(before: "1950") } }', '"counted":7'],
  'a default that reads rows': ['{ division { preset } }', '"preset":7'],
  'a number that is nobody’s': ['{ total }', '"total":7'],
};

/** A policy that does not know what a row is. */
const unmarked = (table: PolicyTable): PolicyTable => ({
  ...table,
  scopedBy: EMPTY_POLICY.scopedBy,
  subjects: EMPTY_POLICY.subjects,
  resources: EMPTY_POLICY.resources,
  items: new Map([...table.items].map(([at, item]) => [at, { ...item, personal: false }])),
});

const unprotected = bareSteps(subgraphs, () => ({ table: unmarked(composed(subgraphs).policy) }));
const LEADING = { ...CALLER, ...LEADER, department: register.owner };

const messages = ({ errors }: GraphqlAnswer): string[] => (errors ?? []).map(({ message }) => message);

describe('an audience of aggregates', () => {
  let hub: SmallHub;
  beforeAll(async () => {
    hub = await smallHub({ subgraphs, grants });
  });
  beforeEach(() => void (hub.fetches.length = 0));
  afterAll(() => hub.close());

  async function isClosed(query: string, caller: Record<string, unknown>): Promise<void> {
    const { status, data, errors } = await hub.ask(query, { caller });
    expect([status, data]).toEqual([400, undefined]);
    expect(new Set(errors?.map(({ extensions }) => extensions['code']))).toEqual(
      new Set(['GRAPHQL_VALIDATION_FAILED']),
    );
    expect(hub.fetches).toEqual([]);
    expect(hub.entries.at(-1)).toMatchObject({ kind: 'REQUEST', outcome: 'INVALID' });
  }

  it.each(Object.entries(WAYS))('has no way to a row by %s', async (_, [query, told]) => {
    expect(JSON.stringify(await unprotected(query, { caller: LEADING }))).toContain(told);
    expect(JSON.stringify((await hub.ask(query)).data)).toContain(told);
    hub.fetches.length = 0;
    await isClosed(query, LEADER);
  });

  it.each([
    ['the public', { roles: ['public'] }],
    ['a leader with other roles', { roles: ['auditor', 'officer', 'leader', 'sharing-officer'] }],
    ['a leader of the department that owns the rows', { ...LEADER, department: 'public-security' }],
    ['a leader for whom another department asks', { ...LEADER, onBehalfOf: 'public-security', officer: 'wang' }],
  ])('is %s as well, whatever the token has besides', async (_, caller) => {
    const { roles, ...rest } = caller;
    const query = '{ person { name } }';
    const others = roles.filter((role) => role !== 'leader' && role !== 'public');
    expect(JSON.stringify((await hub.ask(query, { caller: { ...rest, roles: others } })).data)).toContain(ZHANG.name);
    hub.fetches.length = 0;
    await isClosed(query, caller);
  });

  it('finds no row type by introspection', async () => {
    const rows = /"(Person|Firm|Act|Party|Named|Listed|PersonConnection|PersonEdge|PeopleFilter|Mutation)"/;
    const query = getIntrospectionQuery();
    expect(JSON.stringify(await unprotected(query, { caller: LEADING }))).toMatch(rows);
    expect(JSON.stringify((await hub.ask(query)).data)).toMatch(rows);
    const seen = JSON.stringify((await hub.ask(query, { caller: LEADER })).data);
    expect(seen).not.toMatch(rows);
    expect(seen).toContain('"Division"');
    const { data } = await hub.ask('{ a: __type(name: "Person") { name } b: __type(name: "Law") { name } }', {
      caller: LEADER,
    });
    expect(data).toEqual({ a: null, b: { name: 'Law' } });
  });

  it('may not act, whatever its roles', async () => {
    const strike = 'mutation { strike(id: 1) }';
    expect((await hub.ask(strike, { caller: { roles: ['officer'] } })).data).toEqual({ strike: 7 });
    hub.fetches.length = 0;
    await isClosed(strike, { roles: ['officer', 'leader'] });
  });

  it('comes to no entity past the fields', async () => {
    const query = '{ _entities(representations: [{ __typename: "Person", id: "p1" }]) { ... on Person { name } } }';
    expect(JSON.stringify((await directUnguarded(register, { query })).data)).toContain(ZHANG.name);
    await isClosed(query, LEADER);
  });

  it.each([
    ['{ person { name } }', '{ nobody { name } }', /person/g, 'nobody'],
    ['{ division { oldest { name } } }', '{ division { tallest { name } } }', /oldest/g, 'tallest'],
    ['{ division { residents(before: "1") } }', '{ division { residents(because: "1") } }', /before/g, 'because'],
    [
      '{ division { ...F } } fragment F on Person { name }',
      '{ division { ...F } } fragment F on Prison { name }',
      /Person/g,
      'Prison',
    ],
    [
      'query ($f: PeopleFilter) { division { name } }',
      'query ($f: PeopleFolder) { division { name } }',
      /Filter/g,
      'Folder',
    ],
  ])('is told of %s what it is told of names that never were', async (gone, never, name, other) => {
    const [one, two] = await Promise.all([gone, never].map((query) => hub.ask(query, { caller: LEADER })));
    expect(one && messages(one).length).toBeGreaterThan(0);
    const renamed = (text: string): string => text.replaceAll(name, other);
    expect(JSON.parse(renamed(JSON.stringify(one?.errors)))).toEqual(two?.errors);
    expect(one?.status).toBe(two?.status);
  });

  it('is not given what others were just given by the same text', async () => {
    const query = '{ division { name } laws { name } person { name } }';
    for (let round = 0; round < 3; round++) {
      expect((await hub.ask(query)).errors).toBeUndefined();
      hub.fetches.length = 0;
      await isClosed(query, LEADER);
    }
  });

  it('is denied rows by the decision as well, should a schema still lead to them', async () => {
    const sameSchema = bareSteps(subgraphs, () => ({}));
    const query = '{ person { name born } division { name chiefPhone residents(before: "1950") } laws { name } }';
    expect(JSON.stringify(await unprotected(query, { caller: LEADING }))).toContain(ZHANG.born);
    expect(await sameSchema(query, { caller: LEADING })).toEqual({
      person: { name: null, born: null },
      division: { name: AREA.name, chiefPhone: null, residents: null },
      laws: [{ name: LAW.name }],
    });
  });

  it('still has the numbers and what is published', async () => {
    const answer = await hub.ask('{ division { name residents } laws { name } }', { caller: LEADER });
    expect(refusals(answer)).toEqual([]);
    expect(answer.data).toEqual({ division: { name: AREA.name, residents: 7 }, laws: [{ name: LAW.name }] });
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'ANSWERED', items: { denied: [] } });
  });
});
