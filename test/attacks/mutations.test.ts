import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from 'mongoose';
import type { Caller } from '../../lib/caller.ts';
import { compose } from '../../schema/compose.ts';
import { writeCatalogue } from '../support/write-catalogue.ts';
import { storeGrant } from '../../sharing/store/grant-store.ts';
import { createSharingIndexes, sharingModels } from '../../sharing/store/models.ts';
import { definition } from '../../subgraphs/exchange/subgraph.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';

/*
 * Grants taken instead of given: an officer for the own cause, another owner's item smuggled in, an id of another owner as an oracle, many
 * mutations in one operation, mutations at once, and a mutation by a context for something else. The one protection that each
 * needs is switched off by the token: one that the owner's officer would really have.
 */
const officer = (department: string, name: string, more: Partial<Caller> = {}): Caller => ({
  department,
  application: 'desk',
  officer: name,
  roles: ['sharing-applicant', 'sharing-officer'],
  ...more,
});
const ASKER = officer('civil-affairs', '张三', { application: 'relief' });
const OWNER = officer('public-security', '李四');
const STRANGER = officer('taxation', '王五');

const owned = (name: string, owner: string, type: string) => ({
  name,
  owner,
  url: `local:${name}`,
  sdl: `type Query { ${name}: ${type} @sharing(class: UNCONDITIONAL) } type ${type} @sharing(class: CONDITIONAL) { a: String b: String }`,
});

let subgraph: RunningSubgraph;
const models = (connection: Connection) => sharingModels(connection);
beforeAll(async () => {
  subgraph = await startSubgraph(definition, models);
  await createSharingIndexes(models(subgraph.connection));
  const { policy } = compose([
    owned('people', 'public-security', 'Person'),
    owned('firms', 'market-regulation', 'Firm'),
  ]);
  await writeCatalogue(models(subgraph.connection), policy);
});
afterAll(() => subgraph.close());

const ask = (query: string, caller: Caller, variables = {}) => subgraph.ask(query, variables, { caller });
const textOf = async (query: string, caller: Caller, variables = {}): Promise<string> => {
  const { data, errors } = await ask(query, caller, variables);
  return JSON.stringify({ data, errors: errors?.map(({ message, extensions }) => [message, extensions?.['code']]) });
};
async function requested(coordinates: readonly string[] = ['Person.a'], caller = ASKER): Promise<readonly string[]> {
  const { data, errors } = await ask(
    `mutation ($items: [SharedItemInput!]!) { requestSharing(input: {
      purpose: "low-income-check", basis: "社会救助暂行办法", items: $items, divisions: ["532301"], days: 30 }) { id } }`,
    caller,
    { items: coordinates.map((coordinate) => ({ coordinate })) },
  );
  if (errors) throw new Error(errors.map(({ message }) => message).join());
  return (data?.['requestSharing'] as { id: string }[]).map(({ id }) => id);
}
const APPROVE = 'mutation ($id: ID!) { approve(request: $id) { id state } }';
const REVOKE = 'mutation ($id: ID!) { revoke(grant: $id, reason: "不再需要") { id state } }';
const grantsOf = (id: string) => models(subgraph.connection).grants.countDocuments({ request: id });

describe('a request', () => {
  it.each<[string, Caller]>([
    ['who asked', ASKER],
    ['the asking department by another officer', officer('civil-affairs', '赵六')],
    ['who asked, by a token of the owner', officer('public-security', '张三')],
    ['who asked, by a token of the owner that spells the name otherwise', officer('public-security', ' 张三 ')],
    ['the owner on behalf of who asked', { ...OWNER, onBehalfOf: 'civil-affairs' }],
    ['a stranger', STRANGER],
    ['the owner without the role', { ...OWNER, roles: ['sharing-applicant'] }],
    ['the owner without an officer', { ...OWNER, officer: '' }],
    ['an auditor', { ...STRANGER, roles: ['auditor'] }],
  ])('is not approved by %s, and by the owner’s officer it is', async (_, caller) => {
    const [id = ''] = await requested();
    expect((await ask(APPROVE, caller, { id })).data).toEqual({ approve: null });
    expect(await grantsOf(id)).toBe(0);
    expect((await ask(APPROVE, OWNER, { id })).data).toMatchObject({ approve: { state: 'IN_FORCE' } });
  });

  it('to one owner holds no item of another, however they were asked', async () => {
    const ids = await requested(['Person.a', 'Firm.a']);
    expect(ids).toHaveLength(2);
    const [id = ''] = ids;
    const smuggled = `mutation ($id: ID!) { approve(request: $id, items: [{ coordinate: "Person.a" }, { coordinate: "Firm.a" }]) { id } }`;
    expect(await textOf(smuggled, OWNER, { id })).toContain('was not asked for');
    expect(await grantsOf(id)).toBe(0);
  });

  it('whose item went to another owner meanwhile is not approved by the first', async () => {
    const [id = ''] = await requested(['Person.b']);
    const { catalogue } = models(subgraph.connection);
    await catalogue.updateOne({ _id: 'Person.b' }, { $set: { owner: 'taxation' } });
    expect(await textOf(APPROVE, OWNER, { id })).toContain('no longer of your department');
    await catalogue.updateOne({ _id: 'Person.b' }, { $set: { owner: 'public-security' } });
    expect((await ask(APPROVE, OWNER, { id })).data).toMatchObject({ approve: { state: 'IN_FORCE' } });
  });
});

