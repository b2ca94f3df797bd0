import { describe, expect, it } from 'vitest';
import { authoriser } from '../../gateway/authorise.ts';
import { type Grant, grantView } from '../../sharing/policy/grant.ts';
import { smallHub } from '../support/small-hub.ts';
import { people, ZHANG } from './fixtures.ts';
import { bareSteps, CALLER, composed, direct, refusals, weakHub, withoutRequires } from './support.ts';

/*
 * Class 1, GHSA-m8jr-fxqx-8xx6: a field that is shared reads, by `@requires`, one that is not. test/gateway/requires shows free
 * fields that require conditional ones, nested and over two hops; here both are of one class and only one of them is granted.
 */
const welfare = {
  name: 'welfare',
  owner: 'civil-affairs-bureau',
  sdl: `
    type Query { ping: String @sharing(class: UNCONDITIONAL) }
    type Person @key(fields: "ref") {
      ref: ID! @inaccessible
      birthDate: String @external
      pension: String @requires(fields: "birthDate") @sharing(class: CONDITIONAL)
    }`,
  resolvers: { Person: { pension: ({ birthDate }: { birthDate: string }) => `since ${birthDate} and 60 years` } },
};
const subgraphs = [people, welfare];
const grant: Pick<Grant, 'items'> = { items: [{ coordinate: 'Person.pension', uses: ['OUTPUT'] }] };
const QUERY = '{ person { id pension } }';

describe('an item that is computed from another of the same class', () => {
  it('tells the other one where the gateway does not know what it requires', async () => {
    const held: Grant = {
      ...grant,
      id: 'G',
      owner: 'civil-affairs-bureau',
      department: CALLER.department,
      application: CALLER.application,
      purpose: 'low-income-check',
      basis: 'test',
      divisions: [],
      validFrom: 0,
      validUntil: Infinity,
    };
    const ask = bareSteps(subgraphs, (built) => ({
      table: withoutRequires('Person.pension')(composed(subgraphs).policy),
      authorise: authoriser(built),
      grants: { view: () => grantView(1, [held]), stale: () => false },
    }));
    expect(await ask(QUERY)).toEqual({ person: { id: 'p1', pension: `since ${ZHANG.birthDate} and 60 years` } });
  });

  it('is denied to who may read it but not what it is computed from', async () => {
    const hub = await smallHub({ subgraphs, grants: [grant] });
    const answer = await hub.ask(QUERY);
    expect(answer.data).toEqual({ person: { id: 'p1', pension: null } });
    expect(refusals(answer)).toEqual([['Person.birthDate', 'OUTPUT', 'NO_GRANT']]);
    expect(hub.fetches.map(({ query }) => query)).toEqual(['{person{id}}']);
    await hub.close();
  });

  it('is not fetched even where the policy forgets it: no context is signed for what nobody decided', async () => {
    const hub = await weakHub({ subgraphs, grants: [grant] }, { table: withoutRequires('Person.pension') });
    const { data, errors } = await hub.ask(QUERY);
    expect(data).toEqual({ person: null });
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['SUBGRAPH_ERROR']);
    await hub.close();
  });

  it('is not given by its subgraph to a context that leaves it out', async () => {
    const hub = await smallHub({ subgraphs });
    const query = '{ person { __typename ref birthDate } }';
    const context = { asked: ['Query.person'], internal: ['Person.ref'] };
    expect((await direct(hub, people, { query })).data).toMatchObject({ person: { birthDate: ZHANG.birthDate } });
    expect(await direct(hub, people, { query, context })).toMatchObject({ data: null, codes: ['NOT_PERMITTED'] });
    await hub.close();
  });
});
