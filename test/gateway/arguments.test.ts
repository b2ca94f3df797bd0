import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmallHub, smallHub } from '../support/small-hub.ts';
import type { Use } from '../../sharing/policy/grant.ts';

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query {
      byNumber(number: String! @reads(items: ["Person.number"], use: LOOKUP)): Person @sharing(class: UNCONDITIONAL)
      verify(number: String! @reads(items: ["Person.number"], use: VERIFY)): Boolean @sharing(class: UNCONDITIONAL)
      people(filter: Filter, all: [Filter!]): [Person] @sharing(class: UNCONDITIONAL)
      ordered(order: Order = BORN @reads(items: ["Person.birthDate"])): [Person] @sharing(class: UNCONDITIONAL)
      recent(window: Window!): [Person] @sharing(class: UNCONDITIONAL)
      named(name: String @reads(items: ["Person.name"])): [Person] @sharing(class: UNCONDITIONAL)
      paged(first: Int): [Person] @sharing(class: UNCONDITIONAL)
    }
    enum Order { BORN NUMBER }
    input Filter {
      bornFrom: String @reads(items: ["Person.birthDate"])
      status: String
      also: Filter
      any: [Filter!]
    }
    input Window { years: Int, bornFrom: String = "1900-01-01" @reads(items: ["Person.birthDate"]) }
    type Person {
      id: ID! @sharing(class: UNCONDITIONAL)
      number: String @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER)
      birthDate: String @sharing(class: CONDITIONAL)
      name: String @sharing(class: CONDITIONAL, mask: NAME)
      visits(place: String @reads(items: ["Person.birthDate"])): Int @sharing(class: UNCONDITIONAL)
    }`,
  resolvers: {
    Query: {
      byNumber: () => zhang,
      verify: () => true,
      people: () => [zhang],
      ordered: () => [zhang],
      recent: () => [zhang],
      named: () => [zhang],
      paged: () => [zhang],
    },
    Person: { visits: () => 3 },
  },
};
const zhang = { id: '1', number: '11010519491231002X', birthDate: '1949-12-31', name: '张三' };

/** A hub whose default caller holds a grant of these uses of one item. */
const granted = (coordinate: string, ...uses: Use[]): Promise<SmallHub> =>
  smallHub({ subgraphs: [people], grants: [{ items: [{ coordinate, uses }] }] });

let hub: SmallHub;
beforeAll(async () => {
  hub = await smallHub({ subgraphs: [people] });
});
afterAll(() => hub.close());

/** Asks and expects the item to be denied for that use, before any subgraph was asked. */
async function expectDenied(query: string, item: string, use: Use, variables?: Record<string, unknown>): Promise<void> {
  const before = hub.fetches.length;
  const { data, errors } = await hub.ask(query, variables && { variables });
  expect(Object.values(data ?? {})).toEqual([null]);
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_SHARED', coordinate: item, use, reason: 'NO_GRANT' });
  expect(hub.fetches).toHaveLength(before);
  expect(hub.entries.at(-1)).toMatchObject({
    outcome: 'REFUSED',
    items: { allowed: [], denied: [{ coordinate: item, reason: 'NO_GRANT' }] },
  });
}

describe('an argument reads what it is compared with', () => {
  it('denies a look-up without a grant for looking up, a verification without one for verifying', async () => {
    await expectDenied('{ byNumber(number: "11010519491231002X") { id } }', 'Person.number', 'LOOKUP');
    await expectDenied('{ verify(number: "11010519491231002X") }', 'Person.number', 'VERIFY');
  });

  it('allows each use by a grant for this use and not by one for another', async () => {
    const forLookUp = await granted('Person.number', 'LOOKUP');
    const found = await forLookUp.ask('{ byNumber(number: "1") { id number } }');
    // Looking up by the complete number does not show it: the mask stays.
    expect(found.data).toEqual({ byNumber: { id: '1', number: '110105********002X' } });
    expect(forLookUp.entries.at(-1)).toMatchObject({ outcome: 'PARTIAL', grants: [expect.stringMatching(/^G-/)] });
    expect((await forLookUp.ask('{ verify(number: "1") }')).errors?.[0]?.extensions['use']).toBe('VERIFY');
    await forLookUp.close();

    const forShowing = await granted('Person.number', 'OUTPUT', 'VERIFY');
    expect((await forShowing.ask('{ verify(number: "1") }')).data).toEqual({ verify: true });
    expect((await forShowing.ask('{ byNumber(number: "1") { id } }')).data).toEqual({ byNumber: null });
    await forShowing.close();
  });

  it('does not let a masked item be filtered: ranges would read what the mask hides', async () => {
    await expectDenied('{ named(name: "张三") { name } }', 'Person.name', 'FILTER');
    await expectDenied('{ named(name: null) { name } }', 'Person.name', 'FILTER');
    const { data } = await hub.ask('{ named { name } }');
    expect(data).toEqual({ named: [{ name: '张*' }] });
  });

  it('decides arguments of nested fields too', async () => {
    const { data, errors } = await hub.ask('{ paged(first: 1) { id visits(place: "x") } }');
    expect(data).toEqual({ paged: [{ id: '1', visits: null }] });
    expect(errors?.[0]?.path).toEqual(['paged', 'visits']);
    expect(hub.fetches.at(-1)?.query).not.toContain('visits');
    expect((await hub.ask('{ paged { visits } }')).data).toEqual({ paged: [{ visits: 3 }] });
  });
});

describe('a filter is found wherever its value comes from', () => {
  const ways: Record<string, [query: string, variables?: Record<string, unknown>]> = {
    'a literal': ['{ people(filter: { bornFrom: "1950" }) { id } }'],
    'null, as null is compared too': ['{ people(filter: { bornFrom: null }) { id } }'],
    'a nested literal': ['{ people(filter: { status: "x", also: { also: { bornFrom: "1950" } } }) { id } }'],
    'a list of literals': ['{ people(filter: { any: [{ status: "x" }, { bornFrom: "1950" }] }) { id } }'],
    'one value where a list is expected': ['{ people(all: { bornFrom: "1950" }) { id } }'],
    'a variable for the value': ['query ($v: String) { people(filter: { bornFrom: $v }) { id } }', { v: '1950' }],
    'a variable that is null': ['query ($v: String) { people(filter: { bornFrom: $v }) { id } }', { v: null }],
    'a variable for the object': ['query ($f: Filter) { people(filter: $f) { id } }', { f: { bornFrom: '1950' } }],
    'a nested object in a variable': [
      'query ($f: Filter) { people(filter: $f) { id } }',
      { f: { any: [{ status: 'x' }, { also: { bornFrom: '1950' } }] } },
    ],
    'a variable inside a literal list': [
      'query ($f: Filter!) { people(all: [{ status: "x" }, $f]) { id } }',
      { f: { bornFrom: '1950' } },
    ],
    'a variable for the list': ['query ($f: [Filter!]) { people(all: $f) { id } }', { f: [{ bornFrom: '1950' }] }],
    'the default of a variable': ['query ($f: Filter = { bornFrom: "1950" }) { people(filter: $f) { id } }'],
    'the default of an argument': ['{ ordered { id } }'],
    'an argument whose variable is absent, so that its default counts': [
      'query ($o: Order) { ordered(order: $o) { id } }',
    ],
    'the default of an input field': ['{ recent(window: { years: 3 }) { id } }'],
    'the default of an input field in a variable': [
      'query ($w: Window!) { recent(window: $w) { id } }',
      { w: { years: 3 } },
    ],
    'the default of an input field whose variable is absent': [
      'query ($b: String) { recent(window: { years: 3, bornFrom: $b }) { id } }',
    ],
    'a fragment': ['query { ...F } fragment F on Query { people(filter: { bornFrom: "1950" }) { id } }'],
  };
  for (const [where, [query, variables]] of Object.entries(ways))
    it(`denies it in ${where}`, () => expectDenied(query, 'Person.birthDate', 'FILTER', variables));

  it('allows all of them by a grant for filtering', async () => {
    const open = await granted('Person.birthDate', 'FILTER');
    for (const [query, variables] of Object.values(ways)) {
      const { data, errors } = await open.ask(query, variables && { variables });
      expect([errors, Object.values(data ?? {})]).toEqual([undefined, [[{ id: '1' }]]]);
    }
    expect(open.fetches).toHaveLength(Object.keys(ways).length);
    await open.close();
  });

  it('reads nothing through what is not given', async () => {
    for (const [query, variables] of [
      ['{ people { id } }'],
      ['{ people(filter: { status: "x" }) { id } }'],
      ['query ($f: Filter) { people(filter: $f) { id } }'],
      ['query ($v: String) { people(filter: { bornFrom: $v }) { id } }', {}],
    ] as const)
      expect((await hub.ask(query, variables && { variables })).data).toEqual({ people: [{ id: '1' }] });
  });

  it('decides the same text again when other variables are given', async () => {
    const query = 'query ($f: Filter) { people(filter: $f) { id } }';
    expect((await hub.ask(query, { variables: { f: { status: 'x' } } })).data).toEqual({ people: [{ id: '1' }] });
    await expectDenied(query, 'Person.birthDate', 'FILTER', { f: { bornFrom: '1950' } });
    expect((await hub.ask(query, { variables: { f: { status: 'y' } } })).data).toEqual({ people: [{ id: '1' }] });
  });
});
