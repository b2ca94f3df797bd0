import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmallHub, smallHub, type SmallSubgraph } from '../support/small-hub.ts';
import { always, direct, directUnguarded, freeing, refusals, weakHub } from './support.ts';

/*
 * Class 3 by `@interfaceObject`: a department adds an item to an interface of another, and no implementing type's SDL has a word of it.
 * test/gateway/interface-objects shows what is decided; here where the policy does not follow, and the subgraph by itself.
 */
const media: SmallSubgraph = {
  name: 'media',
  owner: 'culture',
  sdl: `
    type Query { media: [Media] @sharing(class: UNCONDITIONAL) }
    interface Media @key(fields: "id") { id: ID! }
    type Book implements Media @key(fields: "id") @sharing(class: UNCONDITIONAL) { id: ID! }
    type Film implements Media @key(fields: "id") @sharing(class: UNCONDITIONAL) { id: ID! }`,
  resolvers: {
    Query: {
      media: always([
        { __typename: 'Book', id: 'b1' },
        { __typename: 'Film', id: 'f1' },
      ]),
    },
    Media: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
  },
};
const loans: SmallSubgraph = {
  name: 'loans',
  owner: 'library',
  sdl: `
    type Query { ping: String @sharing(class: UNCONDITIONAL) }
    type Media @interfaceObject @key(fields: "id") {
      id: ID!
      borrower: String @sharing(class: CONDITIONAL)
      lent(to: String @reads(items: ["Media.borrower"])): Boolean @sharing(class: UNCONDITIONAL)
    }`,
  resolvers: {
    Media: {
      __resolveReference: (reference: object) => reference,
      borrower: always('张三'),
      lent: (_: unknown, { to }: { to?: string }) => to === '张三',
    },
  },
};
const subgraphs = [media, loans];
const WAYS: Readonly<Record<string, string>> = {
  'the interface': '{ media { borrower } }',
  'one type of it': '{ media { ... on Book { borrower } } }',
  'an alias in sibling fragments': '{ media { ... on Book { x: borrower } ... on Film { x: borrower } } }',
};

describe('an item that is added to an interface', () => {
  let hub: SmallHub;
  let weak: SmallHub;
  beforeAll(async () => {
    hub = await smallHub({ subgraphs });
    const items = ['Media.borrower', 'Book.borrower', 'Film.borrower'];
    weak = await weakHub({ subgraphs }, { table: (table) => ({ ...freeing(...items)(table), reads: new Map() }) });
  });
  afterAll(() => Promise.all([hub.close(), weak.close()]));

  it.each(Object.entries(WAYS))('is decided on each type behind it, asked by %s', async (_, query) => {
    expect(JSON.stringify((await weak.ask(query)).data)).toContain('张三');
    hub.fetches.length = 0;
    const answer = await hub.ask(query);
    expect(JSON.stringify(answer.data)).not.toContain('张三');
    for (const refusal of refusals(answer))
      expect(refusal).toEqual([expect.stringMatching(/^(Book|Film)\.borrower$/), 'OUTPUT', 'NO_GRANT']);
    expect(refusals(answer).length).toBeGreaterThan(0);
    expect(hub.fetches.map((fetch) => fetch.query).join()).not.toContain('borrower');
  });

  it('is not read by an argument of another one either', async () => {
    const query = '{ media { lent(to: "张三") } }';
    expect((await weak.ask(query)).data).toEqual({ media: [{ lent: true }, { lent: true }] });
    const answer = await hub.ask(query);
    expect(answer.data).toEqual({ media: [{ lent: null }, { lent: null }] });
    expect(refusals(answer)[0]).toEqual([expect.stringMatching(/\.borrower$/), 'FILTER', 'NO_GRANT']);
  });

  it('is not given by its subgraph to a context that names other items of the interface', async () => {
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Media { borrower } } }';
    const variables = { r: [{ __typename: 'Media', id: 'b1' }] };
    expect((await directUnguarded(loans, { query, variables })).data).toEqual({ _entities: [{ borrower: '张三' }] });
    for (const asked of [['Media.lent'], ['Book.lent', 'Film.lent']])
      expect(await direct(hub, loans, { query, variables, context: { asked } })).toMatchObject({
        data: null,
        codes: ['NOT_PERMITTED'],
      });
  });
});
