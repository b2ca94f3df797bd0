import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../lib/caller.ts';
import { today } from '../../lib/today.ts';
import { readPolicy } from '../../schema/read-policy.ts';
import { writeCatalogue } from '../support/write-catalogue.ts';
import { loadGrants, readEpoch, storeGrant } from '../../sharing/store/grant-store.ts';
import { type SharingModels, sharingModels } from '../../sharing/store/models.ts';
import { quotaUseId } from '../../sharing/store/quota-models.ts';
import { definition } from '../../subgraphs/exchange/subgraph.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: 'type Query { p: Person @sharing(class: UNCONDITIONAL) } type Person @sharing(class: CONDITIONAL) { phone: String }',
};
const officer = (department: string, name: string, roles: readonly string[]): Caller => ({
  ...{ department, application: 'office', officer: name, roles },
});
const wang: Caller = { ...officer('civil-affairs', 'wang', ['sharing-applicant']), application: 'relief' };
const chen = officer('public-security', 'chen', ['sharing-officer']);

let exchange: RunningSubgraph;
let models: SharingModels;
beforeAll(async () => {
  exchange = await startSubgraph(definition, sharingModels);
  models = sharingModels(exchange.connection);
  await writeCatalogue(models, readPolicy([people]));
});
afterAll(() => exchange.close());

async function act(operation: string, variables: Record<string, unknown>, caller: Caller) {
  const { data, errors } = await exchange.ask(operation, variables, { caller });
  return { done: Object.values(data ?? {})[0] ?? null, told: errors?.map(({ message }) => message).join('\n') };
}

const CONDITIONS = 'id quota { rowsPerDay subjectsPerDay } obligations';
const REQUEST = `mutation ($input: SharingRequestInput!) { requestSharing(input: $input) { ${CONDITIONS} } }`;
const APPROVE = `mutation ($request: ID!, $quota: QuotaInput, $obligations: [Obligation!]) {
  approve(request: $request, quota: $quota, obligations: $obligations) { ${CONDITIONS} usedToday { rows subjects renewsAt } } }`;
const GRANT = `query ($id: ID!) { grant(id: $id) { ${CONDITIONS} usedToday { rows subjects renewsAt } } }`;
const CONFIRM = `mutation ($grant: ID!, $divisions: [String!]!) { confirmDivisions(grant: $grant, divisions: $divisions) {
  id divisions needsConfirmation { code successors } divisionsConfirmedBy } }`;

const ask = (change: object = {}) =>
  act(
    REQUEST,
    {
      input: {
        ...{ purpose: 'low-income-check', basis: '社会救助暂行办法', divisions: ['532300'], days: 30 },
        items: [{ coordinate: 'Person.phone' }],
        ...change,
      },
    },
    wang,
  );
const idOf = (done: unknown): string =>
  (Array.isArray(done) ? (done[0] as { id: string }) : (done as { id: string })).id;

describe('a quota', () => {
  it('is as asked, or less, and reaches the gateways with the grant', async () => {
    const { done } = await ask({ quota: { rowsPerDay: 100, subjectsPerDay: 40 } });
    expect(done).toMatchObject([{ quota: { rowsPerDay: 100, subjectsPerDay: 40 }, obligations: [] }]);
    const grant = await act(APPROVE, { request: idOf(done), quota: { rowsPerDay: 60 } }, chen);
    expect(grant.done).toMatchObject({ quota: { rowsPerDay: 60, subjectsPerDay: 40 } });
    const view = await loadGrants(models, new Date());
    const held = [...view.byHolder.values()].flat().find(({ id }) => id === idOf(grant.done));
    expect(held?.quota).toEqual({ rowsPerDay: 60, subjectsPerDay: 40 });
  });

  it('is set by the owner where none was asked', async () => {
    const { done } = await ask();
    expect(done).toMatchObject([{ quota: null }]);
    const grant = await act(APPROVE, { request: idOf(done), quota: { subjectsPerDay: 5 } }, chen);
    expect(grant.done).toMatchObject({ quota: { rowsPerDay: null, subjectsPerDay: 5 } });
  });

  it('is not more than was asked', async () => {
    const { done } = await ask({ quota: { rowsPerDay: 100 } });
    const { told } = await act(APPROVE, { request: idOf(done), quota: { rowsPerDay: 101 } }, chen);
    expect(told).toBe('quota.rowsPerDay: more than was asked. Give 100 at most.');
    expect(await models.grants.countDocuments({ request: idOf(done) })).toBe(0);
  });

  it.each<[string, object, string]>([
    ['nothing', {}, 'quota: limits nothing. Give rowsPerDay or subjectsPerDay, or leave it out.'],
    ['nulls', { rowsPerDay: null }, 'quota: limits nothing. Give rowsPerDay or subjectsPerDay, or leave it out.'],
    [
      'no rows',
      { rowsPerDay: 0 },
      'quota.rowsPerDay: not a number from 1 to 1000000000. Give how many are needed on a day.',
    ],
    [
      'fewer than no subjects',
      { rowsPerDay: 5, subjectsPerDay: -1 },
      'quota.subjectsPerDay: not a number from 1 to 1000000000. Give how many are needed on a day.',
    ],
  ])('of %s is refused', async (_, quota, sentence) => {
    expect(await ask({ quota })).toEqual({ done: null, told: sentence });
  });

  it('says what was used of it today', async () => {
    const grant = await act(APPROVE, { request: idOf((await ask()).done), quota: { rowsPerDay: 9 } }, chen);
    const renewsAt = new Date(Date.parse(`${today()}T00:00:00+08:00`) + 86_400_000).toISOString();
    expect(grant.done).toMatchObject({ usedToday: { rows: 0, subjects: 0, renewsAt } });
    const _id = quotaUseId(idOf(grant.done), today());
    await models.quotaUse.create({ _id, rows: 7, subjects: 2, expiresAt: new Date(Date.now() + 1_000) });
    expect((await act(GRANT, { id: idOf(grant.done) }, wang)).done).toMatchObject({
      usedToday: { rows: 7, subjects: 2 },
    });
  });
});

