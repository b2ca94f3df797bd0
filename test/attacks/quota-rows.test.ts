import { afterAll, describe, expect, it } from 'vitest';
import type { GrantItem } from '../../sharing/policy/grant.ts';
import { quotaStore } from '../../sharing/store/quota-store.ts';
import { openSharingStore } from '../support/sharing-store.ts';
import { smallHub, type SmallSubgraph } from '../support/small-hub.ts';

/*
 * Rows that only a grant leads to, of which nothing but free items are asked: by the door that it opens, by the filter it allows, by a
 * list that hangs off another row. Each is a row shown by the grant, and a person told of.
 */
const PEOPLE = Array.from({ length: 12 }, (_, index) => ({ ref: `P${index}`, sex: 'F' }));
const register: SmallSubgraph = {
  name: 'register',
  owner: 'public-security',
  sdl: `
    type Query {
      all: PersonConnection @sharing(class: CONDITIONAL)
      found(sex: String @reads(items: ["Person.sex"])): [Person] @sharing(class: UNCONDITIONAL)
      first: Person @sharing(class: UNCONDITIONAL)
    }
    type PersonConnection @sharing(class: UNCONDITIONAL) { edges: [PersonEdge] totalCount: Int }
    type PersonEdge @sharing(class: UNCONDITIONAL) { node: Person }
    type Person @key(fields: "ref") @personal @resource(code: "1", title: "人口", updateCycle: DAILY) {
      ref: ID! @sharing(class: UNCONDITIONAL)
      sex: String @sharing(class: CONDITIONAL)
      friends: [Person] @sharing(class: CONDITIONAL)
    }`,
  resolvers: {
    Query: {
      all: () => ({ edges: PEOPLE.map((node) => ({ node })), totalCount: PEOPLE.length }),
      found: () => PEOPLE,
      first: () => PEOPLE[0],
    },
    Person: { friends: () => PEOPLE.slice(1) },
  },
};
const ITEMS: readonly GrantItem[] = [
  { coordinate: 'Query.all', uses: ['OUTPUT'] },
  { coordinate: 'Person.sex', uses: ['FILTER'] },
  { coordinate: 'Person.friends', uses: ['OUTPUT'] },
];
const store = await openSharingStore();
const hub = await smallHub({ subgraphs: [register], quotas: quotaStore(store.models) });
afterAll(async () => {
  await hub.close();
  await store.close();
});
let made = 0;

describe.each([
  ['the door that it opens', '{ all { edges { node { ref } } } }'],
  ['the filter that it allows', '{ found(sex: "F") { ref } }'],
  ['the list that it opens on a row', '{ first { friends { ref } } }'],
])('rows that a grant leads to by %s', (_, query) => {
  it.each([{ rowsPerDay: 5 }, { subjectsPerDay: 5 }])('are counted as shown by it: %j', async (quota) => {
    hub.setGrants([{ items: ITEMS }]);
    expect((JSON.stringify((await hub.ask(query)).data).match(/P\d+/g) ?? []).length).toBeGreaterThan(10);
    hub.setGrants([{ id: `G-leading-${(made += 1)}`, items: ITEMS, quota }]);
    const answer = await hub.ask(query);
    expect(answer.errors?.map(({ extensions }) => extensions['code'])).toEqual(['QUOTA_EXCEEDED']);
    expect(answer.data ?? null).toBeNull();
  });

  it('cost one where none is shown, and each one where there are some', async () => {
    const id = `G-leading-${(made += 1)}`;
    hub.setGrants([{ id, items: ITEMS, quota: { rowsPerDay: 100 } }]);
    await hub.ask('{ all { totalCount } }');
    const used = async () => (await store.models.quotaUse.findOne({ _id: new RegExp(`${id}$`) }).lean())?.rows;
    expect(await used()).toBe(1);
    await hub.ask('{ all { edges { node { ref } } } }');
    expect(await used()).toBe(1 + PEOPLE.length);
  });
});
