import { expect, it } from 'vitest';
import { smallHub } from '../support/small-hub.ts';

/*
 * Found by hub-equals-reference (EXCLUDED.requiresOfRequired). An item that is computed from one that is itself computed: where the
 * query comes to the row inside the subgraph that computes the one in between, Apollo's planner asks for that one at once, without
 * fetching what it requires. It is computed from nothing, and a wrong value is answered without an error.
 */
const FREE = '@sharing(class: UNCONDITIONAL)';

const population = {
  name: 'population',
  owner: 'public-security',
  sdl: `
    type Query { person: Person ${FREE} }
    type Person @key(fields: "id") { id: ID! ${FREE} income: Int ${FREE} }`,
  resolvers: {
    Query: { person: () => ({ id: 'p1' }) },
    Person: { __resolveReference: (person: object) => person, income: () => 100 },
  },
};
const households = {
  name: 'households',
  owner: 'civil-affairs-bureau',
  sdl: `
    type Query { office: String ${FREE} }
    type Person @key(fields: "id") {
      id: ID!
      income: Int @external
      relief: String @requires(fields: "income") ${FREE}
      spouse: Person ${FREE}
    }`,
  resolvers: {
    Person: {
      __resolveReference: (person: object) => person,
      relief: ({ income }: { income?: number }) => `relief of ${String(income)}`,
      spouse: () => ({ id: 'p2' }),
    },
  },
};
const pensions = {
  name: 'pensions',
  owner: 'social-security',
  sdl: `
    type Query { bureau: String ${FREE} }
    type Person @key(fields: "id") { id: ID! relief: String @external pension: String @requires(fields: "relief") ${FREE} }`,
  resolvers: {
    Person: {
      __resolveReference: (person: object) => person,
      pension: ({ relief }: { relief?: string }) => `pension after ${String(relief)}`,
    },
  },
};

const answerTo = async (query: string) => {
  const hub = await smallHub({ subgraphs: [population, households, pensions] });
  const { data, errors } = await hub.ask(query);
  await hub.close();
  return { data, errors };
};
const PENSION = 'pension after relief of 100';

it('computes an item from one that is computed itself', async () => {
  expect(await answerTo('{ person { pension } }')).toEqual({ data: { person: { pension: PENSION } } });
});

it.fails('computes it also where the row is reached in the subgraph that computes the one in between', async () => {
  expect(await answerTo('{ person { spouse { pension } } }')).toEqual({
    data: { person: { spouse: { pension: PENSION } } },
  });
});
