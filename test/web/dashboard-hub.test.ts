import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { today } from '../../lib/today.ts';
import { askGateway } from '../../scripts/ask-gateway.ts';
import { askFor } from '../../web/ask.ts';
import { answerSchema, type Answer } from '../../web/dashboard/answer.ts';
import { operationOf, type Wish } from '../../web/dashboard/query.ts';
import { type SeededHub, seededHub } from '../support/seeded-hub.ts';
import { look } from './dashboard-visit.ts';

const LEADER = {
  department: 'government-office',
  application: 'dashboard',
  purpose: 'leaders-statistics',
  roles: ['leader'],
};

let hub: SeededHub;

beforeAll(async () => {
  hub = await seededHub({ persons: 4_000 });
  const counted = /^(Division|DivisionAt|DerivedIndicator|(Population|LegalPerson|Parcel|Complaint|Archive)Count)\./;
  const items = [...hub.policy.items.values()].filter(
    (item) => item.class === 'CONDITIONAL' && counted.test(item.coordinate),
  );
  const owners = [...new Set(items.map(({ owner }) => owner))];
  hub.setGrants(
    owners.map((owner) => ({
      id: `G-${owner}`,
      ...{ owner, department: LEADER.department, application: LEADER.application, purpose: LEADER.purpose },
      items: items
        .filter((item) => item.owner === owner)
        .map(({ coordinate }) => ({ coordinate, uses: ['OUTPUT'] as const })),
      divisions: ['532300'],
    })),
  );
}, 180_000);
afterAll(() => hub.close());

/** The page's own question, through the endpoint like any caller's. */
async function ask(wish: Wish, caller: typeof LEADER = LEADER): Promise<Answer> {
  const { query, variables } = operationOf(wish, { now: Date.now(), latest: today().slice(0, 7) });
  const { data, errors } = await askFor<unknown>(askGateway(hub.gateway), {
    authorization: `Bearer ${await hub.token(caller)}`,
    body: { query, variables },
    address: '127.0.0.1',
    requestId: randomUUID(),
    signal: new AbortController().signal,
  });
  return answerSchema.parse({ data, errors });
}

/** Messages of an answer, each once. */
const messages = ({ errors }: Answer): string[] => [...new Set((errors ?? []).map(({ message }) => message))];

describe('the question of the dashboard', () => {
  it.each([
    ['a prefecture', { division: '532300' }],
    ['a county beside another', { division: '532301', beside: '532302' }],
    ['a county', { division: '532302' }],
  ])('is answered without an error for %s', async (_name, wish) => {
    const answer = await ask(wish);
    expect(messages(answer)).toEqual([]);
    expect(answer.data?.division?.residents?.[0]?.about).toMatchObject({ source: 'public-security', release: 1 });
  });
});

describe('a township', () => {
  it('is answered for what is published of it, without an error', async () => {
    const county = await ask({ division: '532301' });
    const division = county.data?.division?.children?.edges?.[0]?.node?.code ?? '';
    expect(division).toMatch(/^532301\d{3}$/);
    const answer = await ask({ division });
    expect(messages(answer)).toEqual([]);
    const { page } = await look(answer, `division=${division}`);
    expect(page).toContain('panel-age');
    expect(page).not.toContain('panel-industry');
  });
});

describe('the page over a hub', () => {
  it('shows every department of the prefecture, each number from its release', async () => {
    const answer = await ask({ division: '532300' });
    const { page, csv } = await look(answer);
    for (const department of ['Public Security', 'Market Regulation', 'Natural Resources', 'Archives'])
      expect(page).toContain(department);
    expect(page).toContain('Statistical release 1');
    const counties = await csv('counties');
    expect(counties).toContain('禄丰市');
  });

  it('says that a month has no release, and keeps the series', async () => {
    const answer = await ask({ division: '532300', period: '2019-01' });
    const { page } = await look(answer, 'period=2019-01');
    expect(page).toContain('No statistical release of that month has this table');
    expect(page).toContain('chart-GE001');
    expect(page).not.toContain('does not answer');
  });

  it('shows a caller without the grants what is published to all, and of the rest whom to ask', async () => {
    const answer = await ask({ division: '532300' }, { ...LEADER, application: 'another' });
    const { page } = await look(answer);
    expect(page).toContain('Public Security Bureau has not granted this to the application (NO_GRANT)');
    expect(page).toContain('chart-GE001');
    expect(page).not.toMatch(/data-figure="people"[\s\S]{0,400}\d{3} <small>persons/);
  });
});
