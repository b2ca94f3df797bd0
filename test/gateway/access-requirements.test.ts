import { describe, expect, it } from 'vitest';
import { accessRequirements } from '../../gateway/access-requirements.ts';
import { buildSupergraph } from '../../gateway/supergraph.ts';
import type { Caller } from '../../lib/caller.ts';
import { composeForeign, openGateway } from '../support/open-gateway.ts';

const link = (...imports: string[]): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external", "@context", "@fromContext", ${imports.join(', ')}])`;

const library = {
  name: 'library',
  sdl: `${link('"@authenticated"', '"@requiresScopes"', '"@policy"')}
    type Query {
      book: Book
      items: [Item]
      anything: [Anything]
      staff: Staff @authenticated
      grade: Grade
    }
    union Anything = Book | Film
    interface Item { id: ID! title: String price: Int }
    type Book implements Item @key(fields: "id") {
      id: ID!
      title: String
      price: Int
      reader: String @authenticated
      loans: Int @requiresScopes(scopes: [["loans:read", "loans:count"], ["admin"]])
      notes: String @policy(policies: [["librarian"], ["auditor"]])
      shelf: Shelf
      rank: Rank
    }
    type Film implements Item { id: ID! title: String price: Int director: String }
    type Shelf @authenticated { place: String row: Int @requiresScopes(scopes: [["rows"]]) }
    type Staff { name: String }
    enum Rank @authenticated { A B }
    type Grade { rank: Rank mark: Mark }
    scalar Mark @requiresScopes(scopes: [["marks"]])`,
  resolvers: {
    Query: {
      book: () => book,
      items: () => [book, film],
      anything: () => [book, film],
      staff: () => ({ name: 'Wang' }),
      grade: () => ({ rank: 'A', mark: 1 }),
    },
    Book: { __resolveReference: () => book },
  },
};
const book = {
  __typename: 'Book',
  id: 'b1',
  title: '红楼梦',
  price: 30,
  reader: 'Li',
  loans: 7,
  notes: 'worn',
  shelf: { place: 'hall', row: 3 },
  rank: 'A',
};
const film = { __typename: 'Film', id: 'f1', title: '黄土地', price: 20, director: 'Chen' };

const shop = {
  name: 'shop',
  sdl: `${link()}
    type Query { offers: Int }
    type Book @key(fields: "id") {
      id: ID!
      price: Int @external
      discount: Int @requires(fields: "price")
    }`,
  resolvers: { Query: { offers: () => 1 }, Book: { discount: ({ price }: { price: number }) => price / 10 } },
};

const subgraphs = [library, shop];
const composed = composeForeign(subgraphs);

/** The composed supergraph with a requirement that today's composer would refuse or propagate, as older ones wrote it. */
function patched(...changes: readonly (readonly [from: string | RegExp, to: string])[]): string {
  return changes.reduce((sdl, [from, to]) => {
    const changed = sdl.replace(from, to);
    expect(changed).not.toBe(sdl);
    return changed;
  }, composed);
}

async function asNobody(query: string, supergraphSdl = composed) {
  const gateway = await openGateway(supergraphSdl, subgraphs);
  const { data, errors } = await gateway.ask(query);
  const fetched = gateway.fetches.map((fetch) => fetch.query).join(' ');
  await gateway.close();
  const refused = errors?.map(({ path, extensions }) => [path?.join('.'), extensions['reason']]);
  return { data, refused, fetched };
}
const CLOSED = 'ACCESS_REQUIREMENT';

