import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DateScalar, DateTimeScalar } from '../../lib/scalars.ts';
import { type SmallHub, smallHub, type SmallSubgraph } from '../support/small-hub.ts';
import { always, direct, directUnguarded, weakHub, withoutReads } from './support.ts';

/*
 * Variables of another type than the schema names: operators of the store in place of a value, lists in place of one, and values
 * that would be decided in one form and used in another. test/gateway/arguments decides every form that is valid.
 */
const received: unknown[] = [];
const register = (day: object | undefined): SmallSubgraph => ({
  name: 'register',
  owner: 'public-security',
  sdl: `
    scalar Date
    scalar DateTime
    input Filter { name: String born: Date @reads(items: ["Person.birthDate"]) any: [Filter!] sex: Sex }
    enum Sex { MALE FEMALE }
    type Person @sharing(class: UNCONDITIONAL) { id: ID! birthDate: Date @sharing(class: CONDITIONAL) }
    type Query {
      born(on: Date!): [Person] @sharing(class: UNCONDITIONAL)
      at(time: DateTime!): [Person] @sharing(class: UNCONDITIONAL)
      named(name: String!): [Person] @sharing(class: UNCONDITIONAL)
      find(filter: Filter): [Person] @sharing(class: UNCONDITIONAL)
      free: String @sharing(class: UNCONDITIONAL)
    }`,
  resolvers: {
    ...(day && { Date: day, DateTime: DateTimeScalar }),
    Query: Object.fromEntries(
      ['born', 'at', 'named', 'find'].map((field) => [
        field,
        (_: unknown, args: object) => {
          received.push(args);
          return [{ id: 'p1', birthDate: '1949-12-31' }];
        },
      ]),
    ),
  },
});
const OPERATORS: unknown[] = [
  { $gt: '' },
  { $ne: null },
  { $where: 'true' },
  ['1949-12-31', '1950-01-01'],
  5,
  true,
  { toString: 'x' },
];

describe('an operator of the store in a variable', () => {
  let hub: SmallHub;
  let weak: SmallHub;
  beforeAll(async () => {
    hub = await smallHub({ subgraphs: [register(DateScalar)] });
    weak = await smallHub({ subgraphs: [register(undefined)] });
  });
  afterAll(() => Promise.all([hub.close(), weak.close()]));

  it.each(OPERATORS.map((value) => [JSON.stringify(value), value]))(
    'reaches a store through a scalar that takes anything, and none through ours: %s',
    async (_, value) => {
      const query = 'query ($v: Date!) { born(on: $v) { id } }';
      received.length = 0;
      await weak.ask(query, { variables: { v: value } });
      expect(JSON.parse(JSON.stringify(received))).toEqual([{ on: value }]);
      received.length = 0;
      const { data } = await hub.ask(query, { variables: { v: value } });
      expect([data?.['born'] ?? null, received]).toEqual([null, []]);
    },
  );

  it.each(OPERATORS.map((value) => [JSON.stringify(value), value]))(
    'is no string, point in time, enum or input object: %s',
    async (_, value) => {
      received.length = 0;
      const queries = [
        'query ($v: DateTime!) { at(time: $v) { id } }',
        'query ($v: String!) { named(name: $v) { id } }',
        'query ($v: Sex) { find(filter: { sex: $v }) { id } }',
        'query ($v: Filter) { find(filter: $v) { id } }',
        'query ($v: String) { find(filter: { name: $v }) { id } }',
      ];
      for (const query of queries) {
        const { data } = await hub.ask(query, { variables: { v: value } });
        expect(Object.values(data ?? {}).filter(Boolean)).toEqual([]);
      }
      expect(received).toEqual([]);
    },
  );

  it('is found by its item in a list where one object is expected, and in one object where a list is', async () => {
    const query = 'query ($v: [Filter!]) { find(filter: { any: $v }) { id } }';
    const open = await weakHub({ subgraphs: [register(DateScalar)] }, { table: withoutReads });
    for (const v of [{ born: '1949-12-31' }, [{ born: '1949-12-31' }], [{ any: { born: '1949-12-31' } }]]) {
      expect((await open.ask(query, { variables: { v } })).data).toEqual({ find: [{ id: 'p1' }] });
      const { data, errors } = await hub.ask(query, { variables: { v } });
      expect(data).toEqual({ find: null });
      expect(errors?.[0]?.extensions).toMatchObject({ coordinate: 'Person.birthDate', use: 'FILTER' });
    }
    await open.close();
  });

  it.each([
    ['a string', 'x'],
    ['a list', [1]],
    ['a number', 5],
  ])('variables that are %s are refused', async (_, variables) => {
    const { data } = await hub.ask('', { body: { query: '{ born(on: "1949-12-31") { id } }', variables } });
    expect(data ?? null).toBeNull();
  });
});

describe('an operator of the store that comes past the gateway', () => {
  it.each(OPERATORS.map((value) => [JSON.stringify(value), value]))(
    'reaches the store of a subgraph that takes anything, and none of ours: %s',
    async (_, value) => {
      const ours = register(DateScalar);
      const hub = await smallHub({ subgraphs: [ours] });
      const request = { query: 'query ($v: Date!) { born(on: $v) { id } }', variables: { v: value } };
      received.length = 0;
      await directUnguarded(register(undefined), request);
      expect(JSON.parse(JSON.stringify(received))).toEqual([{ on: value }]);
      received.length = 0;
      expect((await direct(hub, ours, request)).codes).toEqual(['BAD_USER_INPUT']);
      expect(received).toEqual([]);
      await hub.close();
    },
  );
});

describe('the variables of what was denied', () => {
  it('are not sent to the subgraph that answers the rest', async () => {
    const seen: unknown[] = [];
    const silent = {
      ...register(DateScalar),
      resolvers: { Date: DateScalar, DateTime: DateTimeScalar, Query: { free: always('free') } },
    };
    const watched = await smallHub({
      subgraphs: [silent],
      transports: {
        register: {
          send: ({ query, variables }) => {
            seen.push(variables);
            return Promise.resolve({ data: query.includes('free') ? { free: 'free' } : null });
          },
          freshness: () => Promise.resolve({}),
          ready: () => Promise.resolve(true),
          close: () => Promise.resolve(),
        },
      },
    });
    const query = 'query ($f: Filter) { free find(filter: $f) { id } }';
    const { data } = await watched.ask(query, { variables: { f: { born: '1949-12-31' } } });
    expect(data).toEqual({ free: 'free', find: null });
    expect(seen).toEqual([{}]);
    await watched.close();
  });
});