describe('an id of another owner', () => {
  it('tells nothing: it is what an id of nobody is, by every door', async () => {
    const [id = ''] = await requested();
    const doors = [
      APPROVE,
      'mutation ($id: ID!) { refuse(request: $id, reason: "理由不足") { id } }',
      'query ($id: ID!) { request(id: $id) { id } }',
    ];
    const given = await ask(APPROVE, OWNER, { id });
    const grant = (given.data?.['approve'] as { id: string }).id;
    const ofGrants = [
      REVOKE,
      'mutation ($id: ID!) { renew(grant: $id, until: "2027-01-01T00:00:00Z") { id } }',
      'mutation ($id: ID!) { confirmDivisions(grant: $id, divisions: ["532301"]) { id } }',
      'query ($id: ID!) { grant(id: $id) { id } }',
    ];
    const real = [...doors.map((door) => ({ door, of: id })), ...ofGrants.map((door) => ({ door, of: grant }))];
    for (const { door, of } of real) {
      expect(await textOf(door, OWNER, { id: of })).not.toBe(await textOf(door, OWNER, { id: 'X-1' }));
      expect(await textOf(door, STRANGER, { id: of })).toBe(await textOf(door, STRANGER, { id: 'X-1' }));
    }
  });
});

describe('many mutations in one operation', () => {
  it('are each decided by itself, under whatever alias', async () => {
    const [mine = ''] = await requested();
    const [firm = ''] = await requested(['Firm.a']);
    const { data } = await ask(
      `mutation ($mine: ID!, $firm: ID!) { refuse: approve(request: $firm) { id } approve(request: $mine) { state } again: approve(request: $mine) { id } }`,
      OWNER,
      { mine, firm },
    );
    expect(data).toEqual({ refuse: null, approve: { state: 'IN_FORCE' }, again: null });
    expect([await grantsOf(mine), await grantsOf(firm)]).toEqual([1, 0]);
  });

  it('do not let who asks approve in the same breath', async () => {
    const { data } = await ask(
      `mutation { requestSharing(input: { purpose: "low-income-check", basis: "社会救助暂行办法",
        items: [{ coordinate: "Person.a" }], divisions: ["532301"], days: 1 }) { id } approve(request: "R-1") { id } }`,
      officer('public-security', '李四'),
    );
    expect(data).toEqual({ requestSharing: null, approve: null });
  });
});

describe('mutations at once', () => {
  it('leave a grant revoked that was revoked, whatever else was done to it', async () => {
    for (let round = 0; round < 5; round++) {
      const [id = ''] = await requested();
      const grant = id.replace(/^R-/, 'G-');
      const renew = 'mutation ($id: ID!) { renew(grant: $id, until: "2028-01-01T00:00:00Z") { id } }';
      const approved = ask(APPROVE, OWNER, { id });
      const early = ask(REVOKE, OWNER, { id: grant });
      await approved;
      await Promise.all([
        ask(renew, OWNER, { id: grant }),
        ask(REVOKE, OWNER, { id: grant }),
        early,
        ask(APPROVE, OWNER, { id }),
      ]);
      const { status } = (await models(subgraph.connection).grants.findById(grant).lean()) ?? {};
      expect([status, await grantsOf(id)]).toEqual(['REVOKED', 1]);
    }
  });
});

describe('a mutation by a copied context', () => {
  it('is carried out for what the context was signed, and for no other mutation', async () => {
    const [id = ''] = await requested();
    const asked = ['Mutation.refuse', 'SharingRequest.id'];
    expect(await subgraph.ask(APPROVE, { id }, { caller: OWNER, asked })).toMatchObject({ codes: ['NOT_PERMITTED'] });
    expect(await grantsOf(id)).toBe(0);
  });

  it('gives no grant of a hub that did not ask: one that is stored beside it belongs to its owner', async () => {
    const now = Date.now();
    const terms = {
      purpose: 'low-income-check',
      basis: 'test',
      divisions: ['532301'],
      validFrom: now,
      validUntil: now + 1e9,
    };
    const holder = { owner: 'public-security', department: 'civil-affairs', application: 'relief' };
    await storeGrant(models(subgraph.connection), { id: 'G-own', ...holder, ...terms, items: [] });
    expect((await ask(REVOKE, ASKER, { id: 'G-own' })).codes).toEqual(['NOT_FOUND']);
    expect((await ask(REVOKE, { ...OWNER, onBehalfOf: 'civil-affairs' }, { id: 'G-own' })).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect((await ask(REVOKE, OWNER, { id: 'G-own' })).data).toMatchObject({ revoke: { state: 'REVOKED' } });
  });
});
