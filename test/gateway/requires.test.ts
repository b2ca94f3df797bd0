import { describe, expect, it } from 'vitest';
import type { Grant } from '../../sharing/policy/grant.ts';
import { type SmallHub, smallHub } from '../support/small-hub.ts';

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query { person: Person @sharing(class: UNCONDITIONAL) }
    type Person @key(fields: "ref") {
      ref: ID! @inaccessible
      id: ID! @sharing(class: UNCONDITIONAL)
      birthDate: String @sharing(class: CONDITIONAL)
      address: Address @sharing(class: UNCONDITIONAL)
      name: String @sharing(class: CONDITIONAL, mask: NAME)
    }
    type Address { street: String @sharing(class: CONDITIONAL) county: String @sharing(class: UNCONDITIONAL) }`,
  resolvers: {
    Query: { person: () => zhang },
    Person: { __resolveReference: () => zhang },
  },
};
const zhang = {
  __typename: 'Person',
  ref: 'r1',
  id: 'p1',
  birthDate: '1949-12-31',
  name: '张三',
  address: { street: '龙川街 1', county: '楚雄市' },
};

const welfare = {
  name: 'welfare',
  owner: 'civil-affairs-bureau',
  sdl: `
    type Query { ping: String @sharing(class: UNCONDITIONAL) }
    type Person @key(fields: "ref") {
      ref: ID! @inaccessible
      birthDate: String @external
      name: String @external
      address: Address @external
      pension: String @requires(fields: "birthDate") @sharing(class: UNCONDITIONAL)
      initial: String @requires(fields: "name") @sharing(class: UNCONDITIONAL)
      office: String @requires(fields: "address { street county }") @sharing(class: UNCONDITIONAL)
    }
    type Address @external { street: String county: String }`,
  resolvers: {
    Person: {
      pension: ({ birthDate }: { birthDate: string }) => `since ${Number(birthDate.slice(0, 4)) + 60}`,
      initial: ({ name }: { name: string }) => name.slice(0, 1),
      office: ({ address }: { address: { street: string } }) => `near ${address.street}`,
    },
  },
};

/** One more hop: what it requires is free, but that in turn requires what is not. */
const tax = {
  name: 'tax',
  owner: 'taxation',
  sdl: `
    type Query { pong: String @sharing(class: UNCONDITIONAL) }
    type Person @key(fields: "ref") {
      ref: ID! @inaccessible
      pension: String @external
      allowance: String @requires(fields: "pension") @sharing(class: UNCONDITIONAL)
    }`,
  resolvers: { Person: { allowance: ({ pension }: { pension: string }) => `free, as ${pension}` } },
};

const open = (items: Grant['items'] = []): Promise<SmallHub> =>
  smallHub({ subgraphs: [people, welfare, tax], grants: [{ items }] });

describe('a free field does not tell the protected item it is computed from', () => {
  it.each([
    ['pension', 'Person.birthDate'],
    ['office', 'Address.street'],
    ['allowance', 'Person.birthDate'],
    ['initial', 'Person.name'],
  ])('denies %s without a grant for %s, and names that item', async (field, required) => {
    const hub = await open();
    const { data, errors } = await hub.ask(`{ person { id ${field} } }`);
    expect(data).toEqual({ person: { id: 'p1', [field]: null } });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      path: ['person', field],
      extensions: { code: 'NOT_SHARED', coordinate: required, use: 'OUTPUT', owner: 'public-security' },
    });
    expect(hub.fetches.map(({ subgraph }) => subgraph)).toEqual(['people']);
    expect(hub.fetches[0]?.query).not.toMatch(/birthDate|street|name/);
    expect(hub.entries.at(-1)).toMatchObject({ items: { denied: [{ coordinate: required, reason: 'NO_GRANT' }] } });
    await hub.close();
  });

  it.each([
    ['pension', 'Person.birthDate', 'since 2009'],
    ['office', 'Address.street', 'near 龙川街 1'],
    ['allowance', 'Person.birthDate', 'free, as since 2009'],
    ['initial', 'Person.name', '张'],
  ])('answers %s to who may read %s', async (field, required, value) => {
    const hub = await open([{ coordinate: required, uses: ['OUTPUT'] }]);
    const { data, errors } = await hub.ask(`{ person { id ${field} } }`);
    expect([errors, data]).toEqual([undefined, { person: { id: 'p1', [field]: value } }]);
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'ANSWERED', grants: [expect.stringMatching(/^G-/)] });
    await hub.close();
  });

  it('is not satisfied by a grant for another use of the item', async () => {
    const hub = await open([{ coordinate: 'Person.birthDate', uses: ['FILTER', 'VERIFY', 'LOOKUP'] }]);
    expect((await hub.ask('{ person { pension } }')).data).toEqual({ person: { pension: null } });
    await hub.close();
  });

  it('cannot be had through aliases and fragments either', async () => {
    const hub = await open();
    const { data } = await hub.ask(
      '{ person { a: pension ...F } } fragment F on Person { b: allowance ... on Person { c: office } }',
    );
    expect(data).toEqual({ person: { a: null, b: null, c: null } });
    expect(hub.fetches.map(({ subgraph }) => subgraph)).toEqual(['people']);
    await hub.close();
  });
});
