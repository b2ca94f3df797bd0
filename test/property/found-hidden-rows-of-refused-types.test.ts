import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import { type SmallHub, smallHub } from '../support/small-hub.ts';

/*
 * Found by hub-equals-reference (EXCLUDED.hiddenRowsOfRefusedTypes). In a list of a union a type is refused as a whole where an item
 * that is asked of it must not be null: each of its rows is null. Rows that are out of scope should be absent, but of a refused type
 * nothing is fetched, not even whether its rows are in scope: whoever may see one county learns how many there are of the others.
 */
const DIVISIONS: Readonly<Record<string, string>> = { f1: '532301', f2: '532322', f3: '532322' };
const FREE = '@sharing(class: UNCONDITIONAL)';

const register = {
  name: 'legal-persons',
  owner: 'market-regulation',
  sdl: `
    type Query { ping: String ${FREE} }
    type Firm @key(fields: "uscc") @scopedBy(division: "division") {
      uscc: ID! ${FREE}
      secret: String! @sharing(class: WITHHELD, basis: "档案法")
      phone: String @sharing(class: CONDITIONAL)
      division: String ${FREE}
      inScope: Boolean @inaccessible
    }`,
  resolvers: {
    Firm: {
      __resolveReference: ({ uscc }: { uscc: string }, { signed }: SubgraphContext) =>
        signed.divisions.includes('*') || signed.divisions.includes(DIVISIONS[uscc] ?? '')
          ? { uscc, phone: `T-${uscc}`, division: DIVISIONS[uscc] }
          : null,
      inScope: () => true,
    },
  },
};
const land = {
  name: 'geospatial',
  owner: 'natural-resources',
  sdl: `
    type Query { owners: [Owner] ${FREE} }
    union Owner = Firm | Village
    type Village { name: String ${FREE} }
    type Firm @key(fields: "uscc") { uscc: ID! }`,
  resolvers: {
    Query: {
      owners: () => [
        ...Object.keys(DIVISIONS).map((uscc) => ({ __typename: 'Firm', uscc })),
        { __typename: 'Village', name: '村' },
      ],
    },
  },
};

let hub: SmallHub;
beforeAll(async () => {
  hub = await smallHub({
    subgraphs: [register, land],
    grants: [{ divisions: ['532301'], items: [{ coordinate: 'Firm.phone', uses: ['OUTPUT'] }] }],
  });
});
afterAll(() => hub.close());

const asked = (ofFirms: string): string =>
  `{ shown: owners { ... on Firm { phone } } owners { ... on Village { name } ... on Firm { ${ofFirms} } } }`;

it('leaves rows out of a list that are out of scope', async () => {
  const { data } = await hub.ask(asked('uscc'));
  expect(data?.['owners']).toEqual([{ uscc: 'f1' }, { name: '村' }]);
});

it.fails('leaves them out where their type is refused, too', async () => {
  const { data } = await hub.ask(asked('secret'));
  expect(data?.['owners']).toEqual([null, { name: '村' }]);
});
