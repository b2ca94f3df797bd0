import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeResidentNumber } from '../../lib/codes/resident-number.ts';
import type { Grant, GrantItem, Use } from '../../sharing/policy/grant.ts';
import { type SeededHub, seededHub } from '../support/seeded-hub.ts';

const CALLER = { department: 'civil-affairs', application: 'relief', purpose: 'low-income-check' };
const POLICE = { department: 'public-security', application: 'registry' };
const USES: readonly Use[] = ['OUTPUT', 'LOOKUP', 'VERIFY', 'FILTER'];

interface Row {
  readonly _id: string;
  readonly residentNumber: string;
  readonly name: string;
  readonly county?: string;
}

describe('rows outside the divisions of a grant', { timeout: 120_000 }, () => {
  let hub: SeededHub;
  let rows: readonly Row[];

  beforeAll(async () => {
    hub = await seededHub({ persons: 4_000 });
    rows = (await hub.connections.get('population')?.collection('persons').find().toArray()) as unknown as Row[];
  });
  afterAll(() => hub.close());

  /** Every conditional item, for some divisions; of some subgraphs for others. */
  function grants(divisions: readonly string[], others: Readonly<Record<string, readonly string[]>> = {}) {
    const conditional = [...hub.policy.items.values()].filter((item) => item.class === 'CONDITIONAL');
    const subgraphs = [...new Set(conditional.map(({ subgraph }) => subgraph))];
    return subgraphs.map((name): Partial<Grant> => ({
      ...CALLER,
      divisions: others[name] ?? divisions,
      items: conditional
        .filter(({ subgraph }) => subgraph === name)
        .map(({ coordinate }): GrantItem => ({ coordinate, uses: USES })),
    }));
  }
  const inCounties = (...counties: string[]) => rows.filter(({ county }) => counties.includes(county ?? ''));
  const ask = async (query: string, caller: Record<string, unknown> = CALLER) => {
    const { data, errors } = await hub.ask(query, caller);
    return { data: data ?? {}, codes: (errors ?? []).map(({ extensions }) => extensions['code']) };
  };
  const byNumber = (number: string) => `{ personByResidentNumber(residentNumber: "${number}") { name } }`;

  it('answer a look-up like rows that are not there', async () => {
    const [outside] = inCounties('532322');
    hub.setGrants(grants(['532322']));
    expect(await ask(byNumber(outside?.residentNumber ?? ''))).toEqual({
      data: { personByResidentNumber: { name: outside?.name } },
      codes: [],
    });
    hub.setGrants(grants(['532301']));
    const elsewhere = await ask(byNumber(outside?.residentNumber ?? ''));
    expect(elsewhere).toEqual(await ask(byNumber(composeResidentNumber('532301', '1901-01-01', '001'))));
    expect(elsewhere).toEqual({ data: { personByResidentNumber: null }, codes: [] });
  });

  it('are neither listed nor counted', async () => {
    hub.setGrants(grants(['532322']));
    const { data } = await ask(
      '{ persons(filter: { division: "532300" }, first: 200) { totalCount edges { node { name } } } }',
    );
    const { totalCount, edges } = data['persons'] as { totalCount: number; edges: { node: { name: string } }[] };
    expect(totalCount).toBe(inCounties('532322').length);
    expect(edges.length).toBe(Math.min(200, totalCount));
    const names = new Set(inCounties('532322').map(({ name }) => name));
    expect(edges.filter(({ node }) => !names.has(node.name))).toEqual([]);
  });

  it('do not go into totals: a total over more than the scope is refused, one inside is told', async () => {
    hub.setGrants(grants(['532322']));
    const count = (code: string) => ask(`{ division(code: "${code}") { population { count } } }`);
    expect(await count('532300')).toEqual({ data: { division: { population: null } }, codes: ['PARTIAL_SCOPE'] });
    expect((await count('532322')).codes).toEqual([]);
  });

  it('include those that still bear the code of what the division was before', async () => {
    const before = inCounties('532331');
    expect(before.length).toBeGreaterThan(0);
    const total = '{ persons(filter: { division: "532300" }) { totalCount } }';
    for (const code of ['532302', '532331']) {
      hub.setGrants(grants([code]));
      const { data } = await ask(total);
      expect(data).toEqual({ persons: { totalCount: inCounties('532302', '532331').length } });
    }
  });

  it('that have no valid division are in nobody’s scope but their owner’s', async () => {
    const persons = hub.connections.get('population')?.collection<Row>('persons');
    const [person] = inCounties('532301');
    await persons?.updateOne({ _id: person?._id ?? '' }, { $set: { county: '532399' } });
    try {
      hub.setGrants(grants(['532300']));
      const number = person?.residentNumber ?? '';
      expect((await ask(byNumber(number))).data).toEqual({ personByResidentNumber: null });
      const { data } = await ask(byNumber(number), POLICE);
      expect(data).toEqual({ personByResidentNumber: { name: person?.name } });
    } finally {
      await persons?.updateOne({ _id: person?._id ?? '' }, { $set: { county: '532301' } });
    }
  });

  describe('where another department’s row refers to them', () => {
    const firms =
      '{ legalPersons(filter: { division: "532300" }, first: 100) { edges { node { uscc representative { __typename } } } } }';
    const named = firms.replace('{ __typename }', '{ __typename ... on Person { name } }');
    type Firms = { legalPersons: { edges: { node: { representative: { name?: string } | null } }[] } };
    const representatives = async (query: string) =>
      ((await ask(query)).data as unknown as Firms).legalPersons.edges.map(({ node }) => node.representative);

    it('are absent, whatever else the row shows', async () => {
      hub.setGrants(grants(['532300']));
      const all = await representatives(named);
      hub.setGrants(grants(['532300'], { population: ['532322'] }));
      const some = await representatives(named);
      const names = new Set(inCounties('532322').map(({ name }) => name));
      const shown = some.filter((person) => person !== null);
      expect(shown.length).toBeGreaterThan(0);
      expect(shown.length).toBeLessThan(all.filter((person) => person !== null).length);
      expect(shown.filter(({ name }) => !names.has(name ?? ''))).toEqual([]);
    });
  });

  it('are those of both, where two items of one department are granted for two divisions', async () => {
    const only = (coordinates: readonly string[], divisions: readonly string[]): Partial<Grant> => ({
      ...CALLER,
      divisions,
      items: coordinates.map((coordinate) => ({ coordinate, uses: USES })),
    });
    const root = ['Query.persons', 'PersonConnection.totalCount'];
    const query = '{ persons(filter: { division: "532300" }) { totalCount edges { node { name sex } } } }';
    const total = async () => ((await ask(query)).data as { persons: { totalCount: number } }).persons.totalCount;
    hub.setGrants([only([...root, 'Person.name'], ['532301', '532322']), only(['Person.sex'], ['532322', '532323'])]);
    expect(await total()).toBe(inCounties('532322').length);
    hub.setGrants([
      only([...root, 'Person.name', 'Person.sex'], ['532322']),
      only([...root, 'Person.name', 'Person.sex'], ['532323']),
    ]);
    expect(await total()).toBe(inCounties('532322', '532323').length);
    hub.setGrants([only([...root, 'Person.name'], ['532301']), only(['Person.sex'], ['532323'])]);
    expect(await total()).toBe(0);
  });
});
