import { GraphQLError } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { smallHub, type SmallSubgraph } from '../support/small-hub.ts';
import { people, ZHANG } from './fixtures.ts';
import { direct, unguarded } from './support.ts';

/*
 * Class 9: the text of errors. test/gateway/record shows that no value the caller gave comes back, test/gateway/subgraph-trouble that
 * the words of a dead or failing subgraph stay inside. Here: names that are nobody's business, and what a resolver says of a row.
 */
const talkative = {
  ...people,
  resolvers: {
    ...people.resolvers,
    Person: {
      ...people.resolvers['Person'],
      phone: () => Promise.reject(new Error(`duplicate key: ${ZHANG.phone}`)),
      household: () =>
        Promise.reject(new GraphQLError(`no such household ${ZHANG.household}`, { extensions: { code: 'SECRET' } })),
    },
  },
};
const items = ['phone', 'household'].map((field) => ({ coordinate: `Person.${field}`, uses: ['OUTPUT' as const] }));
const hub = await smallHub({ subgraphs: [talkative], grants: [{ items }] });
afterAll(() => hub.close());

describe('the text of an error', () => {
  it.each(['phone', 'household'] as const)(
    'does not tell the value of which a resolver complains: %s',
    async (field) => {
      const said = await unguarded([talkative])
        .get('people')
        ?.send({
          query: `{ person { ${field} } }`,
          variables: {},
          requestId: 'r',
          traceparent: '',
          signal: AbortSignal.timeout(5_000),
        });
      expect(JSON.stringify(said?.errors)).toContain(ZHANG[field]);
      const { data, errors } = await hub.ask(`{ person { ${field} } }`);
      expect(data).toEqual({ person: { [field]: null } });
      expect(errors).toEqual([
        {
          message: 'The subgraph people could not answer this field.',
          path: ['person', field],
          extensions: { code: 'SUBGRAPH_ERROR', subgraph: 'people' },
        },
      ]);
    },
  );

  it.each([
    ['{ person { re } }', 'a field'],
    ['{ person { reff } }', 'a field'],
    ['{ persn { id } }', 'a root field'],
    ['{ _entitie { id } }', 'a federation field'],
    ['{ byId(idd: "p1") { id } }', 'an argument'],
    ['{ person { ... on Persn { id } } }', 'a type'],
    ['query ($v: _An) { person { id } }', 'a type of a variable'],
  ])('gives no hint at names that are near: %s (%s)', async (query) => {
    const { status, errors } = await hub.ask(query);
    expect(status).toBe(400);
    const text = JSON.stringify(errors);
    expect(text).not.toMatch(/did you mean|_entities|_Any|"ref"|\bref\b/i);
  });

  it('is the same for an item that is inaccessible and one that is not there', async () => {
    const textOf = async (name: string) => {
      const { errors } = await hub.ask(`{ person { ${name} } }`);
      return JSON.stringify(errors).replaceAll(name, '?');
    };
    expect(await textOf('ref')).toBe(await textOf('absent'));
  });
});

describe('the text of an error with an open code', () => {
  const open = (message: string) => () =>
    Promise.reject(new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } }));
  const messages = {
    byName: 'ref: not well formed. Give another one.',
    byValue: `no row ${ZHANG.ref} in this register`,
    byType: 'Variable "$representations" got a value that is no _Any.',
    told: 'period: not a month. Write 2026-01.',
  };
  const subgraphs: SmallSubgraph[] = [
    people,
    {
      name: 'land',
      owner: 'natural-resources',
      sdl: `type Person @key(fields: "ref") { ref: ID! @inaccessible ${Object.keys(messages)
        .map((name) => `${name}(period: String): String @sharing(class: UNCONDITIONAL)`)
        .join(' ')} }`,
      resolvers: {
        Person: Object.fromEntries(Object.entries(messages).map(([name, message]) => [name, open(message)])),
      },
    },
  ];

  it.each(['byName', 'byValue', 'byType'] as const)('tells no key, of a name or of a row: %s', async (field) => {
    const land = await smallHub({ subgraphs });
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Person { ${field} } } }`;
    const variables = { representations: [{ __typename: 'Person', ref: ZHANG.ref }] };
    const [, asked] = subgraphs;
    if (!asked) throw new Error('two subgraphs');
    const said = await direct(land, asked, { query, variables });
    expect(said.errors.map(({ message }) => message)).toEqual([messages[field]]);
    const { data, errors } = await land.ask(`{ person { id ${field}(period: "1") } }`);
    expect(data).toEqual({ person: { id: 'p1', [field]: null } });
    expect(errors).toEqual([
      {
        message: 'The subgraph land could not answer this field.',
        path: ['person', field],
        extensions: { code: 'BAD_USER_INPUT', subgraph: 'land' },
      },
    ]);
    await land.close();
  });

  it('still tells what is wrong with an argument', async () => {
    const land = await smallHub({ subgraphs });
    const { errors } = await land.ask('{ person { told(period: "1") } }');
    expect(errors?.map(({ message }) => message)).toEqual([messages.told]);
    await land.close();
  });
});
