import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeGrant } from '../../sharing/store/grant-store.ts';
import {
  CONSUMER,
  newKey,
  OPERATOR,
  PUBLICATION,
  type Published,
  PUBLISHER,
  type PublishingHub,
  publishingHub,
  SECOND,
} from '../support/publishing-hub.ts';
import { people, SDL, WITH_NICKNAME } from './people.ts';

const HEALTH = { ...PUBLISHER, department: 'health-commission', officer: 'sun' };

/** A second register of the same owner. */
const firms = {
  ...people,
  name: 'firms',
  sdl: `"A firm."\ntype Firm @key(fields: "id") @sharing(class: CONDITIONAL) {\n  "Its number."\n  id: ID! @sharing(class: UNCONDITIONAL)\n  "Its name."\n  title: String\n}\n\ntype Query {\n  "All of them."\n  firms: [Firm] @sharing(class: UNCONDITIONAL)\n}\n`,
  open: () => ({ loaders: () => ({}), resolvers: { Query: { firms: () => [{ id: 'f1', title: '云厂' }] } } }),
};

let hub: PublishingHub;

beforeAll(async () => {
  hub = await publishingHub([people, firms]);
  const both = ['Person.phone', 'Firm.title'].map((coordinate) => ({ coordinate, uses: ['OUTPUT'] as const }));
  const holder = { owner: 'public-security', ...CONSUMER, purpose: 'low-income-check', basis: 'a law' };
  const term = { divisions: ['532300'], validFrom: 0, validUntil: Date.now() + 3_600_000 };
  await storeGrant(hub.models, { id: 'G-both', ...holder, items: both, ...term });
  await storeGrant(hub.models, { id: 'G-one', ...holder, items: both.slice(0, 1), ...term });
}, 60_000);
afterAll(() => hub.close());

const seen = async (query: string) => (await hub.ask(query, CONSUMER)).data;
const inForce = (number: number | undefined) =>
  expect.poll(() => hub.served(), { timeout: 5_000, interval: 20 }).toBe(number);

async function operate(mutation: string, claims = OPERATOR) {
  const { data, errors } = await hub.ask(`mutation { done: ${mutation} { ${PUBLICATION} } }`, claims);
  return { done: data?.['done'] as Published, problem: errors?.[0] };
}

describe('a subgraph that another department takes over', { timeout: 60_000 }, () => {
  const everything = { people: [{ phone: '13800001234' }], firms: [{ title: '云厂' }] };
  const query = '{ people { phone } firms { title } }';

  it('is proposed by who runs the hub alone', async () => {
    const transfer = 'transferSubgraph(name: "people", owner: "health-commission", reason: "a reform")';
    for (const claims of [PUBLISHER, { ...PUBLISHER, roles: ['hub-operator'] }])
      expect((await operate(transfer, claims)).problem).toBeDefined();
    expect(await hub.models.registrations.findById('people').lean()).toMatchObject({ owner: 'public-security' });
  });

  it('takes its grants along, the shared one divided, and nobody loses what was granted', async () => {
    await expect.poll(() => seen(query), { timeout: 5_000 }).toEqual(everything);
    const { done } = await operate('transferSubgraph(name: "people", owner: "health-commission", reason: "a reform")');
    expect(done).toMatchObject({ outcome: 'PROPOSED', proposal: { owners: ['public-security'] } });
    const approve = 'mutation ($id: ID!) { approveProposal(proposal: $id) { state release transferTo } }';
    const id = { id: done.proposal?.id };
    for (const claims of [OPERATOR, { ...SECOND, department: 'health-commission' }])
      expect((await hub.ask(approve, claims, id)).errors).toHaveLength(1);
    expect((await hub.ask(approve, SECOND, id)).data).toEqual({
      approveProposal: { state: 'APPROVED', release: 2, transferTo: 'health-commission' },
    });
    await inForce(2);
    await expect.poll(() => seen(query), { timeout: 5_000 }).toEqual(everything);
    const grants = await hub.models.grants.find().sort({ _id: 1 }).lean();
    expect(grants.map(({ _id, owner, items }) => [_id, owner, items.map(({ coordinate }) => coordinate)])).toEqual([
      ['G-both', 'public-security', ['Firm.title']],
      ['G-both-health-commission', 'health-commission', ['Person.phone']],
      ['G-one', 'health-commission', ['Person.phone']],
    ]);
  });

  it('is published by its new owner and no more by the old one, whose keys are worth nothing for it', async () => {
    expect((await hub.publish(SDL)).errors?.[0]?.extensions['code']).toBe('NOT_FOUND');
    expect((await hub.publish(SDL, { claims: HEALTH })).errors?.[0]?.extensions['code']).toBe('PROOF_REFUSED');
    const key = await newKey();
    await hub.ask(
      'mutation ($x: String!) { registerPublishingKey(department: "health-commission", x: $x, days: 1) { id } }',
      OPERATOR,
      { x: key.x },
    );
    const { published } = await hub.publish(SDL, { claims: HEALTH, key });
    expect(published).toMatchObject({ outcome: 'RELEASED', release: { number: 3 } });
    await inForce(3);
  });

  it('stays with its new owner when an earlier release is brought back', async () => {
    const { done } = await operate('rollBack(number: 1, message: "a mistake")');
    expect(done).toMatchObject({ outcome: 'RELEASED', release: { number: 4 } });
    await inForce(4);
    const { subgraphs } = (await hub.models.releases.findById(4).lean()) ?? { subgraphs: [] };
    expect(subgraphs.find(({ name }) => name === 'people')?.owner).toBe('health-commission');
    expect((await hub.publish(WITH_NICKNAME)).errors?.[0]?.extensions['code']).toBe('NOT_FOUND');
    await expect.poll(() => seen(query), { timeout: 5_000 }).toEqual(everything);
  });
});

describe('a subgraph that is taken out', { timeout: 60_000 }, () => {
  it('is missed by who uses it, who is told', async () => {
    const { done } = await operate('withdrawSubgraph(name: "firms", message: "moved")');
    expect(done.outcome).toBe('BREAKING');
    expect(done.check?.impacts.flatMap(({ grants }) => grants)).toContain('G-both');
    const gone = await operate('withdrawSubgraph(name: "firms", message: "moved", breaking: "ask the province")');
    expect(gone.done).toMatchObject({ outcome: 'RELEASED', release: { number: 5 } });
    await inForce(5);
    expect((await hub.ask('{ firms { title } }', CONSUMER)).errors?.[0]?.extensions['code']).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
    const { data } = await hub.ask('{ notices { edges { node { release reason } } } }', CONSUMER);
    expect(data?.['notices']).toEqual({ edges: [{ node: { release: 5, reason: 'ask the province' } }] });
  });

  it('comes back by being published again, with the grants on its items', async () => {
    const { published } = await hub.publish(firms.sdl, { subgraph: 'firms', url: 'http://127.0.0.1:9/graphql' });
    expect(published).toMatchObject({ outcome: 'RELEASED' });
    await inForce(published.release?.number);
    const { data } = await hub.ask('{ grant(id: "G-both") { suspended } }', SECOND);
    expect(data).toEqual({ grant: { suspended: [] } });
    const kept = await operate('withdrawSubgraph(name: "exchange", message: "no")');
    expect(kept.problem?.message).toContain('cannot do without exchange');
  });
});
