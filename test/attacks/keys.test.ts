import { afterAll, describe, expect, it } from 'vitest';
import { smallHub, type SmallSubgraph } from '../support/small-hub.ts';
import { people, ZHANG } from './fixtures.ts';
import { bareSteps, direct, directUnguarded } from './support.ts';

/*
 * Class 10: a key that nobody may see joins departments all the same. test/security/aliases shows that no alias brings it to light,
 * extending-types that a stub does not. Here: it goes from subgraph to subgraph only, and only for what was asked.
 */
const land: SmallSubgraph = {
  name: 'land',
  owner: 'natural-resources',
  sdl: 'type Person @key(fields: "ref") { ref: ID! @inaccessible parcels: [String] @sharing(class: UNCONDITIONAL) }',
  resolvers: { Person: { parcels: () => ['532301-1'] } },
};
const subgraphs = [people, land];
const hub = await smallHub({ subgraphs });
afterAll(() => hub.close());

describe('a withheld key', () => {
  it('is fetched to join, is in the answer of a subgraph, and is not in the answer, the errors or the record', async () => {
    const fetched = await directUnguarded(people, { query: '{ person { __typename ref } }' });
    expect(JSON.stringify(fetched.data)).toContain(ZHANG.ref);
    const { data, errors } = await hub.ask('{ person { id parcels } }');
    expect(data).toEqual({ person: { id: 'p1', parcels: ['532301-1'] } });
    expect(errors).toBeUndefined();
    expect(hub.fetches.map(({ query }) => /\bref\b/.test(query))).toEqual([true, false]);
    const entry = JSON.stringify(hub.entries.at(-1));
    expect([entry.includes(ZHANG.ref), entry.includes('Person.ref')]).toEqual([false, false]);
  });

  it('is not fetched where nothing is joined', async () => {
    hub.fetches.length = 0;
    await hub.ask('{ person { id } }');
    expect(hub.fetches.map(({ query }) => query)).toEqual(['{person{id}}']);
  });

  it('is refused by name as what does not exist, and once more where nothing validated the request', async () => {
    const unvalidated = bareSteps(subgraphs, () => ({}));
    await expect(unvalidated('{ person { ref } }')).rejects.toMatchObject({ extensions: { code: 'SCHEMA_CHANGED' } });
    const { status, data } = await hub.ask('{ person { ref } }');
    expect([status, data ?? null]).toEqual([400, null]);
  });

  it('is given by its subgraph to a context that has it for a join, and to no other', async () => {
    const query = '{ person { __typename ref id } }';
    const asked = ['Query.person', 'Person.id'];
    const joining = await direct(hub, people, { query, context: { asked, internal: ['Person.ref'] } });
    expect(joining.data).toMatchObject({ person: { ref: ZHANG.ref } });
    const others = [{ asked }, { asked, internal: ['Firm.ref'] }, { asked, grants: ['Person.ref'] }];
    for (const context of others)
      expect(await direct(hub, people, { query, context })).toMatchObject({ data: null, codes: ['NOT_PERMITTED'] });
  });
});
