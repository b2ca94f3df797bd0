import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmallHub, smallHub } from '../support/small-hub.ts';
import { people, ZHANG } from './fixtures.ts';
import { direct, refusals, weakHub, withoutReads } from './support.ts';

/*
 * Classes 5 and 8: whether a row exists is told by "not found" against "not yours" (neo4j RFC 035), or by a door that takes any
 * id (`node`, CVE-2025-31481). test/subgraphs show that a row out of scope answers as none does.
 */
const phones = { 'somebody’s': ZHANG.phone, 'nobody’s': '13900000000' };

describe('whether a row exists', () => {
  let hub: SmallHub;
  let weak: SmallHub;
  beforeAll(async () => {
    hub = await smallHub({ subgraphs: [people] });
    weak = await weakHub({ subgraphs: [people] }, { table: withoutReads });
  });
  afterAll(() => Promise.all([hub.close(), weak.close()]));

  const askBoth = async (asked: SmallHub, selection: string) => {
    const query = `query ($p: String!) { byPhone(phone: $p) { ${selection} } }`;
    const [one, other] = await Promise.all(
      Object.values(phones).map(async (p) => {
        const { status, data, errors } = await asked.ask(query, { variables: { p } });
        return { status, data, errors };
      }),
    );
    return { one, other };
  };

  it.each(['id', '__typename', 'phone', 'x: __typename phone'])(
    'is told by a look-up that nobody decides, and by none that is not granted: { %s }',
    async (selection) => {
      const told = await askBoth(weak, selection);
      expect(told.one).not.toEqual(told.other);
      const kept = await askBoth(hub, selection);
      expect(kept.one).toEqual(kept.other);
      expect(kept.one?.data).toEqual({ byPhone: null });
      expect(refusals(kept.one ?? {})).toEqual([['Person.phone', 'LOOKUP', 'NO_GRANT']]);
    },
  );

  it('leaves the same record, but for what is told to nobody', async () => {
    const entries = [];
    for (const p of Object.values(phones)) {
      await hub.ask('query ($p: String!) { byPhone(phone: $p) { id } }', { variables: { p } });
      const { outcome, items, rows, subjects, operation } = hub.entries.at(-1) ?? {};
      entries.push({ outcome, items, rows, subjects, operation });
    }
    expect(entries[0]).toEqual(entries[1]);
    expect(entries[0]).toMatchObject({ outcome: 'REFUSED', rows: {}, subjects: [] });
  });

  it('is refused with the same errors where the look-up is granted and the item is not', async () => {
    const granted = await smallHub({
      subgraphs: [people],
      grants: [{ items: [{ coordinate: 'Person.phone', uses: ['LOOKUP'] }] }],
    });
    const { one, other } = await askBoth(granted, 'household');
    expect([one?.data, other?.data]).toEqual([{ byPhone: { household: null } }, { byPhone: null }]);
    expect(one?.errors).toEqual(other?.errors);
    expect(refusals(one ?? {})).toEqual([['Person.household', 'OUTPUT', 'NO_GRANT']]);
    await granted.close();
  });

  it('is not asked of a subgraph by who holds a context for another field', async () => {
    const query = 'query ($p: String!) { byPhone(phone: $p) { id } }';
    const answers = await Promise.all(
      Object.values(phones).map((p) =>
        direct(hub, people, { query, variables: { p }, context: { asked: ['Query.byId', 'Person.id'] } }),
      ),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.codes).toEqual(['NOT_PERMITTED']);
  });
});

describe('a door that takes any id', () => {
  it('decides what it finds by its type, whatever the door', async () => {
    const hub = await smallHub({ subgraphs: [people] });
    const weak = await weakHub(
      { subgraphs: [people] },
      { table: (table) => ({ ...table, items: freed(table.items) }) },
    );
    const query = '{ node(id: "p1") { id ... on Person { phone household fingerprint } } }';
    expect(JSON.stringify((await weak.ask(query)).data)).toContain(ZHANG.phone);
    const answer = await hub.ask(query);
    expect(answer.data).toEqual({ node: { id: 'p1', phone: null, household: null, fingerprint: null } });
    expect(refusals(answer)).toEqual([
      ['Person.phone', 'OUTPUT', 'NO_GRANT'],
      ['Person.household', 'OUTPUT', 'NO_GRANT'],
      ['Person.fingerprint', 'OUTPUT', 'WITHHELD'],
    ]);
    await Promise.all([hub.close(), weak.close()]);
  });
});

function freed<Item extends object>(items: ReadonlyMap<string, Item>): Map<string, Item & { class: 'UNCONDITIONAL' }> {
  return new Map([...items].map(([coordinate, item]) => [coordinate, { ...item, class: 'UNCONDITIONAL' }]));
}
