import { describe, expect, it } from 'vitest';
import type { Grant } from '../../sharing/policy/grant.ts';
import { type SmallHub, type SmallHubOptions, smallHub } from '../support/small-hub.ts';

/** Called while the subgraph computes its answer. */
let meanwhile: () => void = () => undefined;
let acted = 0;

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query { person: Person @sharing(class: UNCONDITIONAL) }
    type Mutation { correct: Person @actor(roles: ["reviewer"]) }
    type Person {
      id: ID! @sharing(class: UNCONDITIONAL)
      phone: String @sharing(class: CONDITIONAL)
      name: String @sharing(class: CONDITIONAL, mask: NAME)
    }`,
  resolvers: {
    Query: {
      person: () => {
        meanwhile();
        return zhang;
      },
    },
    Mutation: {
      correct: () => {
        acted += 1;
        meanwhile();
        return zhang;
      },
    },
  },
};
const zhang = { id: '1', phone: '13800000000', name: '张三' };
const grantOf = (...coordinates: string[]): Partial<Grant> => ({
  items: coordinates.map((coordinate) => ({ coordinate, uses: ['OUTPUT'] })),
});
const QUERY = '{ person { id phone name } }';

async function open(grants: SmallHubOptions['grants'] = []): Promise<SmallHub> {
  meanwhile = () => undefined;
  acted = 0;
  const hub = await smallHub({ subgraphs: [people], grants });
  // The first request of a hub plans and loads; the later ones are fast enough for boundaries of a second.
  await hub.ask(QUERY);
  hub.fetches.length = 0;
  hub.entries.length = 0;
  return hub;
}
const until = (at: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, at - Date.now() + 5));

describe('grants that change while an answer is computed', () => {
  it('are seen before the first byte: what was revoked is not shown, though it was fetched', async () => {
    const hub = await open([grantOf('Person.phone', 'Person.name')]);
    meanwhile = () => hub.setGrants([grantOf('Person.name')]);
    const { data, errors } = await hub.ask(QUERY);
    expect(data).toEqual({ person: { id: '1', phone: null, name: '张三' } });
    expect(errors?.[0]?.extensions).toMatchObject({ coordinate: 'Person.phone', reason: 'NO_GRANT' });
    expect(hub.fetches.map(({ query }) => query.includes('phone'))).toEqual([true, false]);
    expect(hub.entries.at(-1)).toMatchObject({
      outcome: 'PARTIAL',
      items: { allowed: ['Person.id', 'Person.name', 'Query.person'] },
    });
    await hub.close();
  });

  it('fetch again where the rows they cover have become fewer', async () => {
    const wide = { ...grantOf('Person.phone'), divisions: ['532300'] };
    const hub = await open([wide]);
    meanwhile = () => {
      meanwhile = () => undefined;
      hub.setGrants([{ ...wide, divisions: ['532301'] }]);
    };
    const { data } = await hub.ask('{ person { phone } }');
    expect(data).toEqual({ person: { phone: '13800000000' } });
    expect(hub.fetches).toHaveLength(2);
    await hub.close();
  });

  it('mask what was plain', async () => {
    const hub = await open([grantOf('Person.name')]);
    meanwhile = () => hub.setGrants([]);
    const { data } = await hub.ask('{ person { name } }');
    expect(data).toEqual({ person: { name: '张*' } });
    expect(hub.entries.at(-1)).toMatchObject({ items: { masked: ['Person.name'] }, grants: [] });
    await hub.close();
  });

  it('give what was granted meanwhile', async () => {
    const hub = await open();
    meanwhile = () => hub.setGrants([grantOf('Person.phone')]);
    expect((await hub.ask('{ person { phone } }')).data).toEqual({ person: { phone: '13800000000' } });
    await hub.close();
  });

  it('cost nothing where they do not concern the request, and the entry names the epoch that was last looked at', async () => {
    const hub = await open([grantOf('Person.phone')]);
    meanwhile = () => hub.setGrants([grantOf('Person.phone'), { department: 'somebody-else' }]);
    expect((await hub.ask('{ person { phone } }')).data).toEqual({ person: { phone: '13800000000' } });
    expect(hub.fetches).toHaveLength(1);
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'ANSWERED', epoch: 2 });
    await hub.close();
  });

  it('refuse the answer where they change again and again, and show nothing', async () => {
    const hub = await open([grantOf('Person.phone')]);
    let granted = true;
    meanwhile = () => {
      granted = !granted;
      hub.setGrants(granted ? [grantOf('Person.phone')] : []);
    };
    const { status, data, errors } = await hub.ask('{ person { id phone } }');
    expect([status, data ?? null]).toEqual([503, null]);
    expect(errors?.[0]?.extensions['code']).toBe('POLICY_CHANGED');
    expect(hub.fetches).toHaveLength(2);
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'ERROR' });
    await hub.close();
  });

  it('never carry out a mutation twice: its answer is refused instead, and says that it was carried out', async () => {
    const hub = await open([grantOf('Person.phone')]);
    meanwhile = () => hub.setGrants([]);
    const { data, errors } = await hub.ask('mutation { correct { id phone } }', { caller: { roles: ['reviewer'] } });
    expect(data ?? null).toBeNull();
    expect(errors?.[0]?.extensions['code']).toBe('POLICY_CHANGED');
    expect(errors?.[0]?.message).toMatch(/carried out/);
    expect(acted).toBe(1);
    await hub.close();
  });
});

describe('grants that begin and end', () => {
  it('count from their first moment, though the refusal before was remembered', async () => {
    const begins = Date.now() + 2_500;
    const hub = await open([{ ...grantOf('Person.phone'), validFrom: begins }]);
    const before = await hub.ask('{ person { id phone } }');
    expect(before.data).toEqual({ person: { id: '1', phone: null } });
    await until(begins);
    const after = await hub.ask('{ person { id phone } }');
    expect([after.errors, after.data]).toEqual([undefined, { person: { id: '1', phone: '13800000000' } }]);
    expect(hub.entries.map(({ grants }) => grants?.length)).toEqual([0, 1]);
    await hub.close();
  });

  it('count no longer from their last, though the permission before was remembered', async () => {
    const ends = Date.now() + 2_500;
    const hub = await open([{ ...grantOf('Person.phone'), validUntil: ends }]);
    const before = await hub.ask('{ person { id phone } }');
    expect(before.data).toEqual({ person: { id: '1', phone: '13800000000' } });
    await until(ends);
    const after = await hub.ask('{ person { id phone } }');
    expect(after.data).toEqual({ person: { id: '1', phone: null } });
    expect(after.errors).toMatchObject([{ path: ['person', 'phone'], extensions: { reason: 'NO_GRANT' } }]);
    expect(hub.fetches.at(-1)?.query).not.toContain('phone');
    await hub.close();
  });

  it('are nothing where they have ended or belong to another application or purpose', async () => {
    const hub = await open([
      { ...grantOf('Person.phone'), validUntil: Date.now() },
      { ...grantOf('Person.phone'), application: 'another' },
      { ...grantOf('Person.phone'), purpose: 'another' },
      { ...grantOf('Person.phone'), department: 'another' },
    ]);
    expect((await hub.ask('{ person { phone } }')).data).toEqual({ person: { phone: null } });
    const other = await hub.ask('{ person { phone } }', { caller: { purpose: 'another' } });
    expect(other.data).toEqual({ person: { phone: '13800000000' } });
    await hub.close();
  });
});

describe('a gateway that has not heard of its grants for too long', () => {
  it('denies what is conditional, masked values too, and says why; the rest flows', async () => {
    const hub = await open([grantOf('Person.phone')]);
    expect((await hub.ask('{ person { phone } }')).data).toEqual({ person: { phone: '13800000000' } });
    hub.setStale(true);
    const { data, errors } = await hub.ask(QUERY);
    expect(data).toEqual({ person: { id: '1', phone: null, name: null } });
    expect(errors?.map(({ extensions }) => extensions['reason'])).toEqual(['POLICY_STALE', 'POLICY_STALE']);
    expect(errors?.[0]?.extensions['howToApply']).toMatch(/again in a few seconds/);
    expect(hub.entries.at(-1)).toMatchObject({
      outcome: 'PARTIAL',
      items: {
        allowed: ['Person.id', 'Query.person'],
        denied: [{ reason: 'POLICY_STALE' }, { reason: 'POLICY_STALE' }],
      },
    });
    await hub.close();
  });

  it('still gives a department its own items', async () => {
    const hub = await open();
    hub.setStale(true);
    const { data } = await hub.ask(QUERY, { caller: { department: 'public-security' } });
    expect(data).toEqual({ person: zhang });
    await hub.close();
  });

  it('gives everything again once it has heard', async () => {
    const hub = await open([grantOf('Person.phone')]);
    hub.setStale(true);
    await hub.ask('{ person { phone } }');
    hub.setStale(false);
    expect((await hub.ask('{ person { phone } }')).data).toEqual({ person: { phone: '13800000000' } });
    await hub.close();
  });

  it('notices between asking and answering', async () => {
    const hub = await open([grantOf('Person.phone')]);
    meanwhile = () => hub.setStale(true);
    const { data, errors } = await hub.ask('{ person { id phone } }');
    expect(data).toEqual({ person: { id: '1', phone: null } });
    expect(errors?.[0]?.extensions['reason']).toBe('POLICY_STALE');
    await hub.close();
  });
});
