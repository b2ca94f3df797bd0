import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeGrant } from '../../sharing/store/grant-store.ts';
import {
  CONSUMER,
  OPERATOR,
  PUBLICATION,
  type Published,
  PUBLISHER,
  type PublishingHub,
  publishingHub,
  SECOND,
} from '../support/publishing-hub.ts';
import { changed, people, SDL, WITH_NICKNAME } from './people.ts';

let hub: PublishingHub;

beforeAll(async () => {
  hub = await publishingHub([people]);
}, 60_000);
afterAll(() => hub.close());

const seen = async (fields: string) => hub.ask(`{ people { ${fields} } }`, CONSUMER);
const inForce = async (number: number | undefined) =>
  expect.poll(() => hub.served(), { timeout: 5_000, interval: 20 }).toBe(number);

async function rolledBack(number: number): Promise<Published> {
  const { data, errors } = await hub.ask(
    `mutation ($number: Int!) { done: rollBack(number: $number, message: "a mistake") { ${PUBLICATION} } }`,
    OPERATOR,
    { number },
  );
  expect(errors).toBeUndefined();
  return data?.['done'] as Published;
}

describe('publishing a schema', { timeout: 60_000 }, () => {
  it('begins with the release a hub was started with, signed, numbered and on record', async () => {
    const { data } = await hub.ask(
      '{ releases { edges { node { number kind inForce subgraphs { name owner url } } } } }',
      SECOND,
    );
    expect(data?.['releases']).toEqual({
      edges: [
        {
          node: {
            ...{ number: 1, kind: 'STARTED', inForce: true },
            subgraphs: [
              { name: 'exchange', owner: 'data-bureau', url: null },
              { name: 'people', owner: 'public-security', url: 'local:people' },
            ],
          },
        },
      ],
    });
  });

  it('takes away what nobody uses, without a reason', async () => {
    const { published } = await hub.publish(SDL);
    expect(published).toMatchObject({ outcome: 'RELEASED', release: { number: 2 }, check: { impacts: [] } });
    await inForce(2);
    expect((await seen('nickname')).errors?.[0]?.message).toContain('nickname');
  });

  it('makes no release where nothing is new', async () => {
    expect((await hub.publish(SDL)).published).toMatchObject({ outcome: 'UNCHANGED', release: { number: 2 } });
  });

  it('compares an item that comes back with what it was: nobody loosens it by leaving it out for a release', async () => {
    const open = changed('nickname: String @sharing(class: CONDITIONAL)', 'nickname: String', WITH_NICKNAME);
    const { published } = await hub.publish(open);
    expect(published).toMatchObject({
      outcome: 'PROPOSED',
      check: { rights: [{ coordinate: 'Person.nickname', what: 'CLASS', loosens: true }] },
    });
    expect((await hub.publish(WITH_NICKNAME)).published).toMatchObject({ outcome: 'RELEASED', release: { number: 3 } });
    await inForce(3);
  });

  it('takes away what somebody uses with a reason only, names who uses it, and tells them', async () => {
    for (let call = 0; call < 3; call += 1)
      expect((await seen('education')).data).toEqual({ people: [{ education: '本科' }] });
    const without = changed('  "Their highest degree."\n  education: String\n', '', WITH_NICKNAME);
    const { published } = await hub.publish(without);
    const consumers = [{ department: 'civil-affairs', application: 'relief', calls: 3 }];
    expect(published.outcome).toBe('BREAKING');
    expect(published.check?.impacts).toContainEqual({
      ...{ change: "Field 'education' was removed from object type 'Person'", consumers, grants: [] },
    });
    expect(hub.served()).toBe(3);

    const breaking = 'the degree is kept by another department now';
    expect((await hub.publish(without, { breaking })).published).toMatchObject({ outcome: 'RELEASED' });
    await inForce(4);
    const { data } = await hub.ask(
      '{ notices { edges { node { release application reason calls changes } } } }',
      CONSUMER,
    );
    expect(data?.['notices']).toMatchObject({
      edges: [{ node: { release: 4, application: 'relief', reason: breaking, calls: 3 } }],
    });
    const others = await hub.ask('{ notices { totalCount } }', { ...CONSUMER, department: 'education' });
    expect(others.data).toEqual({ notices: { totalCount: 0 } });
  });

  it('brings an earlier release back as one of its own, and its grants with it', async () => {
    await storeGrant(hub.models, {
      ...{ id: 'G-nick', owner: 'public-security', ...CONSUMER, purpose: 'low-income-check', basis: 'a law' },
      items: [{ coordinate: 'Person.nickname', uses: ['OUTPUT'] }],
      ...{ divisions: ['532300'], validFrom: 0, validUntil: Date.now() + 3_600_000 },
    });
    await expect
      .poll(async () => (await seen('nickname')).data, { timeout: 5_000 })
      .toEqual({ people: [{ nickname: '阿三' }] });
    const suspended = async () => (await hub.ask('{ grant(id: "G-nick") { suspended } }', CONSUMER)).data;
    expect(await suspended()).toEqual({ grant: { suspended: [] } });

    expect(await rolledBack(2)).toMatchObject({ outcome: 'RELEASED', release: { number: 5 } });
    await inForce(5);
    expect((await seen('nickname')).errors).toHaveLength(1);
    expect((await seen('education')).data).toEqual({ people: [{ education: '本科' }] });
    expect(await suspended()).toEqual({ grant: { suspended: ['Person.nickname'] } });

    expect(await rolledBack(3)).toMatchObject({ outcome: 'RELEASED', release: { number: 6 } });
    await inForce(6);
    expect(await suspended()).toEqual({ grant: { suspended: [] } });
    await expect
      .poll(async () => (await seen('nickname')).data, { timeout: 5_000 })
      .toEqual({ people: [{ nickname: '阿三' }] });
  });

  it('names the grants that would lose an item', async () => {
    const { published } = await hub.publish(SDL);
    expect(published).toMatchObject({ outcome: 'BREAKING' });
    expect(published.check?.impacts.flatMap(({ grants }) => grants)).toEqual(['G-nick']);
  });

  it('lets one of two publish at once, and tells the other', async () => {
    const after = hub.served();
    const both = await Promise.all([
      hub.publish(changed('"Everybody."', '"All of them."', WITH_NICKNAME), { after }),
      hub.publish(changed('"Everybody."', '"Whoever there is."', WITH_NICKNAME), { after }),
    ]);
    expect(both.flatMap(({ data, published }) => (data?.['published'] ? [published.outcome] : []))).toEqual([
      'RELEASED',
    ]);
    const [refused] = both.flatMap(({ errors }) => errors ?? []);
    expect(refused?.extensions['code']).toBe('CONFLICT');
    expect(refused?.message).toContain(`elease ${after + 1}`);
    await inForce(after + 1);
    expect((await hub.publish(SDL, { after })).errors?.[0]?.extensions['code']).toBe('CONFLICT');
  });
});