describe('obligations', () => {
  it('are those the one who asks takes on and those its owner adds', async () => {
    const { done } = await ask({ obligations: ['OFFICER_NAMED'] });
    expect(done).toMatchObject([{ obligations: ['OFFICER_NAMED'] }]);
    const obligations = ['AGGREGATE_ONLY', 'OFFICER_NAMED'];
    const grant = await act(APPROVE, { request: idOf(done), obligations: ['AGGREGATE_ONLY'] }, chen);
    expect(grant.done).toMatchObject({ obligations, quota: null, usedToday: null });
    const view = await loadGrants(models, new Date());
    expect([...view.byHolder.values()].flat().find(({ id }) => id === idOf(grant.done))?.obligations).toEqual(
      obligations,
    );
  });
});

describe('divisions that were split', () => {
  let numbered = 0;
  async function stored(divisions: readonly string[]): Promise<string> {
    const id = `G-split-${(numbered += 1)}`;
    const holder = {
      owner: 'public-security',
      department: 'civil-affairs',
      application: 'relief',
      purpose: 'census',
      basis: 'b',
    };
    const items = [{ coordinate: 'Person.phone', uses: ['OUTPUT'] }] as const;
    await storeGrant(models, { id, ...holder, items, divisions, validFrom: 0, validUntil: Date.now() + 1_000_000 });
    return id;
  }

  it('reach what they became only as far as their owner says, and every gateway is told', async () => {
    const grant = await stored(['230711', '532301']);
    const before = await readEpoch(models);
    const { done } = await act(CONFIRM, { grant, divisions: ['230717'] }, chen);
    expect(done).toEqual({
      id: grant,
      divisions: ['230711', '532301', '230717'],
      needsConfirmation: [],
      divisionsConfirmedBy: 'chen',
    });
    expect(await readEpoch(models)).toBe(before + 1);
  });

  it.each<[string, readonly string[], readonly string[], RegExp]>([
    [
      'what is no part of it',
      ['230711'],
      ['532301'],
      /^divisions\[0\]: not what became of a division of this grant. Choose among 2307/,
    ],
    ['the division above', ['230711'], ['230700'], /^divisions\[0\]: not what became/],
    ['nothing', ['230711'], [], /^divisions: empty/],
    ['where nothing changed', ['532301'], ['532301'], /^divisions: nothing to confirm/],
    ['where a code was only renamed', ['532331'], ['532302'], /^divisions: nothing to confirm/],
  ])('are not confirmed for %s', async (_, divisions, confirmed, sentence) => {
    const grant = await stored(divisions);
    const before = await readEpoch(models);
    const { done, told } = await act(CONFIRM, { grant, divisions: confirmed }, chen);
    expect([done, told]).toEqual([null, expect.stringMatching(sentence)]);
    expect(await readEpoch(models)).toBe(before);
    expect(await models.grants.findById(grant).lean()).toMatchObject({ divisions });
  });

  it.each<[string, Caller, RegExp]>([
    ['another department', officer('market-regulation', 'gao', ['sharing-officer']), /^grant: none of this id/],
    ['its holder', officer('civil-affairs', 'zhao', ['sharing-officer']), /^grant: none of this id/],
    ['an applicant', { ...chen, roles: ['sharing-applicant'] }, /^roles: the token carries none/],
    ['nobody by name', { ...chen, officer: '' }, /^officer: the token names none/],
  ])('are not confirmed by %s', async (_, caller, sentence) => {
    const grant = await stored(['230711']);
    const { done, told } = await act(CONFIRM, { grant, divisions: ['230717'] }, caller);
    expect([done, told]).toEqual([null, expect.stringMatching(sentence)]);
  });

  it('are confirmed once: of two officers at once one is told to look again', async () => {
    const grant = await stored(['230711']);
    const both = await Promise.all(
      ['230717', '230718'].map((code) => act(CONFIRM, { grant, divisions: [code] }, { ...chen, officer: code })),
    );
    expect(both.filter(({ done }) => done !== null)).toHaveLength(1);
    expect(both.map(({ told }) => told ?? '').join('')).toMatch(/changed by somebody else|nothing to confirm/);
  });
});

describe('purposes', () => {
  it('are a list, each with the law it may rest on', async () => {
    const { done } = await act('{ purposes { code title bases } }', {}, wang);
    expect(done).toContainEqual({
      code: 'low-income-check',
      title: '低收入家庭核查',
      bases: ['社会救助暂行办法 第五十八条'],
    });
    for (const { bases } of done as { bases: string[] }[]) expect(bases).not.toHaveLength(0);
  });
});
