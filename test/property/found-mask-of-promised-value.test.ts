import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SmallHub, smallHub } from '../support/small-hub.ts';

/*
 * Found by hub-equals-reference. A value that a mask cannot read becomes null. Where the schema says that it never is, a client
 * that believes the schema would break: by the GraphQL specification the null moves to the nearest place that may be null, with an
 * error that says so.
 */
const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query { people: [Person] @sharing(class: UNCONDITIONAL) }
    type Person {
      name: String @sharing(class: UNCONDITIONAL)
      birthDate: String! @sharing(class: CONDITIONAL, mask: YEAR)
      marriages: [String!] @sharing(class: CONDITIONAL, mask: YEAR)
    }`,
  resolvers: {
    Query: {
      people: () => [
        { name: '张三', birthDate: '1949-12-31', marriages: ['1970-05-01'] },
        { name: '李四', birthDate: '不详', marriages: ['不详'] },
      ],
    },
  },
};

let hub: SmallHub;
beforeAll(async () => {
  hub = await smallHub({ subgraphs: [people] });
});
afterAll(() => hub.close());

it('moves the null of a mask to where the schema allows one', async () => {
  const lists = await hub.ask('{ people { name marriages } }');
  const values = await hub.ask('{ people { name birthDate } }');
  expect([lists.data, values.data]).toEqual([
    {
      people: [
        { name: '张三', marriages: ['1970-01-01'] },
        { name: '李四', marriages: null },
      ],
    },
    { people: [{ name: '张三', birthDate: '1949-01-01' }, null] },
  ]);
  expect(values.errors).toMatchObject([{ path: ['people', 'birthDate'], extensions: { code: 'SUBGRAPH_ERROR' } }]);
});

// EXCLUDED.silentLists.
it.fails('says so where the item of a list must not be null and the list may be', async () => {
  const { errors } = await hub.ask('{ people { name marriages } }');
  expect(errors).toMatchObject([{ path: ['people', 'marriages'], extensions: { code: 'SUBGRAPH_ERROR' } }]);
});
