import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Use } from '../../sharing/policy/grant.ts';
import { type SmallHub, smallHub, type SmallSubgraph } from '../support/small-hub.ts';
import { always, direct, directUnguarded, unmasking, weakHub } from './support.ts';

/*
 * Masks in combination: a resident number shown as its first six and last four digits is whole again beside the date of birth. The
 * date is had by being shown it, by narrowing rows to it, or by having it compared. The gateway masks: a subgraph gives plain
 * values, so that it must give them to nobody but a gateway.
 */
const ZHAO = { number: '110105194912310021', birthDate: '1949-12-31' };
const register: SmallSubgraph = {
  name: 'register',
  owner: 'public-security',
  sdl: `
    type Query {
      person: Person @sharing(class: UNCONDITIONAL)
      born(on: String! @reads(items: ["Person.birthDate"])): [Person] @sharing(class: UNCONDITIONAL)
      wasBorn(on: String! @reads(items: ["Person.birthDate"], use: VERIFY)): Person @sharing(class: UNCONDITIONAL)
    }
    type Person @key(fields: "number") {
      number: String! @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER)
      birthDate: String @sharing(class: CONDITIONAL, mask: YEAR)
    }`,
  resolvers: {
    Query: {
      person: always(ZHAO),
      born: (_: unknown, { on }: { on: string }) => (on === ZHAO.birthDate ? [ZHAO] : []),
      wasBorn: (_: unknown, { on }: { on: string }) => (on === ZHAO.birthDate ? ZHAO : null),
    },
  },
};
/** A gateway that masks each item for itself: it does not know that one tells the other. */
const alone = unmasking('Person.birthDate');

/** Each way to the date, and by which use it is granted. */
const WAYS: readonly (readonly [way: string, query: string, use: Use])[] = [
  ['is shown it', '{ person { number birthDate } }', 'OUTPUT'],
  ['may be shown it by another question', '{ person { number } }', 'OUTPUT'],
  ['narrows rows to it', '{ found: born(on: "1949-12-31") { number } }', 'FILTER'],
  ['may narrow rows to it by another question', '{ person { number } }', 'FILTER'],
  ['has it compared', '{ found: wasBorn(on: "1949-12-31") { number } }', 'VERIFY'],
];

describe('a masked resident number', () => {
  let hub: SmallHub;
  let weak: SmallHub;
  beforeAll(async () => {
    hub = await smallHub({ subgraphs: [register] });
    weak = await weakHub({ subgraphs: [register] }, { table: alone });
  });
  afterAll(() => Promise.all([hub.close(), weak.close()]));

  it.each(WAYS)('shows its region only to who %s', async (_, query, use) => {
    for (const each of [weak, hub]) each.setGrants([{ items: [{ coordinate: 'Person.birthDate', uses: [use] }] }]);
    const joined = JSON.stringify((await weak.ask(query)).data);
    expect(joined).toContain('110105********0021');
    const answer = await hub.ask(query);
    expect(JSON.stringify(answer.data)).toContain('110105************');
    expect(JSON.stringify(answer)).not.toContain('0021');
  });

  it('shows its region only beside the year of birth, though nothing is granted', async () => {
    for (const each of [weak, hub]) each.setGrants([]);
    const query = '{ a: person { number } b: person { y: birthDate } }';
    const plain = (await weak.ask('{ a: person { number } }')).data;
    expect(plain).toEqual({ a: { number: '110105********0021' } });
    expect((await hub.ask(query)).data).toEqual({ a: { number: '110105************' }, b: { y: '1949-01-01' } });
  });

  it('is plain at its subgraph, which gives it to no context that leaves it out', async () => {
    const query = '{ person { number } }';
    expect((await directUnguarded(register, { query })).data).toEqual({ person: { number: ZHAO.number } });
    const context = { asked: ['Query.person', 'Person.birthDate'] };
    expect(await direct(hub, register, { query, context })).toMatchObject({ data: null, codes: ['NOT_PERMITTED'] });
    expect(await direct(hub, register, { query, token: undefined })).toMatchObject({ codes: ['CONTEXT_REQUIRED'] });
  });
});
