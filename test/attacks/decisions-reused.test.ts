import { describe, expect, it } from 'vitest';
import { type Authorised, authoriser } from '../../gateway/authorise.ts';
import type { BuiltSupergraph } from '../../gateway/supergraph.ts';
import type { Caller } from '../../lib/caller.ts';
import { type Grant, grantKey, grantView } from '../../sharing/policy/grant.ts';
import { smallHub } from '../support/small-hub.ts';
import { people, ZHANG } from './fixtures.ts';
import { bareSteps, CALLER } from './support.ts';

/*
 * Class 7: a decision made for one is reused for another (CVE-2025-31485, GHSA-hx78-272p-mqqh, CVE-2026-48096), or outlives its
 * grant (SpiceDB before 1.57.1). test/gateway/grants-over-time shows the whole hub before and after a grant begins, ends and is
 * revoked while an answer is computed; here the caches themselves, against ones with a careless key.
 */
const GRANT: Grant = {
  id: 'G',
  owner: 'public-security',
  department: CALLER.department,
  application: CALLER.application,
  purpose: 'low-income-check',
  basis: 'test',
  items: [{ coordinate: 'Person.phone', uses: ['OUTPUT'] }],
  divisions: [],
  validFrom: 0,
  validUntil: Infinity,
};
const QUERY = '{ person { phone } }';
const shown = { person: { phone: ZHANG.phone } };
const hidden = { person: { phone: null } };

/** An authoriser that remembers by a key of the test's. */
const remembering = (built: BuiltSupergraph, keyOf: (caller: Caller) => string) => {
  const known = new Map<string, Authorised>();
  const decide = authoriser(built);
  return (...[asking, policy, at]: Parameters<typeof decide>): Authorised => {
    const key = `${asking.source} ${keyOf(asking.caller)}`;
    const decided = known.get(key) ?? decide(asking, policy, at);
    known.set(key, decided);
    return decided;
  };
};
const OTHERS: Record<string, Partial<Caller>> = {
  'another department': { department: 'taxation' },
  'another application': { application: 'pension' },
  'another purpose': { purpose: 'audit' },
  'no purpose': { purpose: undefined },
  'one on whose behalf the holder of the grant is named': { department: 'taxation', onBehalfOf: CALLER.department },
};

describe('a decision for one caller', () => {
  it.each(Object.entries(OTHERS))(
    'serves %s from a cache keyed by the operation, and not from ours',
    async (_, other) => {
      const grants = { view: () => grantView(1, [GRANT]), stale: () => false };
      const caller: Caller = { ...CALLER, ...other };
      const careless = bareSteps([people], (built) => ({ grants, authorise: remembering(built, () => '') }));
      expect([await careless(QUERY), await careless(QUERY, { caller })]).toEqual([shown, shown]);
      const ours = bareSteps([people], () => ({ grants }));
      expect([await ours(QUERY), await ours(QUERY, { caller }), await ours(QUERY)]).toEqual([shown, hidden, shown]);
    },
  );

  it('is kept apart in the whole hub too, contexts included', async () => {
    const hub = await smallHub({ subgraphs: [people], grants: [{ items: GRANT.items }] });
    for (let round = 0; round < 2; round += 1) {
      expect((await hub.ask(QUERY)).data).toEqual(shown);
      for (const claims of [
        { department: 'taxation', onBehalfOf: 'civil-affairs' },
        { purpose: 'audit' },
        { application: 'x' },
      ])
        expect((await hub.ask(QUERY, { caller: claims })).data).toEqual(hidden);
    }
    await hub.close();
  });

  it('is not found by a name that reads like another’s when joined by a separator', () => {
    const joined = ({ department, application, purpose = '' }: Caller): string =>
      [department, application, purpose].join('-');
    const one: Caller = { department: 'a', application: 'b-c', purpose: 'd', roles: [] };
    const two: Caller = { department: 'a-b', application: 'c', purpose: 'd', roles: [] };
    expect(joined(one)).toBe(joined(two));
    expect(grantKey(one)).not.toBe(grantKey(two));
    expect(grantKey({ department: 'a', application: 'b' })).not.toBe(
      grantKey({ department: 'a', application: 'b', purpose: 'null' }),
    );
  });

  it('by role is kept apart from the decision for other roles', async () => {
    const registry = {
      name: 'registry',
      owner: 'public-security',
      sdl: 'type Query { ping: String @sharing(class: UNCONDITIONAL) } type Mutation { wipe: String @actor(roles: ["reviewer"]) }',
      resolvers: { Mutation: { wipe: () => 'wiped' } },
    };
    const reviewer: Caller = { ...CALLER, roles: ['reviewer'] };
    const careless = bareSteps([registry], (built) => ({ authorise: remembering(built, grantKey) }));
    const ours = bareSteps([registry], () => ({}));
    const asBoth = async (ask: typeof ours) => [
      await ask('mutation { wipe }', { caller: reviewer }),
      await ask('mutation { wipe }'),
    ];
    expect(await asBoth(careless)).toEqual([{ wipe: 'wiped' }, { wipe: 'wiped' }]);
    expect(await asBoth(ours)).toEqual([{ wipe: 'wiped' }, { wipe: null }]);
  });
});

describe('a decision in a warm cache', () => {
  it.each([
    ['a grant that ends', [{ ...GRANT, validUntil: 2_000 }], [shown, hidden]],
    ['a grant that begins', [{ ...GRANT, validFrom: 2_000 }], [hidden, shown]],
  ])('outlives %s where only the epoch is looked at, and not where its boundary is', async (_, held, expected) => {
    let now = 1_000;
    const grants = { view: () => grantView(1, held), stale: () => false };
    const at = (built: BuiltSupergraph, cached: boolean) => {
      const decide = authoriser(built);
      const known = new Map<string, Authorised>();
      return (...[asking, policy]: Parameters<typeof decide>): Authorised => {
        const decided = (cached ? known.get(asking.source) : undefined) ?? decide(asking, policy, now);
        known.set(asking.source, decided);
        return decided;
      };
    };
    const before = async (cached: boolean): Promise<unknown[]> => {
      now = 1_999;
      const ask = bareSteps([people], (built) => ({ grants, authorise: at(built, cached) }));
      const first = await ask(QUERY);
      now = 2_000;
      return [first, await ask(QUERY)];
    };
    expect(await before(true)).toEqual([expected[0], expected[0]]);
    expect(await before(false)).toEqual(expected);
  });
});
