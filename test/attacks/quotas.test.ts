import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../gateway/limit.ts';
import type { GrantItem } from '../../sharing/policy/grant.ts';
import { quotaStore, type QuotaStore } from '../../sharing/store/quota-store.ts';
import { openSharingStore } from '../support/sharing-store.ts';
import { type Asked, type GraphqlAnswer, smallHub, type SmallSubgraph } from '../support/small-hub.ts';
import { direct, directUnguarded } from './support.ts';

/*
 * More rows than a quota gives: by every way of asking for many at once, by requests that fail between taking and counting, and by
 * many requests over two gateways. test/gateway/quota shows what is counted; here each attack first gets everything from a hub
 * with a store of quotas that does not refuse, or is careless in one way.
 */
const PEOPLE = Array.from({ length: 12 }, (_, index) => ({
  __typename: 'Person',
  ref: `P${index}`,
  name: `N${index}.`,
}));
const page = (first: number | null | undefined): typeof PEOPLE =>
  typeof first === 'number' && first >= 0 ? PEOPLE.slice(0, first) : PEOPLE;
let delay: Promise<unknown> = Promise.resolve();

const register: SmallSubgraph = {
  name: 'register',
  owner: 'public-security',
  sdl: `
    type Query {
      person(ref: ID!): Person @sharing(class: UNCONDITIONAL)
      everyone: [Person] @sharing(class: UNCONDITIONAL)
      anybody: [Anybody] @sharing(class: UNCONDITIONAL)
      named: [Named] @sharing(class: UNCONDITIONAL)
      people(first: Int = 20): PersonConnection @sharing(class: UNCONDITIONAL)
      listed(filter: Filter): PersonConnection @sharing(class: UNCONDITIONAL)
      box: Box @sharing(class: UNCONDITIONAL)
      slow: Person @sharing(class: UNCONDITIONAL)
    }
    input Filter { first: Int }
    union Anybody = Person
    interface Named { name: String }
    type Box @sharing(class: UNCONDITIONAL) { inner: Box people: [Person] }
    type PersonConnection @sharing(class: UNCONDITIONAL) { edges: [PersonEdge] }
    type PersonEdge @sharing(class: UNCONDITIONAL) { node: Person }
    type Person implements Named @key(fields: "ref") @personal {
      ref: ID! @sharing(class: UNCONDITIONAL)
      name: String @sharing(class: CONDITIONAL)
      friends(first: Int = 20): PersonConnection @sharing(class: UNCONDITIONAL)
    }`,
  resolvers: {
    Query: {
      person: (_: unknown, { ref }: { ref: string }) => PEOPLE.find((each) => each.ref === ref),
      everyone: () => PEOPLE,
      anybody: () => PEOPLE,
      named: () => PEOPLE,
      people: (_: unknown, { first }: { first: number }) => ({ edges: page(first).map((node) => ({ node })) }),
      listed: (_: unknown, { filter }: { filter?: { first?: number } }) => ({
        edges: page(filter?.first).map((node) => ({ node })),
      }),
      box: () => ({ inner: { people: PEOPLE } }),
      slow: () => delay.then(() => PEOPLE[0]),
    },
    Named: { __resolveType: () => 'Person' },
    Person: {
      friends: (_: unknown, { first }: { first: number }) => ({ edges: page(first).map((node) => ({ node })) }),
    },
  },
};

const ITEMS: readonly GrantItem[] = [{ coordinate: 'Person.name', uses: ['OUTPUT'] }];
const store = await openSharingStore();
const counting = quotaStore(store.models);
const nothing = (): Promise<undefined> => Promise.resolve(undefined);
const UNCOUNTED: QuotaStore = { reserve: nothing, settle: nothing, release: nothing };
/** The store a hub has is chosen anew by each test. */
const chosen = { quotas: counting };
const quotas: QuotaStore = {
  reserve: (...given) => chosen.quotas.reserve(...given),
  settle: (...given) => chosen.quotas.settle(...given),
  release: (...given) => chosen.quotas.release(...given),
};
/** The limit of cost would refuse some of it before the quota does. */
const limits = { ...DEFAULT_LIMITS, maxCost: Infinity };
const [hub, other] = await Promise.all([
  smallHub({ subgraphs: [register], quotas, limits }),
  smallHub({ subgraphs: [register], quotas, limits }),
]);
afterAll(async () => {
  await Promise.all([hub.close(), other.close()]);
  await store.close();
});

