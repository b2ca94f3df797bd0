import { afterEach, describe, expect, it } from 'vitest';
import type { Grant } from '../../sharing/policy/grant.ts';
import { type SmallHub, smallHub } from '../support/small-hub.ts';

const vehicles = {
  name: 'vehicles',
  owner: 'traffic-police',
  sdl: `
    type Query { vehicles: [Vehicle] @sharing(class: UNCONDITIONAL) }
    interface Vehicle @key(fields: "id") { id: ID! }
    type Car implements Vehicle @key(fields: "id") @sharing(class: UNCONDITIONAL) { id: ID! seats: Int weight: Int }
    type Truck implements Vehicle @key(fields: "id") @sharing(class: UNCONDITIONAL) { id: ID! weight: Int }`,
  resolvers: {
    Query: { vehicles: () => FLEET },
    Vehicle: { __resolveReference: ({ id }: { id: string }) => FLEET.find((each) => each.id === id) },
  },
};
const FLEET = [
  { __typename: 'Car', id: 'c1', seats: 5, weight: 1 },
  { __typename: 'Truck', id: 't1', weight: 9 },
];

/** The vehicles whose `paid` was computed. */
let computed: string[] = [];

/** Adds an item to every vehicle without knowing which kinds there are. */
const tolls = {
  name: 'tolls',
  owner: 'transport',
  sdl: `
    type Query { ping: String @sharing(class: UNCONDITIONAL) }
    type Vehicle @interfaceObject @key(fields: "id") {
      id: ID!
      paid(since: String @reads(items: ["Vehicle.paid"])): Int @sharing(class: CONDITIONAL)
      passes: Int @sharing(class: UNCONDITIONAL)
    }`,
  resolvers: {
    Vehicle: {
      paid: ({ id }: { id: string }) => {
        computed.push(id);
        return id === 'c1' ? 10 : 90;
      },
      passes: () => 7,
    },
  },
};

let hub: SmallHub;
const open = async (items: Grant['items'] = []): Promise<void> => {
  computed = [];
  hub = await smallHub({ subgraphs: [vehicles, tolls], grants: [{ items }] });
};
afterEach(() => hub.close());

describe('an item that another department adds to an interface', () => {
  it('is denied on every type, and its owner is named', async () => {
    await open();
    const { data, errors } = await hub.ask('{ vehicles { id passes paid } }');
    expect(data).toEqual({
      vehicles: [
        { id: 'c1', passes: 7, paid: null },
        { id: 't1', passes: 7, paid: null },
      ],
    });
    expect(errors?.map(({ extensions }) => [extensions['coordinate'], extensions['owner']])).toEqual([
      ['Car.paid', 'transport'],
      ['Truck.paid', 'transport'],
    ]);
    expect(hub.fetches.every(({ query }) => !query.includes('paid'))).toBe(true);
  });

  it('is granted type by type, and shown on that type only', async () => {
    await open([{ coordinate: 'Car.paid', uses: ['OUTPUT'] }]);
    const { data, errors } = await hub.ask('{ vehicles { id paid } }');
    expect(errors?.map(({ extensions }) => extensions['coordinate'])).toEqual(['Truck.paid']);
    expect(data).toEqual({
      vehicles: [
        { id: 'c1', paid: 10 },
        { id: 't1', paid: null },
      ],
    });
    expect(computed).toEqual(['c1']);
    expect(hub.entries.at(-1)?.items).toMatchObject({
      allowed: ['Car.id', 'Car.paid', 'Query.vehicles', 'Truck.id'],
      denied: [{ coordinate: 'Truck.paid', reason: 'NO_GRANT' }],
    });
  });

  it('needs the right to filter where its arguments filter', async () => {
    const query = '{ vehicles { ... on Car { paid(since: "2024") } } }';
    await open([{ coordinate: 'Car.paid', uses: ['OUTPUT'] }]);
    const { errors } = await hub.ask(query);
    expect(errors?.[0]?.extensions).toMatchObject({ coordinate: 'Car.paid', use: 'FILTER' });
    hub.setGrants([{ items: [{ coordinate: 'Car.paid', uses: ['OUTPUT', 'FILTER'] }] }]);
    expect((await hub.ask(query)).data).toEqual({ vehicles: [{ paid: 10 }, {}] });
  });
});
