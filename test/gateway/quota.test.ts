import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Grant } from '../../sharing/policy/grant.ts';
import { quotaStore } from '../../sharing/store/quota-store.ts';
import { openSharingStore } from '../support/sharing-store.ts';
import { type GraphqlAnswer, smallHub, type SmallSubgraph } from '../support/small-hub.ts';

const PEOPLE = Array.from({ length: 12 }, (_, index) => ({
  ref: `P${index}`,
  name: `Person ${index}`,
  phone: `1${index}`,
}));

/** People who know the four after them, so that lists without a size nest. */
const people: SmallSubgraph = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query {
      person(ref: ID! @reads(items: ["Person.ref"], use: LOOKUP)): Person @sharing(class: UNCONDITIONAL)
      people(first: Int = 20): PersonConnection @sharing(class: UNCONDITIONAL)
      verify(ref: ID! @reads(items: ["Person.ref"], use: VERIFY)): Boolean @sharing(class: UNCONDITIONAL)
      everyone: [Person] @sharing(class: UNCONDITIONAL)
      failing: Person @sharing(class: UNCONDITIONAL)
    }
    type PersonConnection @sharing(class: UNCONDITIONAL) { edges: [PersonEdge] }
    type PersonEdge @sharing(class: UNCONDITIONAL) { node: Person }
    type Person @key(fields: "ref") @resource(code: "1", title: "Person", updateCycle: DAILY) @personal {
      ref: ID! @sharing(class: CONDITIONAL)
      name: String @sharing(class: CONDITIONAL)
      phone: String @sharing(class: UNCONDITIONAL)
      friends: [Person] @sharing(class: UNCONDITIONAL)
    }`,
  resolvers: {
    Query: {
      person: (_: unknown, { ref }: { ref: string }) => PEOPLE.find((each) => each.ref === ref),
      verify: (_: unknown, { ref }: { ref: string }) => PEOPLE.some((each) => each.ref === ref),
      people: (_: unknown, { first }: { first: number }) => ({
        edges: PEOPLE.slice(0, first).map((node) => ({ node })),
      }),
      everyone: () => PEOPLE,
      failing: () => {
        throw new Error('no such luck');
      },
    },
    Person: { friends: ({ ref }: { ref: string }) => PEOPLE.slice(Number(ref.slice(1)) + 1).slice(0, 4) },
  },
};

const store = await openSharingStore();
const quotas = quotaStore(store.models);
const [hub, other] = await Promise.all([
  smallHub({ subgraphs: [people], quotas }),
  smallHub({ subgraphs: [people], quotas }),
]);
afterAll(async () => {
  await Promise.all([hub.close(), other.close()]);
  await store.close();
});

let made = 0;
let grant = '';

/** A new grant of everything conditional, known to both gateways. */
function granted(terms: Partial<Grant>): void {
  grant = `G-quota-${(made += 1)}`;
  const items = [
    { coordinate: 'Person.name', uses: ['OUTPUT'] },
    { coordinate: 'Person.ref', uses: ['LOOKUP', 'VERIFY'] },
  ] as const;
  for (const each of [hub, other]) each.setGrants([{ id: grant, items, ...terms }]);
}

const NOTHING = { rows: 0, subjects: 0 };
const used = async () =>
  (await store.models.quotaUse.findOne({ _id: new RegExp(`${grant}$`) }, { _id: 0, rows: 1, subjects: 1 }).lean()) ??
  NOTHING;
const codes = ({ errors = [] }: GraphqlAnswer): unknown[] => errors.map(({ extensions }) => extensions['code']);
const page = (first: number): string => `{ people(first: ${first}) { edges { node { name } } } }`;
const known = (ref: string): string => `{ person(ref: "${ref}") { name } }`;

beforeEach(() => {
  granted({ quota: { rowsPerDay: 10, subjectsPerDay: 6 } });
  hub.fetches.length = 0;
});

describe('rows', () => {
  it('are counted as they are shown, not as they were asked for', async () => {
    granted({ quota: { rowsPerDay: 20 } });
    const answer = await hub.ask(page(15));
    expect(answer.data).toMatchObject({ people: { edges: { length: 12 } } });
    expect(await used()).toMatchObject({ rows: 12 });
  });

  it('beyond the quota are refused before they are fetched, with what is left and when it renews', async () => {
    await hub.ask(known('P1'));
    hub.fetches.length = 0;
    const answer = await hub.ask(page(10));
    expect(answer.status).toBe(429);
    expect(answer).not.toHaveProperty('data.people');
    expect(codes(answer)).toEqual(['QUOTA_EXCEEDED']);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ grant, left: { rows: 9, subjects: 5 } });
    const renewsAt = new Date(String(answer.errors?.[0]?.extensions['renewsAt']));
    expect(renewsAt.getTime()).toBeGreaterThan(Date.now());
    expect(renewsAt.getTime()).toBeLessThanOrEqual(Date.now() + 86_400_000);
    expect(renewsAt.toISOString()).toMatch(/T16:00:00\.000Z$/);
    expect(hub.fetches).toHaveLength(0);
    expect(await used()).toMatchObject({ rows: 1, subjects: 1 });
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'LIMIT', rows: {} });
  });

  it('the last of them is answered, the next is not', async () => {
    granted({ quota: { rowsPerDay: 2 } });
    expect(codes(await hub.ask(page(2)))).toEqual([]);
    expect(codes(await hub.ask(known('P1')))).toEqual(['QUOTA_EXCEEDED']);
  });

  it('of lists that take no size are refused whole once they are known to be too many, and stay used', async () => {
    granted({ quota: { rowsPerDay: 11 } });
    const answer = await hub.ask('{ everyone { name } }');
    expect(codes(answer)).toEqual(['QUOTA_EXCEEDED']);
    expect(answer.data ?? null).toBeNull();
    expect(answer.errors?.[0]?.message).not.toContain('12');
    expect(await used()).toMatchObject({ rows: 10 });
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'LIMIT', rows: {}, subjects: [] });
  });

  it('nested in such lists are taken for every one above', async () => {
    granted({ quota: { rowsPerDay: 109 } });
    expect(codes(await hub.ask('{ everyone { name friends { name } } }'))).toEqual(['QUOTA_EXCEEDED']);
    expect(hub.fetches).toHaveLength(0);
    granted({ quota: { rowsPerDay: 110 } });
    const { data } = await hub.ask('{ everyone { name friends { name } } }');
    expect(data).toHaveProperty('everyone.0.friends.3.name', 'Person 4');
    // Each of twelve with up to four who come after.
    expect(await used()).toMatchObject({ rows: 12 + 8 * 4 + 3 + 2 + 1 });
  });

  it('without an item of the grant cost nothing', async () => {
    expect(codes(await hub.ask('{ people(first: 12) { edges { node { phone } } } }'))).toEqual([]);
    expect(await used()).toEqual(NOTHING);
  });

  it('a question by the grant that finds nothing counts as one, however it is multiplied', async () => {
    await hub.ask(known('P99'));
    expect(await used()).toMatchObject({ rows: 1, subjects: 0 });
    const many = Array.from({ length: 9 }, (_, index) => `a${index}: verify(ref: "P${index + 90}")`);
    expect(codes(await hub.ask(`{ ${many.join(' ')} }`))).toEqual([]);
    expect(await used()).toMatchObject({ rows: 10 });
    expect(codes(await hub.ask('{ verify(ref: "P1") }'))).toEqual(['QUOTA_EXCEEDED']);
  });

  it('given by a variable are bounded by its value', async () => {
    const query = 'query ($first: Int) { people(first: $first) { edges { node { name } } } }';
    expect(codes(await hub.ask(query, { variables: { first: 11 } }))).toEqual(['QUOTA_EXCEEDED']);
    expect(codes(await hub.ask(query, { variables: {} }))).toEqual(['QUOTA_EXCEEDED']);
    expect(codes(await hub.ask(query, { variables: { first: 6 } }))).toEqual([]);
  });
});

describe('data subjects', () => {
  it('count once a day, however often they are shown', async () => {
    granted({ quota: { subjectsPerDay: 6 } });
    for (let time = 0; time < 5; time++) expect(codes(await hub.ask(page(3)))).toEqual([]);
    expect(await used()).toMatchObject({ subjects: 3 });
  });

  it('tell nothing by a refusal: what may show more than is left is refused whether anybody exists or not', async () => {
    granted({ quota: { subjectsPerDay: 1 } });
    await hub.ask(known('P0'));
    const [absent, present, again] = [
      await hub.ask(known('P99')),
      await hub.ask(known('P1')),
      await hub.ask(known('P0')),
    ];
    expect(codes(absent)).toEqual(['QUOTA_EXCEEDED']);
    const plain = ({ status, data, errors }: GraphqlAnswer) => ({
      status,
      data,
      messages: errors?.map(({ message }) => message),
    });
    expect(plain(present)).toEqual(plain(absent));
    expect(plain(again)).toEqual(plain(absent));
  });

  it('are kept as keyed hashes, for no longer than the day can last', async () => {
    await hub.ask(known('P1'));
    const kept = await store.models.quotaSubjects.find({ _id: new RegExp(grant) }).lean();
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain('P1"');
    expect(kept[0]?.expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 2 * 86_400_000);
  });
});

describe('many at once', () => {
  it('over two gateways never get more rows together than the quota gives', async () => {
    granted({ quota: { rowsPerDay: 7 } });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 ? hub : other).ask(known(`P${index % 12}`))),
    );
    const shown = answers.filter(({ data }) => (data?.['person'] ?? null) !== null);
    expect(shown).toHaveLength(7);
    expect(await used()).toMatchObject({ rows: 7 });
  });

  it('over two gateways never see more subjects together, and count the same one once', async () => {
    granted({ quota: { subjectsPerDay: 40 } });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => (index % 2 ? hub : other).ask(known(`P${index % 3}`))),
    );
    expect(answers.flatMap(codes)).toEqual([]);
    expect(await used()).toMatchObject({ subjects: 3 });
  });
});

describe('what was taken', () => {
  it('goes back where nothing is shown', async () => {
    const failed = await hub.ask('{ failing { name } }');
    expect(failed.data).toEqual({ failing: null });
    expect(await used()).toMatchObject(NOTHING);
  });

  it('is kept by each grant for itself, and by no other purpose', async () => {
    const items = [{ coordinate: 'Person.name', uses: ['OUTPUT'] }] as const;
    hub.setGrants([
      { id: `${grant}-a`, items, quota: { rowsPerDay: 1 } },
      { id: `${grant}-b`, items, purpose: 'audit', quota: { rowsPerDay: 1 } },
    ]);
    expect(codes(await hub.ask(page(1)))).toEqual([]);
    expect(codes(await hub.ask(page(1)))).toEqual(['QUOTA_EXCEEDED']);
    expect(codes(await hub.ask(page(1), { caller: { purpose: 'audit' } }))).toEqual([]);
  });

  it('is not taken where the store of quotas does not answer: then nothing is shown', async () => {
    const down = (): Promise<never> => Promise.reject(new Error('the store is down'));
    const items = [{ coordinate: 'Person.name', uses: ['OUTPUT'] }] as const;
    const alone = await smallHub({
      subgraphs: [people],
      quotas: { reserve: down, settle: down, release: down },
      grants: [{ items, quota: { rowsPerDay: 5 } }],
    });
    const answer = await alone.ask(page(1));
    expect(answer.data ?? null).toBeNull();
    expect(codes(answer)).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(alone.fetches).toHaveLength(0);
    await alone.close();
  });
});
