import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../lib/caller.ts';
import { cursorCodec } from '../../lib/cursor.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import { publicId, refOf } from '../../subgraphs/population/identity.ts';
import { type SmallHub, smallHub } from '../support/small-hub.ts';
import { DENIED_PHONE, people, ZHANG } from './fixtures.ts';
import { CALLER, freeing, refusals, weakHub } from './support.ts';

/*
 * Purpose confusion: a grant for one purpose is used for another, or a purpose is claimed beside the token. For tokens without a
 * purpose see test/gateway/tokens; for public ids at the subgraph test/subgraphs/population, here every pair of consumers.
 */
const items = [{ coordinate: 'Person.phone', uses: ['OUTPUT' as const] }];
const QUERY = '{ person { phone } }';

describe('a purpose', () => {
  let hub: SmallHub;
  let weak: SmallHub;
  beforeAll(async () => {
    hub = await smallHub({ subgraphs: [people], grants: [{ items, purpose: 'audit' }] });
    weak = await weakHub({ subgraphs: [people] }, { table: freeing('Person.phone') });
  });
  afterAll(() => Promise.all([hub.close(), weak.close()]));

  const claims: Record<string, object> = {
    'in headers': { headers: { purpose: 'audit', 'shuniu-purpose': 'audit', 'x-purpose': 'audit' } },
    'in the extensions of the body': {
      body: { query: QUERY, extensions: { purpose: 'audit', caller: { purpose: 'audit' } } },
    },
    'in a variable': { variables: { purpose: 'audit' } },
    'in the query string': { search: '?purpose=audit' },
    'in a role': { caller: { roles: ['audit'] } },
    'in a scope': { caller: { scope: 'audit purpose:audit' } },
    'in the name of the application': { caller: { application: 'relief-audit', purpose: 'low-income-check' } },
    'as one of two': { caller: { purpose: 'low-income-check-audit' } },
    'as another department’s': { caller: { department: 'taxation', onBehalfOf: 'civil-affairs', purpose: 'audit' } },
    'in a context of its own': { headers: { 'shuniu-context': 'x.y.z' } },
  };
  it.each(Object.entries(claims))('counts from the token alone, not %s', async (_, asked) => {
    expect((await weak.ask(QUERY, asked)).data).toEqual({ person: { phone: ZHANG.phone } });
    const answer = await hub.ask(QUERY, asked);
    expect(answer.data).toEqual({ person: { phone: null } });
    expect(refusals(answer)).toEqual(DENIED_PHONE);
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'PARTIAL', grants: [] });
  });

  it('opens what is granted for it, and the entry names it', async () => {
    const { data } = await hub.ask(QUERY, { caller: { purpose: 'audit' } });
    expect(data).toEqual({ person: { phone: ZHANG.phone } });
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'ANSWERED', caller: { purpose: 'audit' } });
  });

  it.each([
    ['a list', ['audit', 'low-income-check']],
    ['nothing', ''],
    ['an object', { code: 'audit' }],
    ['null', null],
  ])('that is %s is no token at all', async (_, purpose) => {
    const { status, errors } = await hub.ask(QUERY, { caller: { purpose } });
    expect([status, errors?.[0]?.extensions['reason']]).toEqual([401, 'CLAIMS']);
  });
});

describe('the public id of a person', () => {
  const cursors = cursorCodec(Buffer.alloc(32, 7), 'population');
  const contextOf = (caller: Caller): SubgraphContext => ({
    signed: { caller, fetches: [], asked: [], internal: [], divisions: ['*'], grants: [], epoch: 1, release: 'test' },
    cursors,
    loaders: undefined,
    signal: new AbortController().signal,
  });
  const consumers: Caller[] = [
    CALLER,
    { ...CALLER, purpose: 'audit' },
    { ...CALLER, purpose: undefined },
    { ...CALLER, department: 'taxation' },
    // Names that read alike when they are joined.
    { ...CALLER, department: 'civil-affairs-low', purpose: 'income-check' },
    { ...CALLER, department: 'civil-affairs', purpose: 'null' },
  ];

  it('joins the extracts of all consumers where it is the key sealed, and of none as it is', () => {
    const sealed = consumers.map(() => cursors.encode(ZHANG.ref));
    expect(new Set(sealed).size).toBe(1);
    const ids = consumers.map((caller) => publicId(ZHANG.ref, contextOf(caller)));
    expect(new Set(ids).size).toBe(consumers.length);
    expect(ids.map((id) => id.length)).toEqual(ids.map(() => ids[0]?.length));
    for (const id of ids) expect(Buffer.from(id, 'base64url').toString()).not.toContain(ZHANG.ref);
  });

  it('is known to the one it was issued to only', () => {
    for (const issuedTo of consumers)
      for (const usedBy of consumers)
        expect(refOf(publicId(ZHANG.ref, contextOf(issuedTo)), contextOf(usedBy))).toBe(
          issuedTo === usedBy ? ZHANG.ref : undefined,
        );
  });

  it('cannot be made by who knows the key of a person', () => {
    for (const id of [ZHANG.ref, cursors.encode(ZHANG.ref), cursors.encode(['persons', ZHANG.ref]), ''])
      expect(refOf(id, contextOf(CALLER))).toBeUndefined();
  });
});
