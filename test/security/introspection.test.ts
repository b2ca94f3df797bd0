import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmallHub, smallHub } from '../support/small-hub.ts';

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: 'type Query { person: Person @sharing(class: UNCONDITIONAL) } type Person @sharing(class: UNCONDITIONAL) { id: ID! }',
  resolvers: { Query: { person: () => ({ id: '1' }) } },
};
const names = (count: number): string => Array.from({ length: count }, (_, each) => `a${each}: name`).join(' ');

describe('introspection', () => {
  let hub: SmallHub;
  beforeAll(async () => {
    hub = await smallHub({ subgraphs: [people] });
  });
  afterAll(() => hub.close());

  it('is answered to the queries that tools send, deep as they are', async () => {
    const { status, errors } = await hub.ask(getIntrospectionQuery({ inputValueDeprecation: true }));
    expect([status, errors]).toEqual([200, undefined]);
  });

  it.each([
    ['many aliases', `{ __schema { types { fields { ${names(1_200)} } } } }`],
    ['aliases in lists in lists', `{ __schema { types { fields { type { fields { ${names(600)} } } } } } }`],
    [
      'aliases in a fragment of one type',
      `{ __type(name: "Query") { ...T } } fragment T on __Type { ${names(1_200)} }`,
    ],
  ])('is limited like data: %s', async (_what, query) => {
    const { status, errors } = await hub.ask(query);
    expect(status).toBe(400);
    expect(errors?.[0]?.extensions['code']).toBe('LIMIT_EXCEEDED');
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'LIMIT' });
  });
});