describe('another URL', { timeout: 60_000 }, () => {
  it('is a proposal: who answers there sees what is asked, and says what it likes', async () => {
    const { published } = await hub.publish(WITH_NICKNAME, { url: 'https://elsewhere.example/graphql' });
    expect(published).toMatchObject({
      outcome: 'PROPOSED',
      check: { rights: expect.arrayContaining([expect.objectContaining({ what: 'URL', loosens: true })]) as unknown },
    });
  });
});

describe('a schema that lets somebody see more', { timeout: 60_000 }, () => {
  const unmasked = changed('name: String @sharing(class: CONDITIONAL, mask: NAME)', 'name: String', WITH_NICKNAME);
  let proposal = '';

  it('is a proposal that says who would newly see what', async () => {
    expect((await seen('name')).data).toEqual({ people: [{ name: '张*' }] });
    const { published } = await hub.publish(unmasked);
    expect(published).toMatchObject({ outcome: 'PROPOSED', release: null, proposal: { owners: ['public-security'] } });
    expect(published.check?.gains).toContainEqual({
      ...{
        who: 'every department',
        coordinate: 'Person.name',
        after: 'all of it',
      },
    });
    proposal = published.proposal?.id ?? '';
    expect((await seen('name')).data).toEqual({ people: [{ name: '张*' }] });
  });

  const approve = (claims: Parameters<PublishingHub['ask']>[1]) =>
    hub.ask('mutation ($id: ID!) { approveProposal(proposal: $id) { state release } }', claims, { id: proposal });

  it('is approved by nobody who proposed it, by no other department, and by no role but that of who decides', async () => {
    expect((await approve(PUBLISHER)).errors?.[0]?.message).toContain(
      'must not decide on what the same person asked for',
    );
    expect((await approve({ ...SECOND, officer: ' LI ' })).errors).toHaveLength(1);
    expect((await approve({ ...SECOND, department: 'civil-affairs' })).errors?.[0]?.extensions['code']).toBe(
      'NOT_FOUND',
    );
    expect((await approve({ ...SECOND, roles: ['auditor'] })).errors).toHaveLength(1);
    expect((await seen('name')).data).toEqual({ people: [{ name: '张*' }] });
  });

  it('is in force once another officer of the owner has approved, and is decided once', async () => {
    const number = hub.served() + 1;
    expect((await approve(SECOND)).data).toEqual({ approveProposal: { state: 'APPROVED', release: number } });
    await inForce(number);
    expect((await seen('name')).data).toEqual({ people: [{ name: '张三丰' }] });
    expect((await approve(SECOND)).errors?.[0]?.extensions['code']).toBe('CONFLICT');
  });

  it('may be made stricter again by one officer', async () => {
    const { published } = await hub.publish(WITH_NICKNAME, { breaking: 'names are masked again' });
    expect(published.outcome).toBe('RELEASED');
    await inForce(published.release?.number);
    expect((await seen('name')).data).toEqual({ people: [{ name: '张*' }] });
  });

  it('is a proposal by way of an earlier release too', async () => {
    const open = (await hub.models.releases.find({ kind: 'PUBLISHED' }).sort({ _id: -1 }).lean())[1];
    const back = await rolledBack(open?._id ?? 0);
    expect(back).toMatchObject({ outcome: 'PROPOSED', proposal: { owners: ['public-security'] } });
    expect((await seen('name')).data).toEqual({ people: [{ name: '张*' }] });
    const { data } = await hub.ask(
      'mutation ($id: ID!) { refuseProposal(proposal: $id, reason: "names stay masked") { state reason } }',
      SECOND,
      { id: back.proposal?.id },
    );
    expect(data).toEqual({ refuseProposal: { state: 'REFUSED', reason: 'names stay masked' } });
  });

  it('is not approved any more where what is in force has changed so that it would loosen more', async () => {
    const { published } = await hub.publish(unmasked);
    proposal = published.proposal?.id ?? '';
    const stricter = changed(
      'phone: String @sharing(class: CONDITIONAL)',
      'phone: String @sharing(class: WITHHELD, basis: "a law")',
      WITH_NICKNAME,
    );
    const next = await hub.publish(stricter);
    await inForce(next.published.release?.number);
    const { errors } = await approve(SECOND);
    expect(errors?.[0]?.extensions['code']).toBe('CONFLICT');
    expect(errors?.[0]?.message).toContain('Person.phone');
  });
});