const MOST = 3;
let made = 0;
let grant = '';
/** A new grant of three rows a day, and the store that counts them. */
function begin(given: QuotaStore): void {
  chosen.quotas = given;
  grant = `G-attack-${(made += 1)}`;
  for (const each of [hub, other]) each.setGrants([{ id: grant, items: ITEMS, quota: { rowsPerDay: MOST } }]);
}
beforeEach(() => {
  delay = Promise.resolve();
  begin(counting);
});
const shownIn = (answers: readonly GraphqlAnswer[]): number =>
  (JSON.stringify(answers.map(({ data }) => data)).match(/N\d+\./g) ?? []).length;
const used = async (): Promise<number> =>
  (await store.models.quotaUse.findOne({ _id: new RegExp(`${grant}$`) }).lean())?.rows ?? 0;

const NAMED = '{ edges { node { name } } }';
const WAYS: Readonly<Record<string, readonly [query: string, variables?: Asked['variables']]>> = {
  aliases: [`{ ${PEOPLE.map(({ ref }) => `${ref}: person(ref: "${ref}") { name }`).join(' ')} }`],
  fragments: [
    `{ ...A ...B } fragment A on Query { a: people(first: 2) ${NAMED} } fragment B on Query { b: people(first: 2) ${NAMED} }`,
  ],
  'a fragment that is spread at many rows': [
    `{ ${PEOPLE.map(({ ref }) => `${ref}: person(ref: "${ref}") { ...N }`).join(' ')} } fragment N on Person { name }`,
  ],
  'a list without a size': ['{ everyone { name } }'],
  'a list of a union': ['{ anybody { ... on Person { name } } }'],
  'a list of an interface': ['{ named { name } }'],
  'a list in boxes': ['{ box { inner { people { name } } } }'],
  'a page that is huge': [`{ people(first: 2147483647) ${NAMED} }`],
  'a page of less than nothing': [`{ people(first: -1) ${NAMED} }`],
  'a page of null': [`{ people(first: null) ${NAMED} }`],
  'a page of nobody’s size': [`{ people ${NAMED} }`],
  'a size in a filter': [`{ listed(filter: { first: 12 }) ${NAMED} }`],
  'a variable': [`query ($n: Int) { people(first: $n) ${NAMED} }`, { n: 12 }],
  'a variable that is negative': [`query ($n: Int) { people(first: $n) ${NAMED} }`, { n: -12 }],
  'a variable that is null': [`query ($n: Int) { people(first: $n) ${NAMED} }`, { n: null }],
  'a variable by its default': [`query ($n: Int = 12) { people(first: $n) ${NAMED} }`],
  '@include on the second time': [
    `query ($t: Boolean = true) { a: people(first: 3) ${NAMED} b: people(first: 3) @include(if: $t) ${NAMED} }`,
  ],
  'nested pages': [`{ people(first: 2) { edges { node { friends(first: 2) ${NAMED} } } } }`],
  'pages nested in pages of one': [`{ people(first: 1) { edges { node { friends(first: 12) ${NAMED} } } } }`],
};

