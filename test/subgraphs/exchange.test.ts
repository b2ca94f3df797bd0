import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../lib/caller.ts';
import { storeGrant } from '../../sharing/store/grant-store.ts';
import { sharingModels } from '../../sharing/store/models.ts';
import { definition } from '../../subgraphs/exchange/subgraph.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';

interface List {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

const relief: Caller = { department: 'civil-affairs', application: 'relief', roles: [] };
const tax: Caller = { department: 'tax-bureau', application: 'collection', roles: [] };
const auditor: Caller = { department: 'audit-office', application: 'supervision', roles: ['auditor'] };
const GRANTS =
  'query ($after: String) { grants(first: 2, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }';
const ENTRIES = GRANTS.replace('grants', 'auditEntries');

let exchange: RunningSubgraph;

beforeAll(async () => {
  exchange = await startSubgraph(definition, sharingModels);
  const models = sharingModels(exchange.connection);
  for (const [id, caller] of [
    ['G-1', relief],
    ['G-2', tax],
    ['G-3', relief],
    ['G-4', relief],
  ] as const)
    await storeGrant(models, {
      id,
      owner: 'public-security',
      department: caller.department,
      application: caller.application,
      purpose: 'p',
      basis: 'b',
      items: [],
      divisions: id === 'G-4' ? ['532331', '230711'] : ['532300'],
      validFrom: 0,
      validUntil: 9e12,
    });
  // Three entries of one moment, so that the order within it counts.
  const entry = (_id: string, sequence: number, { caller, at }: { caller: Caller; at: string }): object => ({
    _id,
    writer: 'w',
    sequence,
    at: new Date(at),
    kind: 'REQUEST',
    caller,
  });
  await exchange.connection
    .collection<object>('auditEntries')
    .insertMany([
      entry('A-1', 0, { caller: relief, at: '2026-01-01T00:00:00Z' }),
      entry('A-2', 1, { caller: relief, at: '2026-01-02T00:00:00Z' }),
      entry('A-3', 2, { caller: relief, at: '2026-01-02T00:00:00Z' }),
      entry('A-4', 3, { caller: relief, at: '2026-01-02T00:00:00Z' }),
      entry('A-5', 4, { caller: tax, at: '2026-01-03T00:00:00Z' }),
    ]);
});
afterAll(() => exchange.close());

async function all(query: string, field: string, caller: Caller): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | undefined; ;) {
    const { data, errors } = await exchange.ask(query, { after }, { caller });
    expect(errors).toBeUndefined();
    const list = data?.[field] as List;
    ids.push(...list.edges.map(({ node }) => node.id));
    if (!list.pageInfo.hasNextPage) return ids;
    after = list.pageInfo.endCursor;
  }
}

describe('the lists of exchange', () => {
  it('show grants to the department that holds them or gave them, and to auditors', async () => {
    expect(await all(GRANTS, 'grants', relief)).toEqual(['G-1', 'G-3', 'G-4']);
    expect(await all(GRANTS, 'grants', tax)).toEqual(['G-2']);
    expect(await all(GRANTS, 'grants', { ...relief, department: 'public-security' })).toEqual([
      'G-1',
      'G-2',
      'G-3',
      'G-4',
    ]);
    expect(await all(GRANTS, 'grants', auditor)).toEqual(['G-1', 'G-2', 'G-3', 'G-4']);
    expect(await all(GRANTS, 'grants', { ...relief, department: 'health-commission' })).toEqual([]);
  });

  it('show a department its own entries and an auditor all, newest first, page after page', async () => {
    expect(await all(ENTRIES, 'auditEntries', relief)).toEqual(['A-4', 'A-3', 'A-2', 'A-1']);
    expect(await all(ENTRIES, 'auditEntries', auditor)).toEqual(['A-5', 'A-4', 'A-3', 'A-2', 'A-1']);
    expect(await all(ENTRIES, 'auditEntries', { ...relief, department: 'health-commission' })).toEqual([]);
  });

  it('say which divisions of a grant were split since, and nothing of those that were only renamed', async () => {
    const query = (id: string) => `{ grant(id: "${id}") { divisions needsConfirmation { code successors } } }`;
    const { data } = await exchange.ask(query('G-4'), {}, { caller: relief });
    expect(data?.['grant']).toEqual({
      divisions: ['532331', '230711'],
      needsConfirmation: [{ code: '230711', successors: ['230717', '230718'] }],
    });
    expect((await exchange.ask(query('G-1'), {}, { caller: relief })).data?.['grant']).toMatchObject({
      needsConfirmation: [],
    });
  });

  it('refuse the cursor of another list', async () => {
    const { data } = await exchange.ask(GRANTS, {}, { caller: relief });
    const { cursor } = (data?.['grants'] as List).edges[0] ?? { cursor: '' };
    const { codes } = await exchange.ask(ENTRIES, { after: cursor }, { caller: relief });
    expect(codes).toEqual(['BAD_CURSOR']);
  });
});
