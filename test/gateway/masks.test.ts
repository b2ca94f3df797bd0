import { afterAll, describe, expect, it } from 'vitest';
import { smallHub } from '../support/small-hub.ts';

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query { person: Person @sharing(class: UNCONDITIONAL) pair: Pair @sharing(class: UNCONDITIONAL) }
    union Pair = Person | Firm
    type Person {
      id: ID! @sharing(class: UNCONDITIONAL)
      name: String! @sharing(class: CONDITIONAL, mask: NAME)
      phones: [String!] @sharing(class: CONDITIONAL, mask: PHONE)
      number: String @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER)
      household: Household @sharing(class: CONDITIONAL, mask: ADDRESS)
      income: Int @sharing(class: CONDITIONAL, mask: AMOUNT)
    }
    type Firm { name: String! @sharing(class: UNCONDITIONAL) }
    type Household { number: ID! @sharing(class: UNCONDITIONAL) }`,
  resolvers: { Query: { person: () => zhang, pair: () => zhang } },
};
const zhang = {
  __typename: 'Person',
  id: '1',
  name: '张三丰',
  phones: ['13812345678', '0878-3'],
  number: '11010519491231002X',
  household: { number: 'H-77' },
  income: 63_500,
};
const grant = { items: [{ coordinate: 'Person.household', uses: ['OUTPUT' as const] }] };

const hub = await smallHub({ subgraphs: [people] });
const withGrant = await smallHub({ subgraphs: [people], grants: [grant] });
afterAll(() => Promise.all([hub.close(), withGrant.close()]));

describe('masked values', () => {
  it('keep their type, item by item in a list, under aliases and in fragments', async () => {
    const { data } = await hub.ask(
      '{ person { n: name ...F income } } fragment F on Person { p: phones ... on Person { number } }',
    );
    expect(data).toEqual({
      person: { n: '张*', p: ['138****5678', '******'], income: 50_000, number: '110105********002X' },
    });
    expect(hub.entries.at(-1)).toMatchObject({
      outcome: 'PARTIAL',
      items: {
        allowed: ['Query.person'],
        masked: ['Person.income', 'Person.name', 'Person.number', 'Person.phones'],
        denied: [],
      },
    });
  });

  it('are masked on the type they belong to, when a union mixes types', async () => {
    const { data } = await hub.ask('{ pair { ... on Person { name } ... on Firm { name } } }');
    expect(data).toEqual({ pair: { name: '张*' } });
  });

  it('do not exist for an object: it is denied without a grant, not shown as it is', async () => {
    const { data, errors } = await hub.ask('{ person { id household { number } } }');
    expect(data).toEqual({ person: { id: '1', household: null } });
    expect(errors?.[0]?.extensions).toMatchObject({ coordinate: 'Person.household', reason: 'NO_GRANT' });
    expect(hub.fetches.at(-1)?.query).not.toContain('household');
    expect((await withGrant.ask('{ person { household { number } } }')).data).toEqual({
      person: { household: { number: 'H-77' } },
    });
    expect(withGrant.entries.at(-1)).toMatchObject({ outcome: 'ANSWERED' });
  });
});

describe('masks that other items would undo', () => {
  const registry = {
    name: 'registry',
    owner: 'public-security',
    sdl: `
      type Query { person: Person @sharing(class: UNCONDITIONAL) }
      type Person {
        number: String @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER)
        birthDate: String @sharing(class: CONDITIONAL, mask: YEAR)
        spouse: Person @sharing(class: UNCONDITIONAL)
      }`,
    resolvers: { Query: { person: () => ({ ...li, spouse: li }) } },
  };
  const li = { number: '11010519491231002X', birthDate: '1949-12-31' };
  const SHORT = '110105********002X';
  const REGION = '110105************';
  const birthDates = { items: [{ coordinate: 'Person.birthDate', uses: ['OUTPUT' as const] }] };

  it('hide more: a number beside its birth year, under whatever alias and on whichever person', async () => {
    const open = await smallHub({ subgraphs: [registry] });
    const numberOf = async (query: string) => {
      const { data, extensions } = await open.ask(query);
      return {
        data,
        masks: (extensions?.['sharing'] as { masked: { mask: string }[] }).masked.map(({ mask }) => mask),
      };
    };
    expect(await numberOf('{ person { number } }')).toEqual({
      data: { person: { number: SHORT } },
      masks: ['RESIDENT_NUMBER'],
    });
    expect((await numberOf('{ person { a: number b: birthDate } }')).data).toEqual({
      person: { a: REGION, b: '1949-01-01' },
    });
    expect(await numberOf('{ person { number spouse { birthDate } } }')).toEqual({
      data: { person: { number: REGION, spouse: { birthDate: '1949-01-01' } } },
      masks: ['RESIDENT_REGION', 'YEAR'],
    });
    await open.close();
  });

  it('hide more for whoever may read the birth date, though another question asks for it', async () => {
    const granted = await smallHub({ subgraphs: [registry], grants: [birthDates] });
    expect((await granted.ask('{ person { number } }')).data).toEqual({ person: { number: REGION } });
    granted.setGrants([]);
    expect((await granted.ask('{ person { number } }')).data).toEqual({ person: { number: SHORT } });
    granted.setGrants([{ ...birthDates, purpose: 'another-purpose' }]);
    expect((await granted.ask('{ person { number } }')).data).toEqual({ person: { number: SHORT } });
    await granted.close();
  });

  it('hide nothing from whoever may read the number itself', async () => {
    const items = [...birthDates.items, { coordinate: 'Person.number', uses: ['OUTPUT' as const] }];
    const granted = await smallHub({ subgraphs: [registry], grants: [{ items }] });
    expect((await granted.ask('{ person { number birthDate } }')).data).toEqual({ person: li });
    await granted.close();
  });
});
