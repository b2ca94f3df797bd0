import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Grant, GrantItem, Use } from '../../sharing/policy/grant.ts';
import { planOf } from '../support/explain.ts';
import { type SeededHub, seededHub } from '../support/seeded-hub.ts';
import type { Read } from '../support/subgraph.ts';

const CALLER = { department: 'civil-affairs', application: 'relief', purpose: 'low-income-check' };
const USES: readonly Use[] = ['OUTPUT', 'LOOKUP', 'VERIFY', 'FILTER'];
const COUNTY = '532322';

interface SeenRead extends Read {
  readonly subgraph: string;
}

describe('reads of a caller whose grants are for one county', { timeout: 120_000 }, () => {
  let hub: SeededHub;
  const seen: SeenRead[] = [];

  beforeAll(async () => {
    hub = await seededHub({ persons: 4_000 });
    for (const [subgraph, connection] of hub.connections)
      connection.set('debug', (collection: string, method: string, query: unknown, options: unknown) => {
        const { projection, sort } = (options ?? {}) as { projection?: unknown; sort?: unknown };
        seen.push({ subgraph, name: `${collection}.${method}`, query, projection, sort });
      });
  });
  afterAll(() => hub.close());

  function grant(divisions: readonly string[]): void {
    const conditional = [...hub.policy.items.values()].filter((item) => item.class === 'CONDITIONAL');
    const items = conditional.map(({ coordinate }): GrantItem => ({ coordinate, uses: USES }));
    const grants: Partial<Grant>[] = [{ ...CALLER, divisions, items }];
    hub.setGrants(grants);
  }

  /** The reads of one question under a scope, each with what the store says of it. */
  async function reads(query: string, divisions: readonly string[]) {
    grant(divisions);
    seen.length = 0;
    const { data } = await hub.ask(query, CALLER);
    const planned = seen
      .filter(({ name }) => /\.(find|findOne|aggregate|countDocuments)$/.test(name))
      .map(async (read) => {
        const connection = hub.connections.get(read.subgraph);
        if (!connection) throw new Error(`no store of ${read.subgraph}`);
        return { name: read.name, filter: JSON.stringify(read.query), ...(await planOf(connection, read)) };
      });
    return { data: data ?? {}, reads: await Promise.all(planned) };
  }

  const rowsOf = async (subgraph: string, collection: string, filter: Record<string, unknown>): Promise<number> =>
    (await hub.connections.get(subgraph)?.collection(collection).countDocuments(filter)) ?? 0;

  it.each([
    [
      'persons',
      'population',
      '{ persons(filter: { division: "532300" }, first: 50) { totalCount edges { node { name } } } }',
    ],
    [
      'legalPersons',
      'legal-persons',
      '{ legalPersons(filter: { division: "532300" }, first: 50) { totalCount edges { node { name annualRevenueFen } } } }',
    ],
    [
      'parcels',
      'geospatial',
      '{ parcels(filter: { division: "532300" }, first: 50) { totalCount edges { node { code ownerKind } } } }',
    ],
    [
      'complaints',
      'hotline',
      '{ complaints(division: "532300", first: 50) { totalCount edges { node { kind callerName } } } }',
    ],
  ])(
    'of the list of %s and its count examine the rows of that county, by an index',
    async (collection, subgraph, query) => {
      const inCounty = await rowsOf(subgraph, collection, { county: COUNTY });
      const inAll = await rowsOf(subgraph, collection, {});
      const scoped = await reads(query, [COUNTY]);
      const page = scoped.data[collection] as { totalCount: number; edges: unknown[] };
      expect(page.totalCount).toBe(inCounty);
      expect(inCounty).toBeGreaterThan(0);
      expect(inCounty).toBeLessThan(inAll / 2);
      expect(scoped.reads.length).toBeGreaterThan(0);
      for (const read of scoped.reads) {
        expect(read.filter).toContain(COUNTY);
        expect(read.indexes).not.toContain('COLLSCAN');
        expect(read.docsExamined).toBeLessThanOrEqual(inCounty);
      }
    },
  );

  it('of single rows examine one document, whether it is there for the caller or not', async () => {
    const elsewhere = await hub.connections
      .get('legal-persons')
      ?.collection('legalPersons')
      .findOne({ county: '532301' });
    const query = `{ legalPerson(uscc: "${String(elsewhere?._id)}") { name annualRevenueFen } }`;
    const [outside, inside] = [await reads(query, [COUNTY]), await reads(query, ['532301'])];
    expect([outside.data['legalPerson'], inside.data['legalPerson']]).toEqual([null, expect.anything()]);
    for (const { reads: found } of [outside, inside]) {
      expect(found).toHaveLength(1);
      expect(found[0]).toMatchObject({ docsExamined: 1 });
    }
  });

  it('of numbers over the county are of its released tables alone, by their keys', async () => {
    const query = `{ division(code: "${COUNTY}") { population { count } legalPersons { count } parcels { count } } }`;
    const { data, reads: found } = await reads(query, [COUNTY]);
    const registered = await rowsOf('population', 'persons', { county: COUNTY, status: 'REGISTERED' });
    const { population } = data['division'] as { population: { count: number | null }[] };
    expect([registered, null]).toContain(population[0]?.count);
    expect(found.filter(({ name }) => name.endsWith('.aggregate'))).toEqual([]);
    const tables = found.filter(({ name }) => name === 'cubeTables.find');
    expect(tables).toHaveLength(3);
    for (const read of tables) {
      expect(read.filter).toContain(COUNTY);
      expect(read).toMatchObject({ indexes: ['_id_'], docsExamined: 1 });
    }
  });

  it('of references and nested lists are as many as without a scope, with its rows alone', async () => {
    const query = `{ parcels(filter: { division: "${COUNTY}" }, first: 40) { edges { node { code ownerKind owner { __typename ... on Person { id name household { members { name } } } ... on LegalPerson { uscc name annualRevenueFen } } } } } }`;
    const [scoped, whole] = [await reads(query, [COUNTY]), await reads(query, ['532300'])];
    expect(scoped.reads.length).toBeLessThanOrEqual(whole.reads.length);
    const ofRows = scoped.reads.filter(({ name }) => /^(persons|households|legalPersons|parcels)\./.test(name));
    expect(ofRows.length).toBeGreaterThan(2);
    for (const read of ofRows) {
      expect(read.filter).toContain(COUNTY);
      expect(read.indexes).not.toContain('COLLSCAN');
      expect(read.docsExamined).toBeLessThanOrEqual(200);
    }
  });
});
