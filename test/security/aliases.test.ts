import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmallHub, smallHub } from '../support/small-hub.ts';

const zhang = { ref: 'r-zhang', id: 'p1', name: '张三', town: 'r-li', residents: 70, firms: 7 };

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query { person: Person @sharing(class: UNCONDITIONAL) }
    type Person @key(fields: "ref") @sharing(class: UNCONDITIONAL) {
      ref: ID! @inaccessible @sharing(class: WITHHELD, basis: "test")
      id: ID!
      name: String
      town: String
      residents: Int
      firms: Int
    }`,
  resolvers: { Query: { person: () => zhang }, Person: { __resolveReference: () => zhang } },
};

const land = {
  name: 'land',
  owner: 'natural-resources',
  sdl: `
    type Query { ping: String @sharing(class: UNCONDITIONAL) }
    type Person @key(fields: "ref") {
      ref: ID! @inaccessible
      residents: Int @external
      firms: Int @external
      parcels: [String!] @sharing(class: UNCONDITIONAL)
      ratio: Float @requires(fields: "residents firms") @sharing(class: UNCONDITIONAL)
      late: String @sharing(class: UNCONDITIONAL)
    }`,
  resolvers: {
    Person: {
      parcels: ({ ref }: { ref: string }) => [`of ${ref}`],
      ratio: ({ residents, firms }: { residents: number; firms: number }) => residents / firms,
      late: () => Promise.reject(new Error('down')),
    },
  },
};

describe('aliases that are named like what the federation fetches beside them', () => {
  let hub: SmallHub;
  beforeAll(async () => {
    hub = await smallHub({ subgraphs: [people, land] });
  });
  afterAll(() => hub.close());

  it('do not show the key', async () => {
    const { data, errors } = await hub.ask('{ person { ref: id parcels } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({ person: { ref: 'p1', parcels: ['of r-zhang'] } });
    expect(hub.entries.at(-1)?.items?.allowed).not.toContain('Person.ref');
  });

  it('do not choose whose data another subgraph gives', async () => {
    const { data } = await hub.ask('{ person { ref: town parcels } }');
    expect(data).toEqual({ person: { ref: 'r-li', parcels: ['of r-zhang'] } });
  });

  it('are not computed with', async () => {
    const { data } = await hub.ask('{ person { residents: firms firms: residents ratio } }');
    expect(data).toEqual({ person: { residents: 7, firms: 70, ratio: 10 } });
  });

  it('may be named like members of every JavaScript object', async () => {
    const { data } = await hub.ask(
      '{ constructor: person { toString: name valueOf: parcels hasOwnProperty: late then: id } }',
    );
    expect(data).toEqual({
      constructor: { toString: '张三', valueOf: ['of r-zhang'], hasOwnProperty: null, then: 'p1' },
    });
  });

  it('are what an error names', async () => {
    const { errors } = await hub.ask('{ who: person { why: late } }');
    expect(errors?.map(({ path }) => path)).toEqual([['who', 'why']]);
  });
});
