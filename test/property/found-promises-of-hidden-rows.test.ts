import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import { type SmallHub, smallHub } from '../support/small-hub.ts';

/*
 * Found by hub-equals-reference. A row that is out of scope is absent from lists, also where a field is asked that must not be
 * null, such as `LegalPerson.orgCode: String!`: were it null in its place, with an error that a value is missing, whoever may see
 * one county would learn how many there are of the others.
 */
const DIVISIONS: Readonly<Record<string, string>> = { f1: '532301', f2: '532322', f3: '532322' };

const register = {
  name: 'legal-persons',
  owner: 'market-regulation',
  sdl: `
    type Query { ping: String @sharing(class: UNCONDITIONAL) }
    type Firm @key(fields: "uscc") @scopedBy(division: "division") {
      uscc: ID! @sharing(class: UNCONDITIONAL)
      orgCode: String! @sharing(class: UNCONDITIONAL)
      name: String @sharing(class: UNCONDITIONAL)
      phone: String @sharing(class: CONDITIONAL)
      division: String @sharing(class: UNCONDITIONAL)
      inScope: Boolean @inaccessible
    }`,
  resolvers: {
    Firm: {
      __resolveReference: ({ uscc }: { uscc: string }, { signed }: SubgraphContext) =>
        signed.divisions.includes('*') || signed.divisions.includes(DIVISIONS[uscc] ?? '')
          ? { uscc, orgCode: `O-${uscc}`, name: `N-${uscc}`, phone: `T-${uscc}`, division: DIVISIONS[uscc] }
          : null,
      inScope: () => true,
    },
  },
};
const land = {
  name: 'geospatial',
  owner: 'natural-resources',
  sdl: `
    type Query { owners: [Firm] @sharing(class: UNCONDITIONAL) }
    type Firm @key(fields: "uscc") { uscc: ID! }`,
  resolvers: { Query: { owners: () => Object.keys(DIVISIONS).map((uscc) => ({ uscc })) } },
};

let hub: SmallHub;
beforeAll(async () => {
  hub = await smallHub({
    subgraphs: [register, land],
    grants: [{ divisions: ['532301'], items: [{ coordinate: 'Firm.phone', uses: ['OUTPUT'] }] }],
  });
});
afterAll(() => hub.close());

it('leaves hidden rows out of a list where all that is asked may be null', async () => {
  const { data, errors } = await hub.ask('{ owners { name phone } }');
  expect([data, errors]).toEqual([{ owners: [{ name: 'N-f1', phone: 'T-f1' }] }, undefined]);
});

it('leaves hidden rows out of a list whatever is asked of them', async () => {
  const { data, errors } = await hub.ask('{ owners { orgCode phone } }');
  expect([data, errors]).toEqual([{ owners: [{ orgCode: 'O-f1', phone: 'T-f1' }] }, undefined]);
});
