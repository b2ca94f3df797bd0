import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  type GraphQLSchema,
  type IntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import { composeForeign, openGateway } from '../support/open-gateway.ts';
import { releaseOver } from '../support/release-over.ts';
import { type Asked, type SmallHub, smallHub, type SmallSubgraph } from '../support/small-hub.ts';

const LEADER: Asked = { caller: { roles: ['leader'] } };
const AREA = '@resource(code: "312001/000001", title: "区划", updateCycle: AS_NEEDED)';

/** A register of one department with what the test adds to its queries and types. */
function register(queries: string, types = '', resolvers: SmallSubgraph['resolvers'] = {}): SmallSubgraph {
  return {
    name: 'register',
    owner: 'public-security',
    sdl: `
      type Query { ${queries} }
      type Person @key(fields: "id") @personal @sharing(class: UNCONDITIONAL) { id: ID! name: String born: String }
      ${types}`,
    resolvers,
  };
}

const free = '@sharing(class: UNCONDITIONAL)';
const division = `type Division ${AREA} ${free} {
  code: String!
  chief: Person
  people(by: [String!]): [Count!] @sharing(class: CONDITIONAL)
}
type Count ${free} { band: String count: Int }`;
const dashboard = register(`division: Division ${free} person: Person ${free}`, division, {
  Query: { division: () => ({ code: '532301', people: [{ band: '30-39', count: 12 }] }), person: () => ({ id: '1' }) },
});

let hub: SmallHub;
const opened: { close(): Promise<void> }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((each) => each.close())));
async function serve(subgraph: SmallSubgraph, grants: Parameters<SmallHub['setGrants']>[0] = []): Promise<void> {
  hub = await smallHub({ subgraphs: [subgraph], grants });
  opened.push(hub);
}

/** The schema as a caller finds it. */
async function seen(asked: Asked): Promise<string> {
  const { data } = await hub.ask(getIntrospectionQuery(), asked);
  return sorted(buildClientSchema(data as unknown as IntrospectionQuery));
}
const sorted = (schema: GraphQLSchema): string => printSchema(lexicographicSortSchema(schema));

/** Serves another release in the place of the one that is served. */
function replaceBy(subgraph: SmallSubgraph): void {
  hub.gateway.replace(releaseOver(hub, subgraph));
}

describe('a token with the role leader or public', () => {
  it('gets the numbers that its department was granted, and is on record', async () => {
    await serve(dashboard, [{ items: [{ coordinate: 'Division.people', uses: ['OUTPUT'] }] }]);
    const { data, errors } = await hub.ask('{ division { code people { band count } } }', LEADER);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ division: { code: '532301', people: [{ band: '30-39', count: 12 }] } });
    expect(hub.entries.at(-1)).toMatchObject({
      outcome: 'ANSWERED',
      caller: { roles: ['leader'] },
      items: { allowed: ['Count.band', 'Count.count', 'Division.code', 'Division.people', 'Query.division'] },
    });
  });

  it('is refused numbers that were not granted, like anybody', async () => {
    await serve(dashboard);
    const { data, errors } = await hub.ask('{ division { code people { count } } }', LEADER);
    expect(data).toEqual({ division: { code: '532301', people: null } });
    expect(errors?.[0]?.extensions).toMatchObject({ coordinate: 'Division.people', reason: 'NO_GRANT' });
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'PARTIAL' });
  });

  it.each(['leader', 'public'])('finds a schema without rows: %s', async (role) => {
    await serve(dashboard);
    expect(await seen({ caller: { roles: ['auditor', role] } })).toBe(
      sorted(
        buildSchema(`
        type Query { division: Division }
        type Division { code: String! people(by: [String!]): [Count!] }
        type Count { band: String count: Int }`),
      ),
    );
  });

  it.each([[[]], [['leaders']], [['public-security', 'auditor']]])('finds all of it with %j instead', async (roles) => {
    await serve(dashboard);
    expect(await seen({ caller: { roles } })).toContain('type Person');
    expect((await hub.ask('{ person { id } }', { caller: { roles } })).data).toEqual({ person: { id: '1' } });
  });
});

/** What a case adds to a division and to the types around it, and what is left of that. */
interface Case {
  readonly fields: string;
  readonly types?: string;
  readonly left: string;
  readonly leftTypes?: string;
}

