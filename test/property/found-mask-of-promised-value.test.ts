import { expect, it } from 'vitest';
import { smallHub } from '../support/small-hub.ts';

/*
 * Found by hub-equals-reference (EXCLUDED.unreadableWhereNotNull). A value that a mask cannot read becomes null, also where the
 * schema says that it never is: a client that believes the schema breaks. By the GraphQL specification the null moves to the
 * nearest place that may be null.
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

it.fails('moves the null of a mask to where the schema allows one', async () => {
  const hub = await smallHub({ subgraphs: [people] });
  const lists = await hub.ask('{ people { name marriages } }');
  const values = await hub.ask('{ people { name birthDate } }');
  await hub.close();
  expect([lists.data, values.data]).toEqual([
    {
      people: [
        { name: '张三', marriages: ['1970-01-01'] },
        { name: '李四', marriages: null },
      ],
    },
    { people: [{ name: '张三', birthDate: '1949-01-01' }, null] },
  ]);
});
