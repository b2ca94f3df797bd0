import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Release } from '../../gateway/server.ts';
import { releaseOver } from '../support/release-over.ts';
import { type SmallHub, smallHub } from '../support/small-hub.ts';

const ENTRIES = `type Query { first: Person @sharing(class: UNCONDITIONAL) any: Named @sharing(class: UNCONDITIONAL) }
  interface Named { name: String }`;
const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `${ENTRIES}
    type Person implements Named @sharing(class: UNCONDITIONAL) { name: String home: Home }
    type Home @sharing(class: UNCONDITIONAL) { street: String }`,
  resolvers: {
    Query: { first: () => ({ name: '张三' }), any: () => ({ name: '张三' }) },
    Named: { __resolveType: () => 'Person' },
    Person: { home: () => ({ street: '鹿城路' }) },
  },
};
/** The next release, in which an object became a value and a type is no longer what it was. */
const next = {
  ...people,
  sdl: `${ENTRIES}
    type Person @sharing(class: UNCONDITIONAL) { name: String @sharing(class: CONDITIONAL) home: String }
    type Company implements Named @sharing(class: UNCONDITIONAL) { name: String }`,
};
/** Valid before; the planner takes them on trust, and fails on them in ways of its own afterwards. */
const BEFORE = ['{ first { home { street } } }', '{ any { ... on Person { home { street } } name } }'];

let hub: SmallHub;
beforeEach(async () => {
  hub = await smallHub({ subgraphs: [people] });
});
afterEach(() => hub.close());

/** The next release, with a planner that fails. */
function brokenRelease(): Release {
  const broken = releaseOver(hub, next);
  broken.supergraph.planner.buildQueryPlan = () => {
    throw new Error('the planner met what it did not expect');
  };
  return broken;
}

describe('a release that protects what was open', () => {
  it.each(BEFORE)('cannot be held off by who asked %s before it', async (query) => {
    expect((await hub.ask(query)).errors).toBeUndefined();
    expect((await hub.ask('{ first { name } }')).data).toEqual({ first: { name: '张三' } });
    const swap = await hub.gateway.prepare(releaseOver(hub, next));
    swap();
    expect((await hub.ask('{ first { name } }')).data).toEqual({ first: { name: null } });
  });

  it('cannot be held off by what its planner fails on', async () => {
    await hub.ask('{ first { name } }');
    await expect(hub.gateway.prepare(brokenRelease())).resolves.toBeTypeOf('function');
  });
});

describe('a start', () => {
  it('does not fail by an operation that is foreseen and cannot be planned', async () => {
    hub.gateway.replace(brokenRelease());
    const foreseen = { query: '{ first { home } }', variables: {} };
    await expect(hub.gateway.foresee([foreseen], [])).resolves.toBeUndefined();
  });
});