describe('a quota of three rows', () => {
  it.each(Object.entries(WAYS))('is not exceeded by %s', async (_, [query, variables]) => {
    begin(UNCOUNTED);
    const asked = variables && { variables };
    expect(shownIn([await hub.ask(query, asked)])).toBeGreaterThan(MOST);
    begin(counting);
    const answer = await hub.ask(query, asked);
    expect([shownIn([answer]), answer.errors?.[0]?.extensions['code']]).toEqual([0, 'QUOTA_EXCEEDED']);
    expect(await used()).toBeLessThanOrEqual(MOST);
  });

  it('is that of each of several grants that allow an item: a second one does not add to it', async () => {
    const [one, two] = [`${grant}-1`, `${grant}-2`];
    hub.setGrants([one, two].map((id) => ({ id, items: ITEMS, quota: { rowsPerDay: MOST } })));
    const answers = [];
    for (let times = 0; times < 5; times++) answers.push(await hub.ask('{ person(ref: "P1") { name } }'));
    expect(shownIn(answers)).toBe(MOST);
  });

  it('does not begin anew with another text or officer, or whatever else the token holds', async () => {
    const answers = [];
    const callers = [
      { officer: '王' },
      { officer: '李' },
      { roles: ['x'] },
      { scope: 'y' },
      { onBehalfOf: 'taxation' },
    ];
    for (const [index, caller] of callers.entries())
      answers.push(await hub.ask(`query Q${index} { person(ref: "P${index}") { name } }`, { caller }));
    expect(shownIn(answers)).toBe(MOST);
  });

  it('is kept by the gateway: its subgraph shows rows to nobody else', async () => {
    const query = '{ everyone { name } }';
    expect(JSON.stringify((await directUnguarded(register, { query })).data)).toContain('N11.');
    expect(await direct(hub, register, { query, token: undefined })).toMatchObject({ codes: ['CONTEXT_REQUIRED'] });
    expect(await direct(hub, register, { query, context: { asked: ['Query.everyone', 'Person.ref'] } })).toMatchObject({
      data: null,
      codes: ['NOT_PERMITTED'],
    });
  });
});

/** A store that gives back twice what was taken and not shown. */
const FORGETFUL: QuotaStore = {
  ...counting,
  settle: async (...given) => {
    await counting.settle(...given);
    return counting.settle(...given);
  },
};
/** A store that looks first and takes afterwards. */
const HASTY: QuotaStore = {
  ...counting,
  async reserve(reservation) {
    const before = await used();
    if (before + reservation.rows > MOST) return { rows: MOST - before };
    return counting.reserve({ ...reservation, quota: {} });
  },
};

describe('requests that are given up between taking and counting', () => {
  /** Three that are cancelled while the subgraph is at work, and then as many as are answered. */
  const shown = async (): Promise<number> => {
    const gone = new AbortController();
    let work = (): void => undefined;
    delay = new Promise<void>((resolve) => (work = resolve));
    hub.fetches.length = 0;
    const lost = Array.from({ length: MOST }, () => hub.ask('{ slow { name } }', { signal: gone.signal }));
    await vi.waitFor(() => expect(hub.fetches).toHaveLength(MOST));
    gone.abort();
    const answers = await Promise.all(lost);
    work();
    for (const { ref } of PEOPLE) answers.push(await hub.ask(`{ person(ref: "${ref}") { name } }`));
    return shownIn(answers);
  };

  it('are paid back twice by a careless store, and once by ours', async () => {
    begin(FORGETFUL);
    expect(await shown()).toBe(2 * MOST);
    begin(counting);
    expect(await shown()).toBe(MOST);
    expect(await used()).toBe(MOST);
  });
});

describe('many requests at once over two gateways', () => {
  const shown = async (): Promise<number> => {
    const asked = PEOPLE.map(({ ref }, index) => (index % 2 ? hub : other).ask(`{ person(ref: "${ref}") { name } }`));
    return shownIn(await Promise.all(asked));
  };

  it('have more than the quota where it is looked at before it is taken, and not where both are one', async () => {
    begin(HASTY);
    expect(await shown()).toBeGreaterThan(MOST);
    begin(counting);
    expect(await shown()).toBe(MOST);
    expect(await used()).toBe(MOST);
  });
});
