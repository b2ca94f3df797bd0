import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmallHub, smallHub } from '../support/small-hub.ts';
import { DENIED_PHONE, FIRM, people, ZHANG } from './fixtures.ts';
import { direct, directUnguarded, freeing, refusals, weakHub } from './support.ts';

/*
 * Class 3: protection lost through interfaces and unions. test/gateway/pruning shows them decided type by type,
 * test/gateway/interface-objects `@interfaceObject`; here every way to write it, and the subgraph without its gateway.
 */
const WAYS: Record<string, string> = {
  'the interface itself': '{ named { phone } }',
  'sibling fragments on types of different rules': '{ named { ... on Person { phone } ... on Firm { phone } } }',
  'one response key in sibling fragments': '{ named { ... on Firm { phone: name } ... on Person { phone } } }',
  'one response key of the interface and of a type':
    '{ named { phone ... on Person { phone } ... on Firm { phone } } }',
  'an interface in an interface': '{ named { ... on Node { ... on Named { phone } } } }',
  'named fragments on the interface': '{ named { ...N } } fragment N on Named { ...P } fragment P on Person { phone }',
  'a fragment without a type': '{ named { ... { ... on Person { ... { phone } } } } }',
  'another interface of the same type': '{ node(id: "p1") { ... on Named { phone } } }',
};

describe('an item behind an abstract type', () => {
  let hub: SmallHub;
  let weak: SmallHub;
  beforeAll(async () => {
    hub = await smallHub({ subgraphs: [people] });
    weak = await weakHub({ subgraphs: [people] }, { table: freeing('Person.phone') });
  });
  afterAll(() => Promise.all([hub.close(), weak.close()]));

  it.each(Object.entries(WAYS))('is denied on the one type and shown on the other, asked by %s', async (_, query) => {
    const leaked = JSON.stringify((await weak.ask(query)).data);
    expect(leaked).toContain(ZHANG.phone);

    hub.fetches.length = 0;
    const answer = await hub.ask(query);
    expect(JSON.stringify(answer.data)).not.toContain(ZHANG.phone);
    expect(refusals(answer)).toEqual(DENIED_PHONE);
    expect(hub.fetches.map((fetch) => fetch.query).join()).not.toMatch(/Person\{[^}]*phone|named\{(__typename )?phone/);
    if (leaked.includes(FIRM.phone)) expect(JSON.stringify(answer.data)).toContain(FIRM.phone);
  });

  it('is not given by the subgraph to a context that names the interface, or the other type, only', async () => {
    const query = '{ named { phone } }';
    expect(JSON.stringify((await directUnguarded(people, { query })).data)).toContain(ZHANG.phone);
    for (const asked of [
      ['Query.named', 'Named.phone'],
      ['Query.named', 'Named.phone', 'Firm.phone'],
    ]) {
      const { data, codes } = await direct(hub, people, { query, context: { asked } });
      expect(data).toEqual({ named: [{ phone: null }, { phone: FIRM.phone }] });
      expect(codes).toEqual(['NOT_PERMITTED']);
    }
  });
});
