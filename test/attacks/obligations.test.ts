import { afterAll, describe, expect, it } from 'vitest';
import type { Grant, GrantItem, Obligation } from '../../sharing/policy/grant.ts';
import { smallHub, type SmallSubgraph } from '../support/small-hub.ts';
import { direct, directUnguarded, refusals } from './support.ts';

/*
 * A row seen by a grant that only counts rows (AGGREGATE_ONLY). test/gateway/obligations shows rows in lists, unions and behind fields; here
 * what is no row by its type and tells of one all the same. The protection is switched off by the grant: the same items without
 * the obligation.
 */
const PEOPLE = [
  { ref: 'P1', name: '张三', sex: 'F', nation: '07', stays: [{ place: '鹿城镇' }], fines: [{ amount: 5_000 }] },
  { ref: 'P2', name: '李四', sex: 'M', nation: '07', stays: [{ place: '东瓜镇' }], fines: [] },
  { ref: 'P3', name: '王五', sex: 'F', nation: '01', stays: [{ place: '吕合镇' }], fines: [] },
];
type Filter = Partial<Record<'sex' | 'nation', string>>;
const matching = ({ sex, nation }: Filter) =>
  PEOPLE.filter((each) => (sex ?? each.sex) === each.sex && (nation ?? each.nation) === each.nation);

const register: SmallSubgraph = {
  name: 'register',
  owner: 'public-security',
  sdl: `
    type Query {
      people(sex: String @reads(items: ["Person.sex"]), nation: String @reads(items: ["Person.nation"])): PersonConnection
        @sharing(class: CONDITIONAL)
      everybody: [Person] @sharing(class: UNCONDITIONAL)
      fines: [Fine] @sharing(class: UNCONDITIONAL)
      division: Division @sharing(class: UNCONDITIONAL)
    }
    type PersonConnection @sharing(class: UNCONDITIONAL) { edges: [PersonEdge] pageInfo: PageInfo totalCount: Int }
    type PersonEdge @sharing(class: UNCONDITIONAL) { cursor: String node: Person }
    type PageInfo @sharing(class: UNCONDITIONAL) { hasNextPage: Boolean endCursor: String }
    type Person @key(fields: "ref") @personal {
      ref: ID! @inaccessible @sharing(class: WITHHELD, basis: "test")
      name: String @sharing(class: UNCONDITIONAL)
      sex: String @sharing(class: CONDITIONAL)
      nation: String @sharing(class: CONDITIONAL)
      is(sex: String @reads(items: ["Person.sex"])): Boolean @sharing(class: UNCONDITIONAL)
      stays: [Stay] @sharing(class: UNCONDITIONAL)
      lives: Division @sharing(class: UNCONDITIONAL)
    }
    type Stay @sharing(class: CONDITIONAL) { place: String }
    type Fine @resource(code: "3/9", title: "处罚", updateCycle: DAILY) @sharing(class: CONDITIONAL) { amount: Int }
    type Division @resource(code: "312001/000001", title: "区划", updateCycle: AS_NEEDED) @sharing(class: UNCONDITIONAL) {
      residents(sex: String @reads(items: ["Person.sex"])): Int
    }`,
  resolvers: {
    Query: {
      people: (_: unknown, filter: Filter) => {
        const rows = matching(filter);
        const edges = rows.map((node) => ({ cursor: `sealed-${node.ref}`, node }));
        return { edges, pageInfo: { hasNextPage: false, endCursor: edges.at(-1)?.cursor }, totalCount: rows.length };
      },
      everybody: () => PEOPLE,
      fines: () => PEOPLE.flatMap(({ fines }) => fines),
      division: () => ({}),
    },
    Person: {
      is: (person: { sex: string }, { sex }: Filter) => person.sex === sex,
      lives: () => ({}),
    },
    Division: { residents: (_: unknown, filter: Filter) => matching(filter).length },
  },
};
const ITEMS: readonly GrantItem[] = [
  { coordinate: 'Query.people', uses: ['OUTPUT'] },
  { coordinate: 'Person.sex', uses: ['OUTPUT', 'FILTER'] },
  { coordinate: 'Person.nation', uses: ['FILTER'] },
  { coordinate: 'Stay.place', uses: ['OUTPUT'] },
  { coordinate: 'Fine.amount', uses: ['OUTPUT'] },
];
const granted = (...obligations: Obligation[]): Partial<Grant> => ({ items: ITEMS, obligations });

