import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, type GraphQLSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { cursorCodec } from '../../lib/cursor.ts';
import { guard } from '../../lib/guard.ts';
import type { SignedContext } from '../../lib/signed-context.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import { published } from '../../schema/published.ts';

/*
 * The second check by itself: the schema is executed with contexts that the first one, of the fetch text, would have refused
 * (lib/subgraph-server.ts), as if somebody had switched that off.
 */
const ZHANG = {
  __typename: 'Person',
  ref: 'r1',
  id: 'p1',
  phone: '13800000000',
  name: '张三',
  town: { code: '532301' },
};
let storeIsDown = false;
let renamed = 0;

const source = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    interface Named { name: String @sharing(class: CONDITIONAL) }
    type Person implements Named @key(fields: "ref") @sharing(class: CONDITIONAL) {
      ref: ID! @sharing(class: UNCONDITIONAL)
      id: ID @sharing(class: UNCONDITIONAL)
      name: String
      phone: String
      computed: String
      town: Town
    }
    type Town @sharing(class: UNCONDITIONAL) { code: String  mayor: String @sharing(class: WITHHELD, basis: "test") }
    union Found = Person | Town
    type Query {
      person: Person @sharing(class: UNCONDITIONAL)
      people: [Person] @sharing(class: UNCONDITIONAL)
      named: Named @sharing(class: UNCONDITIONAL)
      found: Found @sharing(class: UNCONDITIONAL)
      town: Town @sharing(class: CONDITIONAL)
    }
    type Mutation { rename: String @sharing(class: CONDITIONAL) }`,
};
const person = () => {
  if (storeIsDown) throw new Error('the store is down');
  return ZHANG;
};
const resolvers = {
  Query: { person, people: () => [ZHANG, ZHANG], named: person, found: person, town: () => ZHANG.town },
  Mutation: { rename: () => String(++renamed) },
  Person: { __resolveReference: person, computed: ({ phone }: { phone: string }) => `of ${phone}` },
  Town: { mayor: () => '李四' },
};
const { typeDefs, classified } = published(source);
const bare: GraphQLSchema = buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers }]);
const guarded = guard(bare, classified);

function contextOf(signed: Partial<SignedContext>): SubgraphContext {
  return {
    signed: {
      caller: { department: 'civil-affairs', application: 'relief', roles: [] },
      fetches: ['x'],
      asked: [],
      internal: [],
      divisions: ['*'],
      grants: [],
      epoch: 1,
      release: 'test',
      ...signed,
    },
    cursors: cursorCodec(Buffer.alloc(32, 7), 'people'),
    loaders: undefined,
    signal: new AbortController().signal,
  };
}

async function ask(text: string, signed: Partial<SignedContext>, schema = guarded) {
  const { data, errors = [] } = await graphql({ schema, source: text, contextValue: contextOf(signed) });
  return {
    data: JSON.parse(JSON.stringify(data ?? null)) as unknown,
    errors: errors.map(({ path, extensions, message }) => [path?.join('.'), extensions['code'] ?? message]),
  };
}

const ENTITIES = '{ _entities(representations: [{ __typename: "Person", ref: "r1" }]) { ... on Person { id phone } } }';

describe('the guard of a subgraph', () => {
  it.each([
    ['{ person { id phone } }', ['Query.person'], 'person.phone'],
    ['{ person { id called: phone } }', ['Query.person', 'Person.name'], 'person.called'],
    ['{ person { computed } }', ['Query.person', 'Person.phone'], 'person.computed'],
    ['{ person { ...P } } fragment P on Person { name }', ['Query.person', 'Person.phone'], 'person.name'],
    ['{ person { town { code } } }', ['Query.person'], 'person.town'],
    ['{ town { mayor } }', ['Query.town'], 'town.mayor'],
    ['{ named { name } }', ['Query.named', 'Named.name'], 'named.name'],
    ['{ found { ... on Person { phone } } }', ['Query.found'], 'found.phone'],
    ['{ person { id } }', ['Person.id', 'Query.people'], 'person'],
    ['{ town { code } }', ['Town.code'], 'town'],
    ['mutation { rename }', ['Query.rename'], 'rename'],
    [ENTITIES, ['Person.id'], '_entities.0.phone'],
  ])('refuses %s to a context that names %j', async (text, asked, path) => {
    expect((await ask(text, { asked }, bare)).errors).toEqual([]);
    const { data, errors } = await ask(text, { asked });
    expect(errors).toEqual([[path, 'NOT_PERMITTED']]);
    expect(JSON.stringify(data)).not.toMatch(/13800000000|张三|李四|532301/);
    expect((await ask(text, { asked: [], internal: asked })).errors).toEqual(errors);
  });

  it('refuses a field of every row, and leaves the free fields beside it', async () => {
    expect(await ask('{ people { id phone } }', { asked: ['Query.people'] })).toEqual({
      data: {
        people: [
          { id: 'p1', phone: null },
          { id: 'p1', phone: null },
        ],
      },
      errors: [
        ['people.0.phone', 'NOT_PERMITTED'],
        ['people.1.phone', 'NOT_PERMITTED'],
      ],
    });
  });

  it('does not carry out what it refuses', async () => {
    renamed = 0;
    await ask('mutation { rename }', {});
    expect(renamed).toBe(0);
    await ask('mutation { rename }', { asked: ['Mutation.rename'] });
    expect(renamed).toBe(1);
  });

  it('lets through what is asked and what is internal, and nothing of one context to another', async () => {
    const text = '{ person { phone computed town { code } } }';
    const asked = ['Query.person', 'Person.phone', 'Person.computed'];
    const answer = { person: { phone: ZHANG.phone, computed: `of ${ZHANG.phone}`, town: ZHANG.town } };
    expect(await ask(text, { asked, internal: ['Person.town'] })).toEqual({ data: answer, errors: [] });
    expect((await ask(text, { asked: ['Query.person'] })).errors).toHaveLength(3);
    expect(await ask(text, { asked, internal: ['Person.town'] })).toEqual({ data: answer, errors: [] });
  });

  it('resolves references for a verified gateway only, and never tells the schema', async () => {
    const asked = ['Person.id', 'Person.phone'];
    expect((await ask(ENTITIES, { asked })).data).toEqual({ _entities: [{ id: 'p1', phone: ZHANG.phone }] });
    expect((await ask(ENTITIES, { asked, fetches: [] })).errors).toEqual([['_entities', 'NOT_PERMITTED']]);
    const told = await ask('{ _service { sdl } }', { asked: ['Query._service', '_Service.sdl'] });
    expect(told.errors).toEqual([['_service', 'NOT_PERMITTED']]);
  });

  it('does not turn the failure of a store into a refusal', async () => {
    storeIsDown = true;
    try {
      expect((await ask('{ person { id } }', { asked: ['Query.person'] })).errors).toEqual([
        ['person', 'the store is down'],
      ]);
    } finally {
      storeIsDown = false;
    }
  });

  it('leaves the schema it was given as it was, and does not guard less than it was told', async () => {
    expect((await ask('{ person { phone } }', {}, bare)).errors).toEqual([]);
    expect(() => guard(bare, ['Person.phones'])).toThrow('Person.phones is classified');
    expect(() => guard(bare, ['People.phone'])).toThrow('People.phone is classified');
  });
});
