import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../lib/caller.ts';
import { writeCatalogue } from '../support/write-catalogue.ts';
import { readEpoch } from '../../sharing/store/grant-store.ts';
import { type SharingModels, sharingModels } from '../../sharing/store/models.ts';
import { readPolicy } from '../../schema/read-policy.ts';
import { definition } from '../../subgraphs/exchange/subgraph.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query { person(number: String @reads(items: ["Person.number"], use: LOOKUP)): Person @sharing(class: UNCONDITIONAL) }
    type Person @sharing(class: CONDITIONAL) {
      number: String
      phone: String
      dna: String @sharing(class: WITHHELD, basis: "a law")
      id: ID @sharing(class: UNCONDITIONAL)
    }`,
};
const firms = {
  name: 'firms',
  owner: 'market-regulation',
  sdl: 'type Firm { revenue: Int @sharing(class: CONDITIONAL) }',
};

const officer = (department: string, name: string, more: Partial<Caller> = {}): Caller => ({
  ...{ department, application: 'office', officer: name, roles: ['sharing-officer'] },
  ...more,
});
const wang: Caller = officer('civil-affairs', 'wang', { application: 'relief', roles: ['sharing-applicant'] });
const chen = officer('public-security', 'chen');
const auditor: Caller = { department: 'audit-office', application: 'supervision', roles: ['auditor'] };

const REQUEST = 'mutation ($input: SharingRequestInput!) { requestSharing(input: $input) { id state owner } }';
const APPROVE = `mutation ($request: ID!, $items: [SharedItemInput!], $divisions: [String!], $validUntil: DateTime, $reason: String) {
  approve(request: $request, items: $items, divisions: $divisions, validUntil: $validUntil, reason: $reason) {
    id state request approvedBy department application items { coordinate uses } divisions validFrom validUntil } }`;
const REFUSE = `mutation ($request: ID!, $reason: String!) { refuse(request: $request, reason: $reason) { id state reason decidedBy } }`;
const REVOKE = `mutation ($grant: ID!, $reason: String!) { revoke(grant: $grant, reason: $reason) { id state revocationReason revokedBy } }`;
const RENEW = `mutation ($grant: ID!, $until: DateTime!) { renew(grant: $grant, until: $until) { id validUntil renewedBy } }`;
const ONE = `query ($id: ID!) { request(id: $id) { id department application officer owner state purpose basis reason decidedBy grant } }`;

let exchange: RunningSubgraph;
let models: SharingModels;

beforeAll(async () => {
  exchange = await startSubgraph(definition, sharingModels);
  models = sharingModels(exchange.connection);
  await writeCatalogue(models, readPolicy([people, firms]));
});
afterAll(() => exchange.close());

interface Named {
  readonly id: string;
}
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
const asked = (change: object = {}): object => ({
  ...{ purpose: 'low-income-check', basis: '社会救助暂行办法 第五十八条', divisions: ['532300'], days: 365 },
  items: [{ coordinate: 'Person.phone' }, { coordinate: 'Person.number', uses: ['OUTPUT', 'LOOKUP'] }],
  ...change,
});

async function act(mutation: string, variables: object, caller: Caller) {
  const { data, errors, codes } = await exchange.ask(mutation, variables as Record<string, unknown>, { caller });
  return { done: Object.values(data ?? {})[0], told: errors?.map(({ message }) => message).join('\n'), codes };
}

async function pending(change: object = {}): Promise<string> {
  const { done, told } = await act(REQUEST, { input: asked(change) }, wang);
  expect(told).toBeUndefined();
  return (done as Named[])[0]?.id ?? '';
}

async function granted(variables: object = {}): Promise<string> {
  const { done, told } = await act(APPROVE, { request: await pending(), ...variables }, chen);
  expect(told).toBeUndefined();
  return (done as Named).id;
}

describe('asking for items', () => {
  it('makes one request for each owner, in the name of the caller', async () => {
    const items = ['Person.phone', 'Firm.revenue', 'Person.number'].map((coordinate) => ({ coordinate }));
    const { done } = await act(REQUEST, { input: asked({ items }) }, wang);
    const owners = (done as { owner: string }[]).map(({ owner }) => owner);
    expect(owners).toEqual(['public-security', 'market-regulation']);
    const stored = await models.requests.findById((done as Named[])[0]?.id).lean();
    expect(stored).toMatchObject({ department: 'civil-affairs', application: 'relief', officer: 'wang' });
    expect(stored?.items).toEqual([
      { coordinate: 'Person.phone', uses: ['OUTPUT'] },
      { coordinate: 'Person.number', uses: ['OUTPUT'] },
    ]);
  });

  it.each<[string, object, RegExp]>([
    ['no item', { items: [] }, /^items: empty\./],
    [
      'an item twice',
      { items: [{ coordinate: 'Person.phone' }, { coordinate: 'Person.phone' }] },
      /^items\[1\].*twice/,
    ],
    ['no use', { items: [{ coordinate: 'Person.phone', uses: [] }] }, /^items\[0\]\.uses: empty/],
    [
      'a use twice',
      { items: [{ coordinate: 'Person.phone', uses: ['OUTPUT', 'OUTPUT'] }] },
      /uses: one is listed twice/,
    ],
    [
      'a use that nothing makes',
      { items: [{ coordinate: 'Person.phone', uses: ['LOOKUP'] }] },
      /Choose among OUTPUT\./,
    ],
    [
      'an unknown item',
      { items: [{ coordinate: 'Person.phnoe' }] },
      /no item .* Ask for Person\.phone if that is meant/,
    ],
    [
      'what is no coordinate',
      { items: [{ coordinate: '532301196403316436' }] },
      /^items\[0\]\.coordinate: not a coord/,
    ],
    [
      'a withheld item',
      { items: [{ coordinate: 'Person.dna' }] },
      /Person\.dna is withheld by law \(a law\) and cannot/,
    ],
    ['an unconditional item', { items: [{ coordinate: 'Person.id' }] }, /Person\.id is shared without conditions/],
    ['no division', { divisions: [] }, /^divisions: empty\./],
    ['a division twice', { divisions: ['532301', '532301'] }, /^divisions\[1\]: listed twice/],
    ['an unknown division', { divisions: ['532399'] }, /^divisions\[0\]: no known division/],
    ['an abolished division', { divisions: ['532331'] }, /^divisions\[0\]: not in force today/],
    ['every division', { divisions: ['*'] }, /^divisions\[0\]: no known division/],
    [
      'a purpose that is none of the list',
      { purpose: 'low-incom-check' },
      /^purpose: none of the list.*low-income-check/,
    ],
    ['no basis', { basis: ' ' }, /^basis: says nothing/],
    ['the basis of the template', { basis: '…' }, /^basis: says nothing/],
    ['control characters', { basis: 'law \u001b[2J' }, /^basis: holds control characters/],
    ['no term', { days: null }, /^validUntil: missing/],
    ['two terms', { validUntil: inDays(10) }, /^days: given beside validUntil/],
    ['no days', { days: 0 }, /^days: not a number from 1 to 1096/],
    ['days beyond the calendar', { days: 2_000_000_000 }, /^days: not a number from 1 to 1096/],
    ['a term in the past', { days: null, validUntil: inDays(-1) }, /^validUntil: in the past/],
    ['a beginning in the past', { validFrom: inDays(-1) }, /^validFrom: in the past/],
    ['a beginning far ahead', { validFrom: inDays(400) }, /^validFrom: more than a year ahead/],
    ['an end before the beginning', { days: null, validFrom: inDays(9), validUntil: inDays(8) }, /not after the begin/],
    ['more than three years', { days: null, validUntil: inDays(1_200) }, /^validUntil: longer than 3 years/],
  ])('is refused with %s, in a sentence, and nothing is stored', async (_, change, sentence) => {
    const before = await models.requests.countDocuments();
    const { done, told, codes } = await act(REQUEST, { input: asked(change) }, wang);
    expect([done ?? null, codes]).toEqual([null, ['BAD_USER_INPUT']]);
    expect(told).toMatch(sentence);
    expect(told).not.toContain('532301196403316436');
    expect(await models.requests.countDocuments()).toBe(before);
  });

  it('is refused to its owner, to a token without an officer and to one without the role', async () => {
    const answers = [
      await act(REQUEST, { input: asked() }, chen),
      await act(REQUEST, { input: asked() }, { ...wang, officer: undefined }),
      await act(REQUEST, { input: asked() }, { ...wang, roles: ['auditor'] }),
    ];
    expect(answers.map(({ done }) => done ?? null)).toEqual([null, null, null]);
    expect(answers.map(({ told }) => told?.split('\n')[0])).toEqual([
      'items[0].coordinate: Person.phone is of your own department. Leave it out; no grant is needed.',
      'officer: the token names none. Use one that names the officer who acts.',
      'roles: the token carries none for this. Use one with the role sharing-applicant or sharing-officer.',
    ]);
  });

  it('says all that is wrong at once', async () => {
    const { told } = await act(REQUEST, { input: asked({ basis: '', divisions: [], days: 0 }) }, wang);
    expect(told?.split('\n').map((line) => line.split(':')[0])).toEqual(['basis', 'divisions', 'days']);
  });
});

describe('a request', () => {
  it('is seen by who asked, by its owner and by auditors; to others it is not there', async () => {
    const id = await pending();
    for (const caller of [wang, chen, auditor])
      expect((await act(ONE, { id }, caller)).done).toMatchObject({ id, state: 'PENDING', officer: 'wang' });
    const other = officer('market-regulation', 'gao');
    expect([await act(ONE, { id }, other), await act(ONE, { id: 'R-none' }, other)]).toEqual(
      Array(2).fill({ done: null, told: undefined, codes: [] }),
    );
  });

  it('is listed newest first, page after page, by its state', async () => {
    const ids = [await pending(), await pending(), await pending()];
    await act(REFUSE, { request: ids[1], reason: 'not needed for this' }, chen);
    const LIST = `query ($after: String, $state: RequestState) { requests(first: 1, after: $after, state: $state) {
      edges { node { id } } pageInfo { hasNextPage endCursor } totalCount } }`;
    const page = async (after?: string) => {
      const { data } = await exchange.ask(LIST, { after, state: 'PENDING' }, { caller: chen });
      return data?.['requests'] as {
        edges: { node: Named }[];
        pageInfo: { endCursor: string };
        totalCount: number;
      };
    };
    const first = await page();
    const second = await page(first.pageInfo.endCursor);
    expect([first, second].map(({ edges }) => edges[0]?.node.id)).toEqual([ids[2], ids[0]]);
    expect(first.totalCount).toBe(await models.requests.countDocuments({ owner: 'public-security', state: 'PENDING' }));
    expect((await exchange.ask(LIST, {}, { caller: officer('tax-bureau', 'he') })).data?.['requests']).toMatchObject({
      edges: [],
      totalCount: 0,
    });
  });
});

describe('deciding on a request', () => {
  it('approves it as asked; the grant says who approved and which request', async () => {
    const request = await pending();
    const { done } = await act(APPROVE, { request }, chen);
    expect(done).toMatchObject({ state: 'IN_FORCE', request, approvedBy: 'chen', divisions: ['532300'] });
    expect(done).toMatchObject({ department: 'civil-affairs', application: 'relief' });
    expect((await act(ONE, { id: request }, wang)).done).toMatchObject({
      ...{ state: 'APPROVED', decidedBy: 'chen', grant: (done as Named).id },
    });
  });

  it('approves less: fewer items and uses, fewer divisions, a shorter term', async () => {
    const less = {
      items: [{ coordinate: 'Person.number', uses: ['LOOKUP'] }],
      divisions: ['532301', '532302101'],
      validUntil: inDays(30),
    };
    const { done } = await act(APPROVE, { request: await pending(), ...less, reason: 'only two counties' }, chen);
    expect(done).toMatchObject(less);
  });

  it.each<[string, object, RegExp]>([
    ['another item', { items: [{ coordinate: 'Person.dna' }] }, /^items\[0\].* was not asked for/],
    ['another use', { items: [{ coordinate: 'Person.phone', uses: ['LOOKUP'] }] }, /^items\[0\]\.uses: more than was/],
    ['another division', { divisions: ['532301', '532901'] }, /^divisions\[1\]: not within what was asked/],
    ['the division above', { divisions: ['530000'] }, /^divisions\[0\]: not within/],
    ['a longer term', { validUntil: inDays(366) }, /^validUntil: later than was asked/],
    ['nothing', { items: [], divisions: [] }, /^items: empty.*\n.*divisions: empty/],
    ['a term that is over', { validUntil: inDays(-1) }, /^validUntil: not after the beginning/],
  ])('does not approve %s', async (_, change, sentence) => {
    const request = await pending();
    const before = await readEpoch(models);
    const { done, told } = await act(APPROVE, { request, ...change }, chen);
    expect(done ?? null).toBeNull();
    expect(told).toMatch(sentence);
    expect((await act(ONE, { id: request }, chen)).done).toMatchObject({ state: 'PENDING' });
    expect(await readEpoch(models)).toBe(before);
  });

  it.each<[string, Caller, RegExp]>([
    ['another department', officer('market-regulation', 'gao'), /^request: none of this id/],
    ['the department that asked', officer('civil-affairs', 'zhao'), /^request: none of this id/],
    ['an auditor', { ...auditor, officer: 'qin' }, /^roles: the token carries none/],
    ['an applicant of the owner', { ...chen, roles: ['sharing-applicant'] }, /^roles: the token carries none/],
    ['a token that names no officer', { ...chen, officer: ' ' }, /^officer: the token names none/],
    ['the person who asked', officer('public-security', ' WANG'), /^officer: must not decide on what the same person/],
    ['who acts for who asked', { ...chen, onBehalfOf: 'civil-affairs' }, /^department: must not decide on what it/],
  ])('is not for %s', async (_, caller, sentence) => {
    const request = await pending();
    for (const mutation of [APPROVE, REFUSE]) {
      const { done, told } = await act(mutation, { request, reason: 'because' }, caller);
      expect([done ?? null, told]).toEqual([null, expect.stringMatching(sentence)]);
    }
    expect(await models.requests.findById(request).lean()).toMatchObject({ state: 'PENDING' });
  });

  it('gives a request of another owner the same answer as one that does not exist', async () => {
    const request = await pending();
    const gao = officer('market-regulation', 'gao');
    expect(await act(APPROVE, { request }, gao)).toEqual(await act(APPROVE, { request: 'R-none' }, gao));
    expect((await act(APPROVE, { request }, gao)).codes).toEqual(['NOT_FOUND']);
  });

  it('happens once: twice at once, after a refusal, after an approval', async () => {
    const request = await pending();
    const both = await Promise.all([
      act(APPROVE, { request }, chen),
      act(APPROVE, { request }, { ...chen, officer: 'li' }),
    ]);
    expect(both.filter(({ done }) => done !== null)).toHaveLength(1);
    expect(both.map(({ told }) => told).join()).toMatch(/request: already APPROVED by (chen|li); a request is decided/);
    expect(both.flatMap(({ codes }) => codes)).toEqual(['CONFLICT']);
    expect(await models.grants.countDocuments({ request })).toBe(1);
    expect((await act(REFUSE, { request, reason: 'too late' }, chen)).told).toMatch(/^request: already APPROVED/);

    const other = await pending();
    const refused = await act(REFUSE, { request: other, reason: 'no law says so' }, chen);
    expect(refused.done).toEqual({ id: other, state: 'REFUSED', reason: 'no law says so', decidedBy: 'chen' });
    expect((await act(APPROVE, { request: other }, chen)).told).toMatch(
      /^request: already REFUSED by chen; .* new req/,
    );
    expect(await models.grants.countDocuments({ request: other })).toBe(0);
  });

  it('needs a reason to refuse', async () => {
    const { told } = await act(REFUSE, { request: await pending(), reason: '--' }, chen);
    expect(told).toMatch(/^reason: says nothing/);
  });

  it('does not approve what is over, nor what its owner may no longer grant', async () => {
    const over = await pending();
    await models.requests.updateOne({ _id: over }, { validFrom: new Date(0), validUntil: new Date(Date.now() - 1) });
    expect((await act(APPROVE, { request: over }, chen)).told).toMatch(/^request: the term it asks for is over/);

    const request = await pending();
    const sdl = people.sdl.replace('phone: String', 'phone: String @sharing(class: WITHHELD, basis: "a newer law")');
    await writeCatalogue(models, readPolicy([{ ...people, sdl }, firms]));
    expect((await act(APPROVE, { request }, chen)).told).toMatch(/Person\.phone is withheld by law \(a newer law\)/);
    const items = [{ coordinate: 'Person.number' }];
    expect((await act(APPROVE, { request, items }, chen)).done).toMatchObject({ state: 'IN_FORCE' });
    await writeCatalogue(models, readPolicy([people, firms]));
  });
});

describe('a grant', () => {
  it('is revoked by its owner with a reason that its holder reads', async () => {
    const grant = await granted();
    const { done } = await act(REVOKE, { grant, reason: 'the purpose has ended' }, chen);
    expect(done).toMatchObject({ state: 'REVOKED', revokedBy: 'chen' });
    const SEEN = 'query ($id: ID!) { grant(id: $id) { id state revocationReason } }';
    const seen = { id: grant, state: 'REVOKED', revocationReason: 'the purpose has ended' };
    expect((await act(SEEN, { id: grant }, wang)).done).toEqual(seen);
    expect((await act(REVOKE, { grant, reason: 'again' }, chen)).told).toMatch(/^grant: already REVOKED by chen/);
    expect((await act(RENEW, { grant, until: inDays(500) }, chen)).told).toMatch(/^grant: already REVOKED by chen/);
  });

  it('is renewed to three years from now at most', async () => {
    const grant = await granted();
    const until = inDays(900);
    expect((await act(RENEW, { grant, until }, chen)).done).toEqual({
      id: grant,
      validUntil: until,
      renewedBy: 'chen',
    });
    expect((await act(RENEW, { grant, until: inDays(10) }, chen)).told).toMatch(/^until: not later than the present/);
    expect((await act(RENEW, { grant, until: inDays(1_200) }, chen)).told).toMatch(/^until: longer than 3 years/);
    expect((await act(RENEW, { grant, until: inDays(-1) }, chen)).told).toMatch(/^until: in the past/);
    expect((await act(REVOKE, { grant, reason: '' }, chen)).told).toMatch(/^reason: says nothing/);
  });

  it.each<[string, Caller, RegExp]>([
    ['its holder', officer('civil-affairs', 'zhao'), /^grant: none of this id was given by your department/],
    ['another department', officer('market-regulation', 'gao'), /^grant: none of this id was given by your department/],
    ['the person who asked for it', officer('public-security', 'Wang'), /^officer: must not decide/],
    ['an auditor', { ...auditor, officer: 'qin' }, /^roles:/],
  ])('is neither revoked nor renewed by %s', async (_, caller, sentence) => {
    const grant = await granted();
    const before = await readEpoch(models);
    expect((await act(REVOKE, { grant, reason: 'because' }, caller)).told).toMatch(sentence);
    expect((await act(RENEW, { grant, until: inDays(500) }, caller)).told).toMatch(sentence);
    expect(await models.grants.findById(grant).lean()).toMatchObject({ status: 'ACTIVE' });
    expect(await readEpoch(models)).toBe(before);
  });
});
