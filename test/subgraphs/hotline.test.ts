import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compose } from '../../schema/compose.ts';
import { lint } from '../../schema/lint/lint.ts';
import { checkRow } from '../../scripts/import/check-row.ts';
import { complaints as imported } from '../../scripts/import/complaints.ts';
import { legalPersons as bodiesOf } from '../../scripts/seed/legal-persons.ts';
import { loadCounties } from '../../scripts/seed/places.ts';
import { population } from '../../scripts/seed/population.ts';
import { complaints as generated } from '../../scripts/seed/complaints.ts';
import { discoverSubgraphs } from '../../scripts/subgraphs.ts';
import { models, type ComplaintRecord } from '../../subgraphs/hotline/models.ts';
import { definition } from '../../subgraphs/hotline/subgraph.ts';
import { planOf } from '../support/explain.ts';
import { type SmallHub, smallHub } from '../support/small-hub.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';

let subgraph: RunningSubgraph;
let hub: SmallHub;

function row(number: number, fields: Partial<ComplaintRecord> = {}): ComplaintRecord {
  return {
    // Scattered, as random references are.
    _id: ((number * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0').repeat(4),
    number: `T-${String(number).padStart(4, '0')}`,
    division: '532301101001',
    county: '532301',
    name: '张三丰',
    phone: '19000001234',
    state: 'ACTIVE',
    registeredOn: '2024-02-29',
    updatedAt: new Date('2026-01-01T00:00:00Z'),
    ...fields,
  };
}

beforeAll(async () => {
  subgraph = await startSubgraph(definition, models);
  await models(subgraph.connection).complaints.insertMany([
    ...Array.from({ length: 24 }, (_, index) => row(index + 1)),
    ...[31, 32, 33].map((number) => row(number, { state: 'CLOSED' })),
    row(50, { county: '532302', division: '532302100' }),
  ]);
  hub = await smallHub({ subgraphs: [{ definition, connection: subgraph.connection }] });
}, 60_000);

afterAll(async () => {
  await hub.close();
  await subgraph.close();
});

describe('the schema of hotline', () => {
  it('composes with those of all departments and breaks no rule', async () => {
    const all = await discoverSubgraphs();
    const { policy } = compose(all.map((each) => ({ ...each, url: `local:${each.name}` })));
    const own = [...policy.items.values()].filter((item) => item.subgraph === definition.name);
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter((item) => item.class === undefined)).toEqual([]);
    const broken = lint(all).filter((each) => each.subgraph === definition.name && each.severity === 'ERROR');
    expect(broken).toEqual([]);
  });
});

describe('a look-up by number', () => {
  const query = (number: string) => `{ complaint(number: "${number}") { number name state registeredOn inScope } }`;

  it('finds the row, and reads no other', async () => {
    subgraph.reads();
    const { data } = await subgraph.ask(query(' T-0001 '));
    expect(data).toEqual({
      complaint: { number: 'T-0001', name: '张三丰', state: 'ACTIVE', registeredOn: '2024-02-29', inScope: true },
    });
    const reads = subgraph.reads();
    expect(reads).toHaveLength(1);
    for (const read of reads) expect(await planOf(subgraph.connection, read)).toMatchObject({ docsExamined: 1 });
  });

  it('answers null for one that does not exist and for one outside the scope, in the same words', async () => {
    const unknown = await subgraph.ask(query('T-9999'), {}, { divisions: ['532302'] });
    const elsewhere = await subgraph.ask(query('T-0001'), {}, { divisions: ['532302'] });
    expect(unknown).toEqual(elsewhere);
    expect(elsewhere.data).toEqual({ complaint: null });
  });

  it('refuses what is no number, and says what to give', async () => {
    const { codes, errors } = await subgraph.ask(query('?'));
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(errors?.[0]?.message).toMatch(/^number: .+letters and digits/);
  });

  it('gives another id to each consumer, and the same one again', async () => {
    const idFor = async (department: string) => {
      const caller = { department, application: 'a', purpose: 'p', roles: [] };
      return (await subgraph.ask('{ complaint(number: "T-0001") { id } }', {}, { caller })).data?.['complaint'];
    };
    expect(await idFor('civil-affairs')).toEqual(await idFor('civil-affairs'));
    expect(await idFor('tax-bureau')).not.toEqual(await idFor('civil-affairs'));
  });
});

describe('a list', () => {
  async function numbers(department: string, asking = {}): Promise<string[]> {
    const seen: string[] = [];
    let after = '';
    for (let pages = 0; pages < 9; pages++) {
      const caller = { department, application: 'a', purpose: 'p', roles: [] };
      const { data } = await subgraph.ask(
        `{ complaints(division: "532300", first: 10${after}) { edges { node { number } } pageInfo { hasNextPage endCursor } } }`,
        {},
        { caller, ...asking },
      );
      const { edges, pageInfo } = data?.['complaints'] as {
        edges: { node: { number: string } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
      seen.push(...edges.map(({ node }) => node.number));
      if (!pageInfo.hasNextPage) break;
      after = `, after: "${pageInfo.endCursor}"`;
    }
    return seen;
  }

  it('shows each row once, to each consumer in another order', async () => {
    const [one, again, other] = [await numbers('tax-bureau'), await numbers('tax-bureau'), await numbers('archives')];
    expect(new Set(one).size).toBe(28);
    expect(again).toEqual(one);
    expect([...other].sort()).toEqual([...one].sort());
    expect(other).not.toEqual(one);
  });

  it('stays inside the scope', async () => {
    expect(await numbers('tax-bureau', { divisions: ['532302'] })).toEqual(['T-0050']);
    expect(await numbers('tax-bureau', { divisions: [] })).toEqual([]);
  });

  it('is narrowed by state, and counted', async () => {
    const { data } = await subgraph.ask('{ complaints(division: "532301", state: CLOSED) { totalCount } }');
    expect(data).toEqual({ complaints: { totalCount: 3 } });
  });
});

describe('counts', () => {
  const counts = (by: string, asking = {}) =>
    subgraph.ask(
      `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Division { complaints(by: [${by}]) { state count suppressed } } } }`,
      { refs: ['532301', '532302'].map((code) => ({ __typename: 'Division', code })) },
      asking,
    );

  it('are of whole divisions, and withhold small cells', async () => {
    expect((await counts('')).data?.['_entities']).toEqual([
      { complaints: [{ state: null, count: 27, suppressed: null }] },
      { complaints: [{ state: null, count: null, suppressed: 'PRIMARY' }] },
    ]);
    expect((await counts('STATE')).data?.['_entities']).toMatchObject([
      {
        complaints: [
          { state: 'ACTIVE', count: 24 },
          { state: 'CLOSED', count: null, suppressed: 'PRIMARY' },
        ],
      },
      {},
    ]);
  });

  it('are refused of a division that is not wholly in scope, and of a dimension named twice', async () => {
    expect((await counts('', { divisions: ['532301101'] })).codes).toEqual(['PARTIAL_SCOPE', 'PARTIAL_SCOPE']);
    expect((await counts('STATE, STATE')).codes).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
  });
});

describe('through the gateway', () => {
  const query = '{ complaint(number: "T-0001") { division name phone state } }';
  const granted = [
    { coordinate: 'Query.complaint', uses: ['OUTPUT'] as const },
    { coordinate: 'Complaint.number', uses: ['LOOKUP'] as const },
  ];

  it('shows what is granted, masks what has a mask, refuses the rest, and records it', async () => {
    hub.setGrants([{ items: granted }]);
    const { data, errors } = await hub.ask(query);
    expect(data).toEqual({
      complaint: { division: '532301101001', name: '张*', phone: '190****1234', state: null },
    });
    expect(errors?.map(({ extensions }) => extensions['coordinate'])).toEqual(['Complaint.state']);
    expect(hub.entries.at(-1)?.items).toMatchObject({ masked: ['Complaint.name', 'Complaint.phone'] });
  });

  it('shows nothing of another county than the grant is for', async () => {
    hub.setGrants([{ items: granted, divisions: ['532302'] }]);
    expect((await hub.ask(query)).data).toEqual({ complaint: null });
  });

  it('asks the subgraph nothing without a grant, and records that', async () => {
    hub.setGrants([]);
    hub.fetches.length = 0;
    const { data, errors } = await hub.ask(query);
    expect(data).toEqual({ complaint: null });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_SHARED', reason: 'NO_GRANT' });
    expect(hub.fetches).toEqual([]);
    expect(hub.entries.at(-1)?.items?.denied).toContainEqual(
      expect.objectContaining({ coordinate: 'Query.complaint', reason: 'NO_GRANT' }),
    );
  });
});

describe('the data of hotline', () => {
  it('are generated alike from the same seed, in divisions that there are', () => {
    const make = () => {
      const dataSet = { seed: 'test', persons: 1_000, asOf: '2025-10-31' };
      const people = population(dataSet.seed, dataSet.persons, loadCounties());
      const [plan] = generated.plans({ dataSet, people, bodies: bodiesOf(people, 80, dataSet.asOf) });
      return Array.from(
        { length: plan?.units ?? 0 },
        (_, unit) => plan?.make(unit)['complaints']?.[0] as ComplaintRecord,
      );
    };
    const rows = make();
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(make()).toEqual(rows);
    expect(new Set(rows.map(({ number }) => number)).size).toBe(rows.length);
    for (const { division, county } of rows) expect(division).toMatch(new RegExp(`^${county}\\d{6}$`));
  });

  it('are imported where every field can be read, and rejected with the reason where one cannot', () => {
    const cells = ['T-0001', '张三', '13800001234', '532301101001', '有效', '2024-02-29', ''];
    const read = (changed: Record<number, string>) =>
      checkRow(
        imported,
        1,
        cells.map((cell, place) => changed[place] ?? cell),
        { today: '2026-01-01' },
      );
    expect(read({})).toMatchObject({
      prepared: { key: 'T-0001', stated: { county: '532301', state: 'ACTIVE', registeredOn: '2024-02-29' } },
    });
    expect(read({ 0: '?', 2: '12', 3: '999999' })).toMatchObject({
      rejects: [{ field: 'number' }, { field: 'phone' }, { field: 'division' }],
    });
  });
});
