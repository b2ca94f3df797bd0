import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plannedOf, releaseOver } from '../support/release-over.ts';
import { type SmallHub, smallHub } from '../support/small-hub.ts';

const numbers = {
  name: 'numbers',
  owner: 'public-security',
  sdl: `type Division @resource(code: "312001/000001", title: "区划", updateCycle: AS_NEEDED)
      @sharing(class: UNCONDITIONAL) { code: ID! name: String count: Int @sharing(class: CONDITIONAL) }
    type Query { division(code: String): Division @sharing(class: UNCONDITIONAL) }`,
  resolvers: { Query: { division: () => ({ code: '532301', name: '楚雄市', count: 12 }) } },
};
const LEADER = { department: 'government-office', application: 'dashboard', roles: ['leader'] };
const QUERY = 'query Look($code: String) { division(code: $code) { code name } }';
const foreseen = (query: string) => ({ query, variables: { code: '532300' } });

let hub: SmallHub;
/** Texts that were planned. */
let planned: readonly string[];

beforeEach(async () => {
  hub = await smallHub({ subgraphs: [numbers] });
  const release = releaseOver(hub, numbers);
  planned = plannedOf(release);
  hub.gateway.replace(release);
});
afterEach(() => hub.close());

describe('an operation that is foreseen', () => {
  it('is planned before it is asked, by nobody and on no record', async () => {
    await hub.gateway.foresee([foreseen(QUERY)], LEADER.roles);
    expect(planned).toHaveLength(1);
    expect(hub.fetches).toEqual([]);
    expect(hub.entries).toEqual([]);
    const asked = await hub.ask(QUERY, { caller: LEADER, variables: { code: '532301' } });
    expect(asked.data).toEqual({ division: { code: '532301', name: '楚雄市' } });
    expect(planned).toHaveLength(1);
  });

  it('is decided for whoever asks it, and gives nobody a right', async () => {
    const query = '{ division { code count } }';
    await hub.gateway.foresee([{ query, variables: {} }], LEADER.roles);
    hub.setGrants([{ items: [{ coordinate: 'Division.count', uses: ['OUTPUT'] }] }]);
    expect((await hub.ask(query)).data).toEqual({ division: { code: '532301', count: 12 } });
    const refused = await hub.ask(query, { caller: LEADER });
    expect(refused.data).toEqual({ division: { code: '532301', count: null } });
    expect(refused.errors?.map(({ path }) => path)).toEqual([['division', 'count']]);
  });

  it('is passed over where the release does not know it, cannot read it or would refuse it', async () => {
    const wide = `{ ${Array.from({ length: 40 }, (_, index) => `a${index}: division { code }`).join(' ')} }`;
    const all = ['{ province { code } }', '{ division {', 'fragment F on Division { code }', wide, QUERY];
    await hub.gateway.foresee(all.map(foreseen), LEADER.roles);
    expect(planned).toHaveLength(1);
  });

  it('is planned again before a release takes the place of the one it was planned for', async () => {
    await hub.gateway.foresee([foreseen(QUERY)], LEADER.roles);
    const release = releaseOver(hub, numbers);
    const next = plannedOf(release);
    await hub.gateway.prepare(release);
    expect(next).toHaveLength(1);
  });

  it('needs nothing of a release that has nothing for such callers', async () => {
    const rows = {
      ...numbers,
      sdl: `type Person @key(fields: "id") @personal @sharing(class: UNCONDITIONAL) { id: ID! name: String }
        type Query { person: Person @sharing(class: UNCONDITIONAL) }`,
      resolvers: {},
    };
    hub.gateway.replace(releaseOver(hub, rows));
    await expect(hub.gateway.foresee([foreseen(QUERY)], LEADER.roles)).resolves.toBeUndefined();
  });
});
