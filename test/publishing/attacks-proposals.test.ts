import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
import { signed } from '../../sharing/publishing/proposal-signature.ts';
import type { ProposalRecord } from '../../sharing/store/publishing-models.ts';
import { changed, people, WITH_NICKNAME } from './people.ts';

const MARKET = { ...PUBLISHER, department: 'market-regulation', officer: 'qian' };
const MARKET_SECOND = { ...MARKET, officer: 'sun' };
const FIRMS = `"A firm."
type Firm @key(fields: "id") @sharing(class: CONDITIONAL) {
  "Its number."
  id: ID! @sharing(class: UNCONDITIONAL)
  "What it calls itself."
  title: String
}

type Query {
  "All of them."
  firms: [Firm] @sharing(class: UNCONDITIONAL)
}
`;
const firms = {
  ...people,
  ...{ name: 'firms', owner: 'market-regulation', sdl: FIRMS },
  open: () => ({ loaders: () => ({}), resolvers: { Query: { firms: () => [{ id: 'f1', title: '云厂' }] } } }),
};
const UNMASKED = changed('name: String @sharing(class: CONDITIONAL, mask: NAME)', 'name: String', WITH_NICKNAME);
const phoneWithheld = changed(
  'phone: String @sharing(class: CONDITIONAL)',
  'phone: String @sharing(class: WITHHELD, basis: "a law")',
  WITH_NICKNAME,
);
const firmsWithheld = changed('title: String', 'title: String @sharing(class: WITHHELD, basis: "a law")', FIRMS);

let hub: PublishingHub;
let marketKey: Awaited<ReturnType<typeof newKey>>;

beforeAll(async () => {
  hub = await publishingHub([people, firms]);
  marketKey = await newKey();
  await hub.ask(
    'mutation ($x: String!) { registerPublishingKey(department: "market-regulation", x: $x, days: 1) { id } }',
    OPERATOR,
    { x: marketKey.x },
  );
}, 60_000);
afterAll(() => hub.close());

const inForce = (number: number | undefined) =>
  expect.poll(() => hub.served(), { timeout: 5_000, interval: 20 }).toBe(number);

async function publish(sdl: string, options: Parameters<PublishingHub['publish']>[1] = {}): Promise<Published> {
  const { published, errors } = await hub.publish(sdl, options);
  expect(errors).toBeUndefined();
  if (published.outcome === 'RELEASED') await inForce(published.release?.number);
  return published;
}

async function operate(mutation: string): Promise<Published> {
  const { data, errors } = await hub.ask(`mutation { done: ${mutation} { ${PUBLICATION} } }`, OPERATOR);
  expect(errors).toBeUndefined();
  const done = data?.['done'] as Published;
  if (done.outcome === 'RELEASED') await inForce(done.release?.number);
  return done;
}

const approve = async (id: string | undefined, claims: typeof SECOND) => {
  const { data, errors } = await hub.ask('mutation ($id: ID!) { approveProposal(proposal: $id) { state } }', claims, {
    id,
  });
  return { state: (data?.['approveProposal'] as { state?: string } | null)?.state, problem: errors?.[0]?.message };
};

/** A proposal as the hub itself would have written it. */
async function rewrite(id: string | undefined, change: Partial<ProposalRecord>): Promise<void> {
  const record = await hub.models.proposals.findById(id).lean();
  if (!record) throw new Error('no such proposal');
  await hub.models.proposals.replaceOne({ _id: record._id }, await signed({ ...record, ...change }, hub.releaseKeys));
}

/** A proposal that opens an item of each of two owners. */
async function opensBoth(): Promise<string | undefined> {
  const open = hub.served();
  await publish(phoneWithheld);
  await publish(firmsWithheld, { subgraph: 'firms', claims: MARKET, key: marketKey });
  const { proposal } = await operate(`rollBack(number: ${open}, message: "a mistake")`);
  expect(proposal?.owners).toEqual(['market-regulation', 'public-security']);
  return proposal?.id;
}