describe('an open gateway keeps closed what a subgraph asks a known caller for', () => {
  it('answers the rest, and never fetches what is closed', async () => {
    const { data, refused, fetched } = await asNobody('{ book { id title reader loans notes } staff { name } }');
    expect(data).toEqual({ book: { id: 'b1', title: '红楼梦', reader: null, loans: null, notes: null }, staff: null });
    expect(refused).toEqual([
      ['book.reader', CLOSED],
      ['book.loans', CLOSED],
      ['book.notes', CLOSED],
      ['staff', CLOSED],
    ]);
    expect(fetched).not.toMatch(/reader|loans|notes|staff/);
  });

  it('closes a type wherever it is reached: the fields of it and the fields that return it', async () => {
    const { data } = await asNobody('{ book { id shelf { place row } rank } grade { rank mark } }');
    expect(data).toEqual({ book: { id: 'b1', shelf: null, rank: null }, grade: { rank: null, mark: null } });
    const behindFragments = await asNobody('{ anything { ... on Book { s: shelf { __typename } title } } }');
    expect(behindFragments.data).toEqual({ anything: [{ s: null, title: '红楼梦' }, {}] });
  });

  it('closes every implementing type where the requirement stands on the field of an interface', async () => {
    const sdl = patched([/(interface Item[^}]*title: String)/, '$1 @authenticated']);
    for (const query of ['{ items { id title } }', '{ items { id ... on Book { title } ... on Film { title } } }']) {
      const { data, fetched } = await asNobody(query, sdl);
      expect(data).toEqual({
        items: [
          { id: 'b1', title: null },
          { id: 'f1', title: null },
        ],
      });
      expect(fetched).not.toContain('title');
    }
    const direct = await asNobody('{ book { title } }', sdl);
    expect(direct.data).toEqual({ book: { title: null } });
  });

  it('closes every implementing type where it stands on the interface itself', async () => {
    const sdl = patched([/interface Item\n/, 'interface Item @authenticated\n']);
    expect((await asNobody('{ book { title } items { id } }', sdl)).data).toEqual({ book: null, items: null });
    const asMember = await asNobody('{ anything { ... on Film { director } } }', sdl);
    expect(asMember.data).toEqual({ anything: [{}, { director: null }] });
  });

  it('closes what is computed from a closed item by @requires', async () => {
    const sdl = patched([/(type Book[^}]*[^e]price: Int[^\n]*)/, '$1 @authenticated']);
    const { data, fetched } = await asNobody('{ book { id discount } }', sdl);
    expect(data).toEqual({ book: { id: 'b1', discount: null } });
    expect(fetched).not.toMatch(/price|discount/);
    expect((await asNobody('{ book { discount } }')).data).toEqual({ book: { discount: 3 } });
  });

  it('closes it under another name, as it was imported', async () => {
    const renamed = {
      ...library,
      sdl: library.sdl
        .replace('"@authenticated"', '{ name: "@authenticated", as: "@login" }')
        .replaceAll(' @authenticated', ' @login'),
    };
    const sdl = composeForeign([renamed, shop]);
    expect(sdl).toContain('reader: String @join__field(graph: LIBRARY) @login');
    expect((await asNobody('{ book { title reader } staff { name } }', sdl)).data).toEqual({
      book: { title: '红楼梦', reader: null },
      staff: null,
    });
    const prefixed = patched(
      [
        '@link(url: "https://specs.apollo.dev/policy/v0.1", for: SECURITY)',
        '@link(url: "https://specs.apollo.dev/policy/v0.1", as: "rule", for: SECURITY)',
      ],
      [/directive @policy\(/, 'directive @rule('],
      [/@policy\(policies/g, '@rule(policies'],
      [/policy__Policy/g, 'rule__Policy'],
    );
    expect((await asNobody('{ book { title notes } }', prefixed)).data).toEqual({
      book: { title: '红楼梦', notes: null },
    });
  });

  it('refuses a supergraph with a security feature it does not know', () => {
    const unknown = composed.replace('https://specs.apollo.dev/policy/v0.1', 'https://specs.example/vault/v0.1');
    expect(() => buildSupergraph(unknown)).toThrow(/vault/);
  });

  it('does not serve subscriptions', async () => {
    const ticker = {
      name: 'ticker',
      sdl: `${link()} type Query { now: Int } type Subscription { tick: Int }`,
      resolvers: {},
    };
    const gateway = await openGateway(composeForeign([ticker]), [ticker]);
    const { errors } = await gateway.ask('subscription { tick }');
    expect(errors?.[0]?.extensions['code']).toBe('NOT_SERVED');
    expect(gateway.fetches).toEqual([]);
    await gateway.close();
  });
});

describe('what a known caller has to hold', () => {
  const meets = accessRequirements(buildSupergraph(composed).planning);
  const caller = (more: Partial<Caller> = {}): Caller => ({ department: 'a', application: 'b', roles: [], ...more });

  it('is nothing more than to be known for @authenticated', () => {
    expect([meets('Book.reader', caller()), meets('Book.reader', undefined)]).toEqual([true, false]);
  });

  it.each([
    [[], false],
    [['loans:read'], false],
    [['loans:count', 'loans:read', 'more'], true],
    [['admin'], true],
    [['loans:read loans:count'], false],
  ])('is one of the lists of scopes, all of it: %j', (scopes, expected) => {
    expect(meets('Book.loans', caller({ scopes }))).toBe(expected);
  });

  it('is a role of the name of the policy; a scope of that name is none, nor the other way round', () => {
    expect(meets('Book.notes', caller({ roles: ['auditor'] }))).toBe(true);
    expect(meets('Book.notes', caller({ scopes: ['auditor'] }))).toBe(false);
    expect(meets('Book.loans', caller({ roles: ['admin'] }))).toBe(false);
  });

  it('is everything that stands on the way: the type and its field', () => {
    expect(meets('Shelf.row', undefined)).toBe(false);
    expect(meets('Shelf.row', caller())).toBe(false);
    expect(meets('Shelf.row', caller({ scopes: ['rows'] }))).toBe(true);
  });

  it('is nothing for what nobody asks anything for', () => {
    expect(meets('Book.title', undefined)).toBe(true);
  });

  it('includes what a context that the field reads asks for', () => {
    const room = {
      name: 'room',
      sdl: `${link('"@requiresScopes"')}
        type Query { room: Room }
        type Room @key(fields: "id") @context(name: "room") { id: ID! code: String lock: Lock }
        type Lock @key(fields: "id") {
          id: ID!
          opens(code: String @fromContext(field: "$room { code }")): Boolean
          other: Int @requiresScopes(scopes: [["other"]])
        }`,
    };
    const sdl = composeForeign([{ ...room, resolvers: {} }]);
    const closed = sdl.replace('  code: String', '  code: String @requiresScopes(scopes: [["codes"]])');
    expect(closed).not.toBe(sdl);
    const asked = accessRequirements(buildSupergraph(closed).planning);
    expect(asked('Lock.opens', caller())).toBe(false);
    expect(asked('Lock.opens', caller({ scopes: ['codes'] }))).toBe(true);
    expect(asked('Lock.id', undefined)).toBe(true);
  });
});
