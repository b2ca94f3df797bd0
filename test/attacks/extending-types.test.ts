import { afterEach, describe, expect, it } from 'vitest';
import { type SmallHub, smallHub, type SmallSubgraph } from '../support/small-hub.ts';
import { readPolicy } from '../../schema/read-policy.ts';
import { people, ZHANG } from './fixtures.ts';
import { composed, direct, directUnguarded, refusals, weakHub, freeing } from './support.ts';

/*
 * A department that extends another's type: by a type-level directive, by a class of its own for an item that is not its own, by
 * `@provides`, and by a stub of which only the key is known. test/security/aliases shows that aliases do not show a key.
 */
const extending = (sdl: string, resolvers: SmallSubgraph['resolvers'] = {}): SmallSubgraph => ({
  name: 'visitors',
  owner: 'tourism',
  sdl: `type Query { visits: [Visit] @sharing(class: UNCONDITIONAL) } ${sdl}`,
  resolvers,
});
let hub: SmallHub;
afterEach(() => hub.close());

describe('a type-level class of an extending subgraph', () => {
  const visitors = extending(
    `
    type Person @key(fields: "ref") @sharing(class: UNCONDITIONAL) {
      ref: ID! @inaccessible
      phone: String @external
      visited: Int
      called: String @requires(fields: "phone")
    }
    type Visit @sharing(class: UNCONDITIONAL) { who: Person }`,
    { Person: { visited: () => 3 } },
  );

  it('is a class of its own items only, not of those of the owner that it names as external', async () => {
    const phone = (table: ReturnType<typeof readPolicy>) => table.items.get('Person.phone')?.class;
    const careless = { ...visitors, sdl: visitors.sdl.replace(/phone: String @external/, 'phone: String') };
    expect([phone(readPolicy([careless])), phone(readPolicy([visitors, people]))]).toEqual([
      'UNCONDITIONAL',
      'CONDITIONAL',
    ]);
    hub = await smallHub({ subgraphs: [visitors, people] });
    const answer = await hub.ask('{ person { phone household visited called } }');
    expect(answer.data).toEqual({ person: { phone: null, household: null, visited: 3, called: null } });
    expect(refusals(answer)).toEqual([
      ['Person.phone', 'OUTPUT', 'NO_GRANT'],
      ['Person.household', 'OUTPUT', 'NO_GRANT'],
      ['Person.phone', 'OUTPUT', 'NO_GRANT'],
    ]);
  });

  it.each([
    ['a free class', 'phone: String @shareable @sharing(class: UNCONDITIONAL)'],
    ['a weaker mask', 'phone: String @shareable @sharing(class: CONDITIONAL, mask: PHONE)'],
    ['the class of its type', 'phone: String @shareable'],
  ])('cannot be given to an item of the owner: %s', async (_, field) => {
    hub = await smallHub({ subgraphs: [people] });
    const taking = extending(`
      type Person @key(fields: "ref") @sharing(class: UNCONDITIONAL) { ref: ID! @inaccessible ${field} }
      type Visit { who: Person @sharing(class: UNCONDITIONAL) }`);
    for (const order of [
      [people, taking],
      [taking, people],
    ])
      expect(() => composed(order)).toThrow(/owners must agree/);
  });
});

describe('a value that another subgraph provides', () => {
  const sharing = {
    ...people,
    sdl: people.sdl.replace('      phone: String @sharing', '      phone: String @shareable @sharing'),
  };
  const providing = extending(
    `
    type Person @key(fields: "ref") { ref: ID! @inaccessible phone: String @external }
    type Visit { who: Person @provides(fields: "phone") @sharing(class: UNCONDITIONAL) }`,
    {
      Query: { visits: () => [{ who: { ref: ZHANG.ref, phone: ZHANG.phone } }] },
    },
  );
  const query = '{ visits { who { id phone } } }';

  it('is decided as its owner’s item', async () => {
    const weak = await weakHub({ subgraphs: [sharing, providing] }, { table: freeing('Person.phone') });
    expect(JSON.stringify((await weak.ask(query)).data)).toContain(ZHANG.phone);
    await weak.close();
    hub = await smallHub({ subgraphs: [sharing, providing] });
    const answer = await hub.ask(query);
    expect(answer.data).toEqual({ visits: [{ who: { id: 'p1', phone: null } }] });
    expect(refusals(answer)).toEqual([['Person.phone', 'OUTPUT', 'NO_GRANT']]);
    expect(JSON.stringify(hub.fetches)).not.toMatch(/\bphone\b/);
  });

  it('is not given by the providing subgraph to a context without it', async () => {
    hub = await smallHub({ subgraphs: [sharing, providing] });
    const text = '{ visits { who { phone } } }';
    expect(JSON.stringify((await directUnguarded(providing, { query: text })).data)).toContain(ZHANG.phone);
    const context = { asked: ['Query.visits', 'Visit.who'] };
    expect(await direct(hub, providing, { query: text, context })).toMatchObject({
      data: null,
      codes: ['NOT_PERMITTED'],
    });
  });
});

describe('a stub of which only the key is known', () => {
  const firms: SmallSubgraph = {
    name: 'firms',
    owner: 'market-regulation',
    sdl: `
      type Query { firm: Firm @sharing(class: UNCONDITIONAL) }
      type Firm @key(fields: "uscc") { uscc: ID! @sharing(class: CONDITIONAL, mask: TAIL) name: String @sharing(class: UNCONDITIONAL) }`,
    resolvers: { Firm: { __resolveReference: () => ({ uscc: '91530000ABCDEFGH1X', name: '彝人古镇公司' }) } },
  };
  const visiting = extending(
    `
    type Firm @key(fields: "uscc") { uscc: ID! }
    type Visit { to: Firm @sharing(class: UNCONDITIONAL) }`,
    { Query: { visits: () => [{ to: { uscc: '91530000ABCDEFGH1X' } }] } },
  );

  it('shows the key of another department masked, though that department is not asked', async () => {
    const weak = await weakHub({ subgraphs: [firms, visiting] }, { table: freeing('Firm.uscc') });
    const query = '{ visits { to { uscc x: uscc } } }';
    expect(JSON.stringify((await weak.ask(query)).data)).toContain('91530000ABCDEFGH1X');
    await weak.close();
    hub = await smallHub({ subgraphs: [firms, visiting] });
    const { data } = await hub.ask(query);
    expect(data).toEqual({ visits: [{ to: { uscc: '**************GH1X', x: '**************GH1X' } }] });
    expect(hub.fetches.map(({ subgraph }) => subgraph)).toEqual(['visitors']);
  });

  it('does not show it beside what is joined by it', async () => {
    hub = await smallHub({ subgraphs: [firms, visiting] });
    const { data } = await hub.ask('{ visits { to { name } } }');
    expect(data).toEqual({ visits: [{ to: { name: '彝人古镇公司' } }] });
    expect(hub.fetches.map(({ subgraph }) => subgraph)).toEqual(['visitors', 'firms']);
    expect(hub.entries.at(-1)?.items?.allowed).not.toContain('Firm.uscc');
  });
});
