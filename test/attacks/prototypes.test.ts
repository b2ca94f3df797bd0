import { fastify } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { registerGraphql } from '../../gateway/routes.ts';
import type { SubgraphTransport } from '../../lib/transport.ts';
import { type SmallHub, smallHub } from '../support/small-hub.ts';
import { DENIED_PHONE, people, ZHANG } from './fixtures.ts';
import { bareSteps, direct, refusals } from './support.ts';

/*
 * Class 11, CVE-2026-32621: prototype pollution in the gateway itself, by aliases, by variables, or by what a subgraph answers.
 * test/security/aliases shows that aliases named like members of every object work. After each attack every object is looked at.
 */
const clean = (): boolean => Object.keys(Object.prototype).length === 0 && !('polluted' in {}) && !('phone' in {});

/** What a gateway that merges by assignment does with an answer. */
function careless(into: Record<string, unknown>, from: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(from)) {
    const member = into[key];
    if (typeof member === 'function' || (typeof member === 'object' && member !== null))
      careless(member as typeof into, value as typeof from);
    else into[key] = value;
  }
}
const POISON = ['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}'];

let hub: SmallHub;
afterEach(async () => {
  await hub.close();
  expect(clean()).toBe(true);
});

describe('an answer of a subgraph', () => {
  it.each(POISON)('changes every object where it is merged carelessly, and none in the gateway: %s', async (poison) => {
    careless({}, own(poison));
    expect('polluted' in {}).toBe(true);
    delete (Object.prototype as { polluted?: number }).polluted;

    const person = { ...own(poison), hub__as_toString: 'p1', id: 'p1', __typename: 'Person', ref: 'r' };
    const poisoned: SubgraphTransport = {
      send: ({ query }) =>
        Promise.resolve({
          data: query.includes('_entities')
            ? { _entities: [person], ...own(poison) }
            : { person, hub__as_constructor: person, ...own(poison) },
          errors: [{ message: 'x', path: ['__proto__', 'constructor'], extensions: own(poison) }],
        }),
      freshness: () => Promise.resolve({}),
      ready: () => Promise.resolve(true),
      close: () => Promise.resolve(),
    };
    hub = await smallHub({ subgraphs: [people, land], transports: { people: poisoned, land: poisoned } });
    const { data } = await hub.ask(
      '{ constructor: person { id constructor: parcels ...P } } fragment P on Person { toString: id }',
    );
    expect(clean()).toBe(true);
    expect(data).toMatchObject({ constructor: { id: 'p1' } });
  });
});

const land = {
  name: 'land',
  owner: 'natural-resources',
  sdl: 'type Person @key(fields: "ref") { ref: ID! @inaccessible parcels: [String] @sharing(class: UNCONDITIONAL) }',
  resolvers: { Person: { parcels: () => [] } },
};

/** The members of a JSON text as an object's own, `__proto__` included. */
function own(json: string): Record<string, unknown> {
  return JSON.parse(json) as Record<string, unknown>;
}

describe('an alias', () => {
  it('`__proto__` takes the answer’s prototype where nothing refuses it, and is refused', async () => {
    const ask = bareSteps([people], () => ({}));
    expect(await ask('{ __proto__: person { id } }')).not.toEqual(JSON.parse('{"__proto__":{"id":"p1"}}'));
    hub = await smallHub({ subgraphs: [people] });
    for (const query of ['{ __proto__: person { id } }', '{ person { __proto__: id } }']) {
      const { data, errors } = await hub.ask(query);
      expect([data ?? null, errors?.[0]?.extensions['code']]).toEqual([null, 'BAD_ALIAS']);
    }
  });
});

describe('variables', () => {
  it('named `__proto__` or `constructor` decide nothing for others', async () => {
    hub = await smallHub({ subgraphs: [people] });
    for (const name of ['__proto__', 'constructor', 'hasOwnProperty', 'toString']) {
      const variables = JSON.parse(`{"${name}": "1990-01-01", "day": "1990-01-01"}`) as Record<string, unknown>;
      const answer = await hub.ask(
        `query ($${name}: String!) { bornBefore(day: $${name}) { count } person { phone } }`,
        { variables },
      );
      expect(answer.data ?? null).not.toMatchObject({ bornBefore: { count: 1 } });
      expect(JSON.stringify(answer)).not.toContain(ZHANG.phone);
    }
  });

  it.each([
    ['query ($d: String) { bornBefore(day: "1990-01-01") { count } }', '{"__proto__":{"d":"x"}}'],
    ['query ($d: Boolean = false) { person { phone @include(if: $d) id } }', '{"__proto__":{"d":true}}'],
    ['query ($d: Boolean = true) { person { id phone @skip(if: $d) } }', '{"constructor":{"d":false}}'],
  ])('are their own members only: %s', async (query, variables) => {
    hub = await smallHub({ subgraphs: [people] });
    const { data } = await hub.ask(query, { variables: own(variables) });
    expect(JSON.stringify(data ?? null)).not.toMatch(/phone|"count":1/);
  });

  it('with such keys are refused at the door, before they are read', async () => {
    hub = await smallHub({ subgraphs: [people] });
    const app = fastify();
    registerGraphql(app, hub.gateway);
    for (const variables of POISON) {
      const response = await app.inject({
        method: 'POST',
        url: '/graphql',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await hub.token({})}` },
        payload: `{"query":"{ person { id } }","variables":${variables}}`,
      });
      expect(response.statusCode).toBe(400);
      expect(response.body).not.toContain('p1');
    }
    await app.close();
    expect(hub.fetches).toEqual([]);
  });
});

describe('a reference that comes to a subgraph', () => {
  it.each(POISON)(
    'changes every object where it is merged carelessly, and none in the subgraph: %s',
    async (poison) => {
      careless({}, own(poison));
      expect('polluted' in {}).toBe(true);
      delete (Object.prototype as { polluted?: number }).polluted;
      hub = await smallHub({ subgraphs: [people] });
      const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { id } } }';
      const reference = own(poison.replace('{', `{"__typename":"Person","ref":"${ZHANG.ref}",`));
      const { data } = await direct(hub, people, { query, variables: { ...own(poison), r: [reference] } });
      expect(clean()).toBe(true);
      expect(data).toEqual({ _entities: [{ id: 'p1' }] });
    },
  );
});

describe('a literal', () => {
  it('with such keys is no way past a decision', async () => {
    hub = await smallHub({ subgraphs: [people] });
    const answer = await hub.ask('{ person { phone } byId(id: "constructor") { id } }');
    expect(answer.data).toEqual({ person: { phone: null }, byId: null });
    expect(refusals(answer)).toEqual(DENIED_PHONE);
  });
});
