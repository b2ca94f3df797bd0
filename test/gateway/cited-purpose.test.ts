import { afterAll, describe, expect, it } from 'vitest';
import { smallHub } from '../support/small-hub.ts';

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `type Query { income: Int @sharing(class: CONDITIONAL) health: Int @sharing(class: CONDITIONAL) }`,
  resolvers: { Query: { income: () => 1, health: () => 2 } },
};
const hub = await smallHub({
  subgraphs: [people],
  grants: [
    { purpose: 'low-income-check', items: [{ coordinate: 'Query.income', uses: ['OUTPUT'] }] },
    { purpose: 'public-health', items: [{ coordinate: 'Query.health', uses: ['OUTPUT'] }] },
  ],
});
afterAll(() => hub.close());

const BOTH = '{ income health }';
const allowing = { purpose: 'low-income-check', purposes: ['public-health', 'census'] };
/** Each from an address of its own: failures of one are counted together. */
const ask = (caller: Record<string, unknown>, purpose?: string) =>
  hub.ask(BOTH, {
    caller,
    address: `192.0.2.${hub.entries.length}`,
    ...(purpose !== undefined && { headers: { 'sharing-purpose': purpose } }),
  });

describe('a call', () => {
  it('is for the purpose of its token where it cites none', async () => {
    expect((await ask(allowing)).data).toEqual({ income: 1, health: null });
    expect(hub.entries.at(-1)).toMatchObject({ caller: { purpose: 'low-income-check' } });
  });

  it('is for the one it cites, and has the grants of no other', async () => {
    const { data, extensions } = await ask(allowing, 'public-health');
    expect(data).toEqual({ income: null, health: 2 });
    expect(extensions).toMatchObject({ sharing: { purpose: 'public-health' } });
    expect(hub.entries.at(-1)).toMatchObject({ caller: { purpose: 'public-health' } });
    expect(hub.entries.at(-1)?.caller).not.toHaveProperty('purposes');
    // What was remembered of the token is not what it last cited.
    expect((await ask(allowing)).data).toEqual({ income: 1, health: null });
  });

  it('may cite what the token names anyway', async () => {
    expect((await ask({}, 'low-income-check')).data).toEqual({ income: 1, health: null });
  });

  it('that cites one for which there is no grant is refused by the item, not by the purpose', async () => {
    const { data, errors } = await ask(allowing, 'census');
    expect(data).toEqual({ income: null, health: null });
    expect(errors?.map(({ extensions }) => extensions['reason'])).toEqual(['NO_GRANT', 'NO_GRANT']);
  });

  it('of a token with purposes and none of its own has to cite one', async () => {
    const caller = { purpose: undefined, purposes: ['public-health'] };
    const { errors } = await ask(caller);
    expect(errors?.map(({ extensions }) => extensions['reason'])).toEqual(['NO_PURPOSE', 'NO_PURPOSE']);
    expect(errors?.[0]?.extensions['howToApply']).toContain('sharing-purpose');
    expect((await ask(caller, 'public-health')).data).toEqual({ income: null, health: 2 });
  });
});

describe('a call is refused whole, and recorded', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['that cites what its token does not allow', allowing, 'audit'],
    ['that cites what its token with one purpose does not allow', {}, 'public-health'],
    ['that cites several', allowing, 'low-income-check, public-health'],
    ['that cites nothing', allowing, ''],
    ['that cites a member of every object', allowing, 'constructor'],
    ['that cites another spelling', allowing, 'Public-Health'],
  ])('%s', async (_, caller, purpose) => {
    hub.fetches.length = 0;
    const before = hub.entries.length;
    const answer = await ask(caller, purpose);
    expect(answer).toMatchObject({ status: 403, errors: [{ extensions: { code: 'FORBIDDEN', reason: 'PURPOSE' } }] });
    expect(answer).not.toHaveProperty('data');
    expect(answer.errors?.[0]?.message).not.toMatch(/census|audit/);
    expect(hub.fetches).toHaveLength(0);
    expect(hub.entries.slice(before)).toMatchObject([
      { kind: 'AUTHENTICATION_FAILED', failure: { reason: 'PURPOSE' } },
    ]);
  });

  it('whose token holds purposes that are no codes', async () => {
    for (const purposes of ['public-health', [7], ['A B'], Array.from({ length: 33 }, (_, index) => `p${index}`)]) {
      const answer = await ask({ purposes }, 'public-health');
      expect(answer).toMatchObject({ status: 401, errors: [{ extensions: { reason: 'CLAIMS' } }] });
    }
  });
});
