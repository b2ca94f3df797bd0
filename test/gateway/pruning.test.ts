import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmallHub, smallHub } from '../support/small-hub.ts';

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query {
      person(id: ID!): Person @sharing(class: UNCONDITIONAL)
      people: [Person] @sharing(class: UNCONDITIONAL)
      strictPerson: Person! @sharing(class: UNCONDITIONAL)
      owner(kind: String!): Owner @sharing(class: UNCONDITIONAL)
      owners: [Owner] @sharing(class: UNCONDITIONAL)
      named: [Named] @sharing(class: UNCONDITIONAL)
      forgotten: String
    }
    interface Named { name: String }
    type Person implements Named @key(fields: "ref") @personal @resource(code: "1", title: "人口", updateCycle: DAILY) {
      ref: ID! @inaccessible
      id: ID! @sharing(class: UNCONDITIONAL)
      name: String @sharing(class: CONDITIONAL, mask: NAME)
      phone: String @sharing(class: CONDITIONAL)
      secret: String! @sharing(class: CONDITIONAL)
      fingerprint: String @sharing(class: WITHHELD, basis: "居民身份证法")
      spouse: Person @sharing(class: UNCONDITIONAL)
      unclassified: String
    }
    type Firm implements Named @resource(code: "2", title: "法人", updateCycle: DAILY) {
      name: String @sharing(class: UNCONDITIONAL)
      phone: String @sharing(class: UNCONDITIONAL)
    }
    union Owner = Person | Firm`,
  resolvers: {
    Query: {
      person: () => zhang,
      people: () => [zhang, li],
      strictPerson: () => zhang,
      owner: (_: unknown, { kind }: { kind: string }) => (kind === 'Firm' ? firm : zhang),
      owners: () => [zhang, firm],
      named: () => [zhang, firm],
      forgotten: () => 'nobody decided on me',
    },
  },
};
const zhang = person('r1', '张三');
const li = person('r2', '李四光');
const firm = { __typename: 'Firm', name: '彝人古镇公司', phone: '0878-3000000' };

function person(ref: string, name: string): Record<string, unknown> {
  return {
    __typename: 'Person',
    ref,
    id: ref,
    name,
    phone: '13800000000',
    secret: 's',
    fingerprint: 'f',
    unclassified: 'u',
    spouse: { __typename: 'Person', ref: 'r9', id: 'r9', name: '王五', phone: '1', secret: 's' },
  };
}

let hub: SmallHub;
const last = (): string => hub.fetches.at(-1)?.query ?? '';

beforeAll(async () => {
  hub = await smallHub({ subgraphs: [people] });
});
afterAll(() => hub.close());

describe('what is denied is never fetched', () => {
  it('answers null with the reason and leaves the field out of the fetch', async () => {
    const { data, errors } = await hub.ask('{ person(id: "r1") { id phone } }');
    expect(data).toEqual({ person: { id: 'r1', phone: null } });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      path: ['person', 'phone'],
      extensions: {
        code: 'NOT_SHARED',
        coordinate: 'Person.phone',
        use: 'OUTPUT',
        reason: 'NO_GRANT',
        owner: 'public-security',
      },
    });
    expect(last()).not.toContain('phone');
    expect(hub.entries.at(-1)).toMatchObject({
      outcome: 'PARTIAL',
      items: { allowed: ['Person.id', 'Query.person'], denied: [{ coordinate: 'Person.phone', reason: 'NO_GRANT' }] },
    });
  });

  it('fetches it once a grant covers it', async () => {
    const granted = await smallHub({
      subgraphs: [people],
      grants: [{ items: [{ coordinate: 'Person.phone', uses: ['OUTPUT'] }] }],
    });
    const { data, errors } = await granted.ask('{ person(id: "r1") { phone } }');
    expect(data).toEqual({ person: { phone: '13800000000' } });
    expect(errors).toBeUndefined();
    expect(granted.entries.at(-1)).toMatchObject({ outcome: 'ANSWERED', grants: [expect.stringMatching(/^G-/)] });
    await granted.close();
  });

  it('denies what the owner withholds and what nobody classified, whatever is asked around it', async () => {
    const { data, errors } = await hub.ask('{ person(id: "r1") { id fingerprint unclassified } forgotten }');
    expect(data).toEqual({ person: { id: 'r1', fingerprint: null, unclassified: null }, forgotten: null });
    expect(errors?.map(({ extensions }) => [extensions['coordinate'], extensions['reason']])).toEqual([
      ['Person.fingerprint', 'WITHHELD'],
      ['Person.unclassified', 'NOT_CLASSIFIED'],
      ['Query.forgotten', 'NOT_CLASSIFIED'],
    ]);
    expect(last()).not.toMatch(/fingerprint|unclassified|forgotten/);
  });

  it('finds it behind aliases, fragments and nesting', async () => {
    const { data } = await hub.ask(
      'query { person(id: "r1") { harmless: phone ...F spouse { ... on Person { x: phone } } } } fragment F on Person { y: phone id }',
    );
    expect(data).toEqual({ person: { harmless: null, y: null, id: 'r1', spouse: { x: null } } });
    expect(last()).not.toContain('phone');
  });
});

describe('masks', () => {
  it('shows a conditional item masked where no grant covers it, and says so', async () => {
    const { data, extensions } = await hub.ask('{ people { name } }');
    expect(data).toEqual({ people: [{ name: '张*' }, { name: '李*' }] });
    expect(extensions?.['sharing']).toMatchObject({
      masked: [{ path: ['people', 'name'], coordinate: 'Person.name', mask: 'NAME' }],
    });
    expect(hub.entries.at(-1)).toMatchObject({ items: { masked: ['Person.name'] }, rows: { Person: 2 } });
  });
});

describe('the shape of the answer', () => {
  it('keeps one error per response path, without list indexes', async () => {
    const { errors } = await hub.ask('{ people { phone } }');
    expect(errors?.map(({ path }) => path)).toEqual([['people', 'phone']]);
  });

  it('asks only for the type where a selection is emptied, so that null still means not found', async () => {
    const { data } = await hub.ask('{ person(id: "r1") { phone } }');
    expect(data).toEqual({ person: { phone: null } });
  });

  it('moves the refusal of a non-null field to the nearest nullable field above', async () => {
    const { data, errors } = await hub.ask('{ person(id: "r1") { id secret } people { id } }');
    expect(data).toEqual({ person: null, people: [{ id: 'r1' }, { id: 'r2' }] });
    expect(errors).toEqual([expect.objectContaining({ path: ['person'] })]);
    expect(last()).not.toContain('secret');
  });

  it('moves it up to the data as a whole where nothing in between may be null', async () => {
    const before = hub.fetches.length;
    const { data, errors } = await hub.ask('{ strictPerson { secret } people { id } }');
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(hub.fetches).toHaveLength(before);
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'REFUSED' });
  });

  it('decides a union type by type', async () => {
    const { data, errors } = await hub.ask('{ owners { __typename ... on Person { phone } ... on Firm { phone } } }');
    expect(data).toEqual({
      owners: [
        { __typename: 'Person', phone: null },
        { __typename: 'Firm', phone: '0878-3000000' },
      ],
    });
    expect(errors).toHaveLength(1);
  });

  it('decides an interface by its implementing types', async () => {
    const { data } = await hub.ask('{ named { name ... on Person { id } } }');
    expect(data).toEqual({ named: [{ name: '张*', id: 'r1' }, { name: '彝人古镇公司' }] });
  });

  it('nulls one type of a list where a denied field may not be null, and keeps the others', async () => {
    const { data, errors } = await hub.ask('{ owners { ... on Person { secret } ... on Firm { name } } }');
    expect(data).toEqual({ owners: [null, { name: '彝人古镇公司' }] });
    expect(errors).toEqual([expect.objectContaining({ path: ['owners'] })]);
  });

  it('leaves out unused variables and fragments, and honours @skip and @include', async () => {
    const query = `query ($id: ID!, $gone: Boolean!) {
      person(id: $id) { id phone @skip(if: $gone) ...P @include(if: $gone) }
    } fragment P on Person { name }`;
    const shown = await hub.ask(query, { variables: { id: 'r1', gone: true } });
    expect(shown.data).toEqual({ person: { id: 'r1', name: '张*' } });
    expect(shown.errors).toBeUndefined();
    const refused = await hub.ask(query, { variables: { id: 'r1', gone: false } });
    expect(refused.data).toEqual({ person: { id: 'r1', phone: null } });
    expect(last()).not.toContain('gone');
  });

  it('refuses aliases that would break the resolution of types or pass for the gateway’s own', async () => {
    for (const alias of ['__typename', '__x', 'hub__subject']) {
      const { errors } = await hub.ask(`{ people { ${alias}: name } }`);
      expect(errors?.[0]?.extensions['code']).toBe('BAD_ALIAS');
    }
  });

  it('counts data subjects by keys it adds itself and never shows', async () => {
    const { data } = await hub.ask('{ people { id } person(id: "r1") { spouse { id } } }');
    expect(JSON.stringify(data)).not.toContain('hub__');
    const entry = hub.entries.at(-1);
    expect(entry?.subjects).toHaveLength(3);
    expect(JSON.stringify(entry)).not.toMatch(/"r[129]"/);
  });

  it('serves introspection with its fragments', async () => {
    const { data } = await hub.ask(
      'query { __schema { queryType { ...N } } __type(name: "Person") { fields { name } } } fragment N on __Type { name }',
    );
    expect(data).toMatchObject({ __schema: { queryType: { name: 'Query' } } });
    expect(JSON.stringify(data)).not.toContain('"ref"');
  });
});