describe('a proposal', { timeout: 60_000 }, () => {
  it('is not approved for two owners by one person, however the name is written', async () => {
    const id = await opensBoth();
    expect(await approve(id, MARKET_SECOND)).toEqual({ state: 'PENDING', problem: undefined });
    for (const officer of ['sun', 'S\u200bUN', 's un'])
      expect((await approve(id, { ...SECOND, officer })).problem).toContain('the same person');
    expect(await approve(id, SECOND)).toEqual({ state: 'APPROVED', problem: undefined });
    await inForce(hub.served());
  });

  it('that two owners approve at one moment is released', async () => {
    await expect.poll(() => hub.models.proposals.countDocuments({ state: 'APPROVED' })).toBe(1);
    await inForce(4);
    const id = await opensBoth();
    const both = await Promise.all([approve(id, SECOND), approve(id, MARKET_SECOND)]);
    expect(both.map(({ state }) => state)).toContain('APPROVED');
    expect(await hub.models.proposals.findById(id).lean()).toMatchObject({ state: 'APPROVED', release: 7 });
    await inForce(7);
  });

  it('that all have approved when the hub dies is not left behind: any of them decides', async () => {
    const { proposal } = await publish(UNMASKED);
    const approvals = [{ owner: 'public-security', officer: 'x', at: new Date() }];
    await rewrite(proposal?.id, { approvals });
    const { data } = await hub.ask(
      'mutation ($id: ID!) { refuseProposal(proposal: $id, reason: "names stay masked") { state } }',
      SECOND,
      { id: proposal?.id },
    );
    expect(data).toEqual({ refuseProposal: { state: 'REFUSED' } });
  });

  it('that was changed in the store is approved by nobody', async () => {
    const id = await opensBoth();
    const number = hub.served();
    const record = await hub.models.proposals.findById(id).lean();
    if (!record) throw new Error('no such proposal');
    const { restores = 0, rights, after } = record;
    const changes: readonly Partial<ProposalRecord>[] = [
      { approvals: [{ owner: MARKET.department, officer: 'sun', at: new Date() }] },
      { owners: [PUBLISHER.department] },
      { restores: restores - 1 },
      { rights: rights.slice(1) },
      { after: after - 1 },
      { officer: 'nobody' },
    ];
    for (const change of changes) {
      await hub.models.proposals.replaceOne({ _id: record._id }, { ...record, ...change });
      expect((await approve(id, SECOND)).problem).toContain('is not as the hub wrote it');
    }
    expect(hub.served()).toBe(number);
    // As it was, it is approved: nothing else held it up.
    await hub.models.proposals.replaceOne({ _id: record._id }, record);
    expect((await approve(id, MARKET_SECOND)).problem).toBeUndefined();
    expect(await approve(id, SECOND)).toEqual({ state: 'APPROVED', problem: undefined });
    await inForce(number + 1);
  });

  it('is one of few that wait: a department cannot fill the store with them', async () => {
    const { proposal } = await publish(UNMASKED);
    const record = await hub.models.proposals.findById(proposal?.id).lean();
    if (!record) throw new Error('no such proposal');
    const waiting = Array.from({ length: 20 }, (_, number) => ({ ...record, _id: `P-${number}` }));
    await hub.models.proposals.insertMany(waiting);
    const { errors } = await hub.publish(UNMASKED, { message: 'once more' });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('wait already') as string,
      extensions: { code: 'CONFLICT' },
    });
    await hub.models.proposals.deleteMany({ _id: { $in: waiting.map(({ _id }) => _id) } });
  });

  it('puts nothing back that was published since it was made', async () => {
    const { proposal } = await publish(UNMASKED);
    await publish(changed('"Everybody."', '"All of them."', WITH_NICKNAME));
    const number = hub.served();
    expect((await approve(proposal?.id, SECOND)).problem).toContain('people changed since it was made');
    expect(hub.served()).toBe(number);
    expect((await hub.ask('{ people { name } }', CONSUMER)).data).toEqual({ people: [{ name: '张*' }] });
  });

  it('of a department opens nothing that has another owner by now', async () => {
    const { proposal } = await publish(UNMASKED);
    const number = hub.served() + 1;
    const given = await operate('transferSubgraph(name: "people", owner: "health-commission", reason: "a reform")');
    expect((await approve(given.proposal?.id, SECOND)).problem).toBeUndefined();
    await inForce(number);
    expect((await approve(proposal?.id, SECOND)).problem).toContain('proposal: ');
    expect((await hub.ask('{ people { name } }', CONSUMER)).data).toEqual({ people: [{ name: '张*' }] });
  });
});

describe('a publishing key', { timeout: 60_000 }, () => {
  it('that was revoked does not come back under another spelling of it', async () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const other = `${hub.key.x.slice(0, -1)}${letters[letters.indexOf(hub.key.x.at(-1) ?? '') + 1] ?? ''}`;
    expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(hub.key.x, 'base64url'));
    const { errors } = await hub.ask(
      'mutation ($x: String!) { registerPublishingKey(department: "public-security", x: $x, days: 1) { id } }',
      OPERATOR,
      { x: other },
    );
    expect(errors?.[0]?.message).toContain('x: not the public half');
  });
});

describe('who can write the store', { timeout: 60_000 }, () => {
  it('opens nothing by taking releases away', async () => {
    const number = hub.served();
    const release = await hub.models.releases.findById(number).lean();
    await hub.models.releases.deleteOne({ _id: number });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(hub.served()).toBe(number);
    expect((await hub.ask('{ people { name } }', CONSUMER)).data).toEqual({ people: [{ name: '张*' }] });
    if (release) await hub.models.releases.create([release]);
  });
});
