import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lint } from '../../schema/lint/lint.ts';
import { discoverSubgraphs } from '../../scripts/subgraphs.ts';
import { type ComplaintRecord, models } from '../../subgraphs/hotline/models.ts';
import { definition } from '../../subgraphs/hotline/subgraph.ts';
import { dueOn, isOverdue } from '../../subgraphs/hotline/terms.ts';
import { topics } from '../../subgraphs/hotline/topics.ts';
import { addWorkingDays, isWorkingDay } from '../../subgraphs/hotline/working-days.ts';
import { release } from '../support/build-cubes.ts';
import { planOf } from '../support/explain.ts';
import { type SmallHub, smallHub } from '../support/small-hub.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';

let subgraph: RunningSubgraph;
let hub: SmallHub;

const numberOf = (number: number): string => `202510152301${String(number).padStart(6, '0')}`;

function complaint(number: number, fields: Partial<ComplaintRecord> = {}): ComplaintRecord {
  return {
    // Scattered, as random references are.
    _id: ((number * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0').repeat(4),
    number: numberOf(number),
    division: '532301101001',
    county: '532301',
    kind: 'HELP',
    topic: '0101',
    text: '来电人反映鹿城镇供水问题，已持续三天无人处理，可联系李四核实，请求帮助解决。',
    callerName: '张三丰',
    callerPhone: '19000001234',
    confidential: false,
    unitName: '楚雄市住房和城乡建设局',
    receivedAt: new Date('2025-10-15T02:00:00Z'),
    dueOn: '2025-10-22',
    state: 'ASSIGNED',
    updatedAt: new Date('2025-10-16T02:00:00Z'),
    ...fields,
  };
}

beforeAll(async () => {
  subgraph = await startSubgraph(definition, models);
  await models(subgraph.connection).complaints.insertMany([
    ...Array.from({ length: 20 }, (_, index) => complaint(index + 1)),
    ...Array.from({ length: 12 }, (_, index) => complaint(100 + index, { topic: '0102', kind: 'GRIEVANCE' })),
    complaint(50, { topic: '0601', kind: 'REPORT', confidential: true, unitUscc: '11532301015174238K' }),
    complaint(51, { topic: '9901', state: 'CLOSED', closedAt: new Date('2025-10-23T02:00:00Z'), satisfied: false }),
    complaint(60, { county: '532302', division: '532302100' }),
  ]);
  await release([{ definition, connection: subgraph.connection }]);
  hub = await smallHub({ subgraphs: [{ definition, connection: subgraph.connection }] });
}, 60_000);

afterAll(async () => {
  await hub.close();
  await subgraph.close();
});

describe('the schema of the hotline', () => {
  it('breaks no rule, not even softly', async () => {
    const found = lint(await discoverSubgraphs()).filter((each) => each.subgraph === 'hotline');
    expect(found.filter(({ severity }) => severity !== 'NOTE')).toEqual([]);
  });
});

describe('a look-up by number', () => {
  const find = (number: number, fields: string, asking = {}) =>
    subgraph.ask(`{ complaint(number: "${numberOf(number)}") { ${fields} } }`, {}, asking);

  it('finds the complaint with its topic, its term and its state, in one read', async () => {
    subgraph.reads();
    const { data } = await find(
      51,
      'number kind topic { code } dueOn state closedAt overdue satisfied inScope unitName',
    );
    expect(data?.['complaint']).toEqual({
      number: numberOf(51),
      kind: 'HELP',
      // A code of the list of before is no topic of the present one.
      topic: null,
      dueOn: '2025-10-22',
      state: 'CLOSED',
      closedAt: '2025-10-23T02:00:00.000Z',
      overdue: true,
      satisfied: false,
      inScope: true,
      unitName: '楚雄市住房和城乡建设局',
    });
    const reads = subgraph.reads();
    expect(reads).toHaveLength(1);
    for (const read of reads) expect(await planOf(subgraph.connection, read)).toMatchObject({ docsExamined: 1 });
    expect((await find(1, 'topic { code title group }')).data).toEqual({
      complaint: { topic: { code: '0101', title: '供水', group: '01' } },
    });
  });

  it('tells who called in confidence to the hotline alone, whoever has a grant', async () => {
    const caller = (department: string) => ({
      caller: { department, application: 'a', purpose: 'p', roles: [] },
    });
    const fields = 'callerName callerPhone confidential unit { uscc }';
    const unit = { uscc: '11532301015174238K' };
    expect((await find(50, fields, caller('market-regulation'))).data).toEqual({
      complaint: { callerName: null, callerPhone: null, confidential: true, unit },
    });
    expect((await find(50, fields, caller('government-hotline'))).data).toEqual({
      complaint: { callerName: '张三丰', callerPhone: '19000001234', confidential: true, unit },
    });
    expect((await find(1, fields, caller('market-regulation'))).data).toMatchObject({
      complaint: { callerName: '张三丰', confidential: false, unit: null },
    });
    // The stored flag decides, whether it is asked for or not.
    expect((await find(50, 'callerName')).data).toEqual({ complaint: { callerName: null } });
  });

  it('answers null for one that does not exist and for one outside the scope, in the same words', async () => {
    const unknown = await find(999, 'number', { divisions: ['532302'] });
    expect(await find(1, 'number', { divisions: ['532302'] })).toEqual(unknown);
    expect(unknown.data).toEqual({ complaint: null });
  });

  it('refuses what is no number, and says what to give', async () => {
    const { codes, errors } = await subgraph.ask('{ complaint(number: "12345") { number } }');
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(errors?.[0]?.message).toBe('number: not a number of the hotline. Give its 18 digits.');
  });

  it('gives another id to each consumer and purpose, and the same one again', async () => {
    const idFor = async (department: string, purpose: string) => {
      const caller = { department, application: 'a', purpose, roles: [] };
      return (await find(1, 'id', { caller })).data?.['complaint'];
    };
    const first = await idFor('tax-bureau', 'p');
    expect(await idFor('tax-bureau', 'p')).toEqual(first);
    expect(await idFor('tax-bureau', 'q')).not.toEqual(first);
    expect(await idFor('archives-bureau', 'p')).not.toEqual(first);
  });
});

describe('a list of complaints', () => {
  const list = async (args: string, asking = {}) =>
    (await subgraph.ask(`{ complaints(${args}) { totalCount edges { node { number } } } }`, {}, asking)).data?.[
      'complaints'
    ] as { totalCount: number; edges: { node: { number: string } }[] };

  it('is of a division, a topic or a whole group, and a state', async () => {
    expect(await list('division: "532300"')).toMatchObject({ totalCount: 35 });
    expect(await list('division: "532301", topic: "0102"')).toMatchObject({ totalCount: 12 });
    expect(await list('division: "532301", topic: "01"')).toMatchObject({ totalCount: 32 });
    expect(await list('division: "532301", state: CLOSED')).toMatchObject({
      totalCount: 1,
      edges: [{ node: { number: numberOf(51) } }],
    });
  });

  it('stays inside the scope', async () => {
    const asking = { divisions: ['532302'] };
    expect(await list('division: "532300"', asking)).toEqual({
      totalCount: 1,
      edges: [{ node: { number: numberOf(60) } }],
    });
    expect(await list('division: "532301"', asking)).toEqual({ totalCount: 0, edges: [] });
  });

  it('comes to each consumer in an order of its own', async () => {
    const numbers = async (department: string) => {
      const caller = { department, application: 'a', purpose: 'p', roles: [] };
      return (await list('division: "532300", first: 200', { caller })).edges.map(({ node }) => node.number);
    };
    const one = await numbers('tax-bureau');
    const other = await numbers('archives-bureau');
    expect(other).not.toEqual(one);
    expect([...other].sort()).toEqual([...one].sort());
  });

  it('refuses a topic that is not in the list', async () => {
    const { errors, codes } = await subgraph.ask('{ complaints(division: "532300", topic: "9901") { totalCount } }');
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(errors?.[0]?.message).toMatch(/^topic: not in the list of topics\. Give a code that complaintTopics shows/);
  });

  it('of one topic enters an index', async () => {
    subgraph.reads();
    await list('division: "532301", topic: "0102"');
    for (const read of subgraph.reads()) {
      const plan = await planOf(subgraph.connection, read);
      expect(plan.indexes).not.toContain('COLLSCAN');
      expect(plan.docsExamined).toBeLessThanOrEqual(12);
    }
  });
});

describe('counts of complaints', () => {
  const counts = (by: string, asking = {}) =>
    subgraph.ask(
      `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Division {
        complaints(by: [${by}]) { topic { title } kind state count suppressed } } } }`,
      { refs: ['532301', '532302'].map((code) => ({ __typename: 'Division', code })) },
      asking,
    );

  it('are of whole divisions by groups of topics, and withhold small cells with what would tell them', async () => {
    const [county, lufeng] = (await counts('')).data?.['_entities'] as { complaints: { count: number | null }[] }[];
    // 34 and 1 of 35 that are shown of the prefecture: neither may be.
    expect([county?.complaints, lufeng?.complaints]).toMatchObject([[{ count: null }], [{ count: null }]]);
    const [byTopic] = (await counts('TOPIC')).data?.['_entities'] as { complaints: unknown[] }[];
    const shown = byTopic?.complaints as { topic: { title: string } | null; count: number | null }[];
    expect(shown.map(({ topic }) => topic?.title ?? null)).toEqual(['城乡建设', '生态环境', null]);
    expect(shown.slice(1)).toMatchObject([{ count: null }, { count: null }]);
  });

  it('are refused of a division that is not wholly in scope, of a dimension named twice and of a table that is not listed', async () => {
    expect((await counts('', { divisions: ['532302'] })).codes).toEqual(['PARTIAL_SCOPE']);
    for (const by of ['STATE, STATE', 'TOPIC, KIND', 'TOPIC, KIND, STATE'])
      expect((await counts(by)).codes).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
  });
});

describe('through the gateway', () => {
  const query = `{ complaint(number: "${numberOf(1)}") { division text callerName callerPhone topic { title } } }`;
  const items = [
    { coordinate: 'Query.complaint', uses: ['OUTPUT'] as const },
    { coordinate: 'Complaint.number', uses: ['LOOKUP'] as const },
    { coordinate: 'Complaint.topic', uses: ['OUTPUT'] as const },
  ];

  it('masks who called and refuses the text without a grant for them, and shows both with one', async () => {
    hub.setGrants([{ items }]);
    const { data, errors } = await hub.ask(query);
    const shown = { division: '532301101001', topic: { title: '供水' } };
    expect(data).toEqual({ complaint: { ...shown, text: null, callerName: '张*', callerPhone: '190****1234' } });
    expect(errors?.map(({ extensions }) => [extensions['coordinate'], extensions['reason']])).toEqual([
      ['Complaint.text', 'NO_GRANT'],
    ]);
    expect(hub.fetches.at(-1)?.query).not.toContain('text');
    expect(hub.entries.at(-1)?.items).toMatchObject({ masked: ['Complaint.callerName', 'Complaint.callerPhone'] });

    const more = ['text', 'callerName', 'callerPhone'].map((field) => ({
      coordinate: `Complaint.${field}`,
      uses: ['OUTPUT'] as const,
    }));
    hub.setGrants([{ items: [...items, ...more] }]);
    const plain = await hub.ask(query);
    expect(plain.errors).toBeUndefined();
    expect(plain.data?.['complaint']).toMatchObject({
      callerName: '张三丰',
      text: expect.stringContaining('供水') as string,
    });
    expect(hub.entries.at(-1)?.subjects).toHaveLength(1);
  });

  it('shows nothing without a grant, of another county, or to a leader', async () => {
    hub.setGrants([{ items, divisions: ['532302'] }]);
    expect((await hub.ask(query)).data).toEqual({ complaint: null });
    hub.setGrants([{ items }]);
    const leader = await hub.ask(query, { caller: { roles: ['leader'] } });
    expect(leader.data).toBeUndefined();
    hub.setGrants([]);
    hub.fetches.length = 0;
    const { data, errors } = await hub.ask(query);
    expect(data).toEqual({ complaint: null });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_SHARED', reason: 'NO_GRANT' });
    expect(hub.fetches).toEqual([]);
  });

  it('shows the list of topics to every department', async () => {
    hub.setGrants([]);
    const { data, errors } = await hub.ask('{ complaintTopics { code title group } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({ complaintTopics: topics });
    expect(new Set(topics.map(({ code }) => code)).size).toBe(topics.length);
    for (const { code, group } of topics) expect(code.slice(0, 2)).toBe(group ?? code);
  });
});

describe('the terms', () => {
  it('leave out weekends and public holidays, and count weekends that are worked', () => {
    // Spring Festival of 2025: off from 28 January to 4 February, worked on Saturday 8 February.
    expect(['2025-01-27', '2025-01-28', '2025-02-05', '2025-02-08', '2025-02-09'].map(isWorkingDay)).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
    expect(addWorkingDays('2025-01-27', 1)).toBe('2025-02-05');
    expect(addWorkingDays('2025-01-27', 5)).toBe('2025-02-10');
    // The autumn of 2023: eight days off, then a whole weekend worked.
    expect(addWorkingDays('2023-09-28', 2)).toBe('2023-10-08');
    // A year whose calendar is not known has Mondays to Fridays.
    expect(addWorkingDays('2031-10-03', 1)).toBe('2031-10-06');
  });

  it('begin on the day after, as days are in China', () => {
    // 23:30 on Friday in UTC is Saturday morning in China; the term begins all the same on Monday.
    expect(dueOn('CONSULTATION', new Date('2025-10-17T23:30:00Z'))).toBe('2025-10-20');
    expect(dueOn('CONSULTATION', new Date('2025-10-16T15:59:00Z'))).toBe('2025-10-17');
    expect(dueOn('CONSULTATION', new Date('2025-10-16T16:00:00Z'))).toBe('2025-10-20');
    expect(dueOn('HELP', new Date('2025-10-15T02:00:00Z'))).toBe('2025-10-22');
  });

  it('are broken by an answer after the last day and by none, and never by what was taken back', () => {
    const late = { closedAt: new Date('2025-10-22T16:00:00Z'), state: 'CLOSED' as const };
    expect(isOverdue(complaint(1, late), '2026-01-01')).toBe(true);
    expect(isOverdue(complaint(1, { ...late, closedAt: new Date('2025-10-22T15:59:00Z') }), '2026-01-01')).toBe(false);
    expect(isOverdue(complaint(1), '2025-10-22')).toBe(false);
    expect(isOverdue(complaint(1), '2025-10-23')).toBe(true);
    expect(isOverdue(complaint(1, { state: 'WITHDRAWN' }), '2026-01-01')).toBe(false);
  });
});