const CASES: Readonly<Record<string, Case>> = {
  'arguments that read rows where they can be left out, else their field': {
    fields: `
      a(born: String @reads(items: ["Person.born"]) other: Int): Int
      b(born: String! @reads(items: ["Person.born"])): Int
      c(born: String = "1950" @reads(items: ["Person.born"])): Int`,
    left: 'a(other: Int): Int',
  },
  'input fields that read rows, and what cannot be given without them': {
    fields: `
      a(f: Loose): Int b(f: Strict): Int c(f: Strict!): Int
      d(f: Nested): Int e(f: Loose = { born: "1950" }): Int g(f: Only): Int`,
    types: `
      input Loose { born: String @reads(items: ["Person.born"]) other: Int }
      input Strict { born: String! @reads(items: ["Person.born"]) other: Int }
      input Nested { strict: Strict loose: [Loose!] }
      input Only { born: String @reads(items: ["Person.born"]) }`,
    left: 'a(f: Loose): Int b: Int d(f: Nested): Int g: Int',
    leftTypes: 'input Loose { other: Int } input Nested { loose: [Loose!] }',
  },
  'interfaces and unions that a row may stand for, and keeps those it may not': {
    fields: 'a: Named b: Coded c: Either d: Both',
    types: `
      interface Named { name: String }
      interface Coded { code: String }
      type Firm implements Named @scopedBy(division: "code") ${free} { name: String code: String }
      type Area implements Named & Coded ${free} { name: String code: String people: Int @personal }
      type Zone implements Coded ${free} { code: String }
      union Either = Firm | Area
      union Both = Area | Zone`,
    left: 'b: Coded d: Both',
    leftTypes: `
      interface Coded { code: String }
      union Both = Area | Zone
      type Area implements Coded { name: String code: String }
      type Zone implements Coded { code: String }`,
  },
  'a field of an interface that one of its types no longer has': {
    fields: 'a: Counted',
    types: `
      interface Counted { count: Int since(born: String): Int }
      type One implements Counted ${free} {
        count: Int @personal
        since(born: String @reads(items: ["Person.born"])): Int
      }
      type Two implements Counted ${free} { count: Int since(born: String): Int }`,
    left: 'a: Counted',
    leftTypes: `
      interface Counted { since: Int }
      type One implements Counted { since: Int }
      type Two implements Counted { count: Int since(born: String): Int }`,
  },
  'what holds a row, a list of it or a page of it, as a whole': {
    fields: 'a: Page b: Best c: [Pair] d: Int',
    types: `
      type Page ${free} { edges: [Edge] totalCount: Int }
      type Edge ${free} { cursor: String node: Person }
      type Best ${free} { person: Person rank: Int }
      type Pair ${free} { best: Best count: Int }`,
    left: 'd: Int',
  },
  'what becomes empty, and what nothing leads to any more': {
    fields: 'a: Outer b: Int c(born: String! @reads(items: ["Person.born"])): Lonely',
    types: `
      type Outer ${free} { inner: Inner }
      type Inner ${free} { name: String @personal }
      type Lonely ${free} { kind: Kind }
      enum Kind { ONE }`,
    left: 'b: Int',
  },
};

describe('the schema of such a token lacks', () => {
  it.each(Object.entries(CASES))('%s', async (_, { fields, types = '', left, leftTypes = '' }) => {
    await serve(
      register(`area: Division ${free}`, `type Division ${AREA} ${free} { code: String! ${fields} } ${types}`),
    );
    expect(await seen(LEADER)).toBe(
      sorted(buildSchema(`type Query { area: Division } type Division { code: String! ${left} } ${leftTypes}`)),
    );
  });

  it('questions that begin anywhere but at a reference resource: what is there may be rows that nobody marked', async () => {
    const areas = `
      type Division ${AREA} ${free} { code: String! }
      type Case ${free} { number: String area: Division }
      type Other @resource(code: "312001/000009", title: "区划", updateCycle: AS_NEEDED) ${free} { code: String }
      type Page ${free} { edges: [Edge] totalCount: Int }
      type Edge ${free} { node: Division }`;
    const queries = `areas: [Division!] ${free} page: Page ${free} cases: [Case] ${free} count: Int ${free} others: [Other] ${free}`;
    await serve(register(queries, areas));
    const left = `
      type Query { areas: [Division!] page: Page }
      type Division { code: String! }
      type Page { edges: [Edge] totalCount: Int }
      type Edge { node: Division }`;
    expect(await seen(LEADER)).toBe(sorted(buildSchema(left)));
  });

  it('what a new release takes from it, and has what it brings; where nothing is left it says so', async () => {
    await serve(dashboard);
    const asks = async (): Promise<unknown> => {
      const { status, data, errors } = await hub.ask('{ division { code } }', LEADER);
      return data ?? [status, errors?.[0]?.extensions['code'], hub.entries.at(-1)?.outcome];
    };
    const left = { division: { code: '532301' } };
    expect(await asks()).toEqual(left);
    replaceBy(
      register(
        `division: Division @sharing(class: UNCONDITIONAL)`,
        `type Division @personal @key(fields: "code") { code: String! }`,
      ),
    );
    expect(await asks()).toEqual([403, 'NOT_SERVED', 'REFUSED']);
    expect((await hub.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
    replaceBy(dashboard);
    expect(await asks()).toEqual(left);
    expect((await hub.ask('{ person { id } }')).data).toEqual({ person: { id: '1' } });
  });

  it('everything from the first release on, where that has nothing but rows', async () => {
    await serve(register(`person: Person ${free}`, '', dashboard.resolvers));
    const { status, errors } = await hub.ask('{ person { id } }', LEADER);
    expect([status, errors?.[0]?.extensions['code']]).toEqual([403, 'NOT_SERVED']);
    expect(hub.entries.at(-1)).toMatchObject({ kind: 'REQUEST', outcome: 'REFUSED' });
    expect(hub.fetches).toEqual([]);
    replaceBy(dashboard);
    expect((await hub.ask('{ division { code } }', LEADER)).data).toEqual({ division: null });
  });
});

describe('a gateway that is open to everybody', () => {
  it('knows no audiences', async () => {
    const people = {
      name: 'people',
      sdl: 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9") type Query { person: Int }',
      resolvers: { Query: { person: () => 7 } },
    };
    const open = await openGateway(composeForeign([people]), [people]);
    opened.push(open);
    expect((await open.ask('{ person }')).data).toEqual({ person: 7 });
  });
});
