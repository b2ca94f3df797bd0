import { ApolloServer, HeaderMap } from '@apollo/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmallHub, smallHub } from '../support/small-hub.ts';
import { DENIED_PHONE, people, ZHANG } from './fixtures.ts';
import { bareSteps, freeing, refusals, weakHub } from './support.ts';

/*
 * Class 9: aliases, fragments, `@defer`, batches and introspection. test/security/aliases has the aliases that are named like
 * keys, test/gateway/pruning the refusal of `__typename`, test/security/introspection its limits; test/gateway/limits counts
 * aliases and fragments. Here what these protect from.
 */
let hub: SmallHub;
let weak: SmallHub;
beforeAll(async () => {
  hub = await smallHub({ subgraphs: [people] });
  weak = await weakHub({ subgraphs: [people] }, { table: freeing('Person.phone') });
});
afterAll(() => Promise.all([hub.close(), weak.close()]));

describe('a denied item', () => {
  const ways: Record<string, string> = {
    'an alias named like a free item': '{ person { id: phone } }',
    'aliases that swap two items': '{ person { phone: id id: phone } }',
    'one response key in two fragments':
      '{ person { ...A ...B } } fragment A on Person { x: phone } fragment B on Person { x: phone }',
    'a fragment that is spread in itself by another name':
      '{ person { ...A } } fragment A on Person { ... on Node { ...B } } fragment B on Person { phone }',
    'a second selection of the same field': '{ person { id } person { phone } }',
    'the second of two operations': 'query A { person { id } } query B { person { phone } }',
    'directives that say what is said anyway':
      'query ($t: Boolean = true) { person { phone @include(if: $t) @skip(if: false) } }',
  };
  it.each(Object.entries(ways))('comes out of a hub that does not deny it, and not of ours: %s', async (_, query) => {
    const body = { query, ...(query.includes('query B') && { operationName: 'B' }) };
    expect(JSON.stringify((await weak.ask('', { body })).data)).toContain(ZHANG.phone);
    hub.fetches.length = 0;
    const answer = await hub.ask('', { body });
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.data)).not.toContain(ZHANG.phone);
    expect(refusals(answer)).toEqual(DENIED_PHONE);
    expect(JSON.stringify(hub.fetches)).not.toMatch(/\bphone\b/);
  });
});

describe('an alias `__typename`', () => {
  const query = '{ named { __typename: name ... on Firm { phone } } }';

  it('takes the place of the type where nothing refuses it: rows are read by rules that are not theirs', async () => {
    const ask = bareSteps([people], () => ({}));
    const honest = await ask('{ named { __typename ... on Firm { phone } } }');
    const answer = await ask(query);
    expect(honest).toEqual({ named: [{ __typename: 'Person' }, { __typename: 'Firm', phone: '0878-3000000' }] });
    expect(answer).not.toMatchObject({ named: [{ __typename: 'Person' }, { __typename: 'Firm' }] });
  });

  it('is refused, in fragments that no operation uses too', async () => {
    const unused = '{ person { id } } fragment F on Person { __typename: name }';
    for (const text of [query, '{ named { ...F } } fragment F on Named { __typename: name }', unused]) {
      const { errors, data } = await hub.ask(text);
      expect(data ?? null).toBeNull();
      expect(errors).toHaveLength(1);
    }
  });
});

describe('incremental delivery', () => {
  it.each(['@defer', '@defer(label: "x")', '@defer(if: false)'])('is not served: %s', async (defer) => {
    const { data, errors } = await hub.ask(`{ person { id ... ${defer} { phone } } }`, {
      headers: { accept: 'multipart/mixed; deferSpec=20220824, application/json' },
    });
    expect(data ?? null).toBeNull();
    expect(errors?.map(({ message }) => message)).toEqual(['Unknown directive "@defer".']);
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'INVALID' });
  });
});

describe('a batch', () => {
  const batch = Array.from({ length: 5 }, () => ({ query: '{ person { id } }' }));

  it('is many requests in one entry where it is served, and is refused here before anything is fetched', async () => {
    const stock = new ApolloServer({
      typeDefs: 'type Query { person: String }',
      resolvers: { Query: { person: () => 'p1' } },
      allowBatchedHttpRequests: true,
    });
    await stock.start();
    const headers = new HeaderMap([['content-type', 'application/json']]);
    const { body } = await stock.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', search: '', headers, body: batch.map(() => ({ query: '{ person }' })) },
      context: () => Promise.resolve({}),
    });
    expect(JSON.parse(body.kind === 'complete' ? body.string : '')).toHaveLength(5);
    await stock.stop();

    hub.fetches.length = 0;
    const before = hub.entries.length;
    for (const asked of [batch, [], [batch]]) {
      const { status, data } = await hub.ask('', { body: asked });
      expect([status, data ?? null]).toEqual([400, null]);
    }
    expect(hub.fetches).toEqual([]);
    expect(hub.entries.slice(before).map(({ outcome }) => outcome)).toEqual(['INVALID', 'INVALID', 'INVALID']);
  });
});

describe('introspection', () => {
  it('names no item that is inaccessible, by no door', async () => {
    const queries = [
      '{ __type(name: "Person") { fields(includeDeprecated: true) { name } inputFields { name } possibleTypes { name } } }',
      '{ __schema { types { name fields { name } } directives { name } } }',
      '{ __type(name: "_Entity") { possibleTypes { name } } }',
    ];
    for (const query of queries) {
      const { data, errors } = await hub.ask(query);
      expect(errors).toBeUndefined();
      expect(JSON.stringify(data)).not.toMatch(/"ref"|_entities|_service|"_Any"/);
    }
    const { status } = await hub.ask('{ person { __schema { types { name } } } }');
    expect(status).toBe(400);
  });

  it('takes nothing past the decisions beside it', async () => {
    const answer = await hub.ask('{ __schema { queryType { name } } __typename person { phone x: __typename } }');
    expect(answer.data).toEqual({
      __schema: { queryType: { name: 'Query' } },
      __typename: 'Query',
      person: { phone: null, x: 'Person' },
    });
    expect(refusals(answer)).toEqual(DENIED_PHONE);
  });
});