const hub = await smallHub({ subgraphs: [register] });
afterAll(() => hub.close());

/** Each way to a row, what it would tell, and the item that is refused instead. */
const WAYS: Readonly<Record<string, readonly [query: string, told: string, refused: string]>> = {
  'the cursors of a page': ['{ people(sex: "F") { edges { cursor } } }', 'sealed-P3', 'Query.people'],
  'the cursor of a page of one': ['{ people(sex: "M") { pageInfo { x: endCursor } } }', 'sealed-P2', 'Query.people'],
  'how many edges there are': ['{ people { edges { __typename } } }', 'PersonEdge', 'Query.people'],
  'an answer of a row about itself': ['{ everybody { name is(sex: "F") } }', 'true', 'Person.is'],
  'what hangs on a row and is no row itself': ['{ everybody { name stays { place } } }', '鹿城镇', 'Stay.place'],
  'a row that only its catalogue entry marks': ['{ fines { amount } }', '5000', 'Fine.amount'],
};

describe('a grant to count rows', () => {
  it.each(Object.entries(WAYS))('shows none by %s', async (_, [query, told, refused]) => {
    hub.setGrants([granted()]);
    expect(JSON.stringify((await hub.ask(query)).data)).toContain(told);
    hub.setGrants([granted('AGGREGATE_ONLY')]);
    hub.fetches.length = 0;
    const answer = await hub.ask(query);
    expect(JSON.stringify(answer.data)).not.toContain(told);
    expect(refusals(answer)).toEqual([[refused, 'OUTPUT', 'AGGREGATE_ONLY']]);
    expect(hub.fetches.map((fetch) => fetch.query).join()).not.toMatch(/ursor|place|amount|is\(|edges/);
  });

  it('does not let the values of several filters be put together row by row', async () => {
    const cursorsOf = async (filter: string): Promise<readonly string[]> => {
      const { data } = await hub.ask(`{ people(${filter}) { edges { cursor } } }`);
      const { edges } = (data?.['people'] ?? { edges: [] }) as { edges: readonly { cursor: string }[] };
      return edges.map(({ cursor }) => cursor);
    };
    const both = async () => {
      const [women, yi] = [await cursorsOf('sex: "F"'), await cursorsOf('nation: "07"')];
      return women.filter((cursor) => yi.includes(cursor));
    };
    hub.setGrants([granted()]);
    expect(await both()).toEqual(['sealed-P1']);
    hub.setGrants([granted('AGGREGATE_ONLY')]);
    expect(await both()).toEqual([]);
  });

  it('still counts: a page, and a division that a row leads to', async () => {
    hub.setGrants([granted('AGGREGATE_ONLY')]);
    const answer = await hub.ask(
      '{ people(sex: "F", nation: "07") { totalCount } division { residents(sex: "F") } everybody { lives { residents(sex: "M") } } }',
    );
    expect(refusals(answer)).toEqual([]);
    expect(answer.data).toMatchObject({
      people: { totalCount: 1 },
      division: { residents: 2 },
      everybody: [{ lives: { residents: 1 } }, {}, {}],
    });
  });

  it('signs no context by which the subgraph would show one', async () => {
    const query = '{ people { edges { cursor node { name } } } }';
    expect(JSON.stringify((await directUnguarded(register, { query })).data)).toContain('sealed-P1');
    const context = { asked: ['Query.people', 'PersonConnection.totalCount'] };
    expect(await direct(hub, register, { query, context })).toMatchObject({ data: null, codes: ['NOT_PERMITTED'] });
  });
});

describe('a grant for officers that are named', () => {
  const query = '{ everybody { sex } }';

  it.each([' ', '\t', '\u00a0', '\u200b', '-', '…'])('is not used in the name of %j', async (officer) => {
    hub.setGrants([{ items: ITEMS, obligations: ['OFFICER_NAMED'] }]);
    expect((await hub.ask(query, { caller: { officer: '王警官' } })).data).toMatchObject({
      everybody: [{ sex: 'F' }, {}, {}],
    });
    const answer = await hub.ask(query, { caller: { officer } });
    expect(refusals(answer)).toEqual([['Person.sex', 'OUTPUT', 'OFFICER_REQUIRED']]);
  });
});
