import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmallHub, smallHub } from '../support/small-hub.ts';
import { people, ZHANG } from './fixtures.ts';
import { contextOf, direct, directUnguarded } from './support.ts';

/*
 * Class 4: `_entities` skips guards (gqlgen#3910, HotChocolate#6546). test/lib/transports shows that nothing is answered without a
 * context or for another text, over both transports; here what an attacker may hold instead of the right context.
 */
const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { id phone } } }';
const variables = { r: [{ __typename: 'Person', ref: ZHANG.ref }] };
const request = { query, variables };
const REFUSED = { data: null, codes: ['CONTEXT_REFUSED'] };

let hub: SmallHub;
beforeAll(async () => {
  hub = await smallHub({ subgraphs: [people] });
});
afterAll(() => hub.close());

describe('a reference asked for past the gateway', () => {
  it('is resolved for anybody by a subgraph without a guard, and by ours for the gateway', async () => {
    expect((await directUnguarded(people, request)).data).toEqual({ _entities: [{ id: 'p1', phone: ZHANG.phone }] });
    expect((await direct(hub, people, request)).data).toEqual({ _entities: [{ id: 'p1', phone: ZHANG.phone }] });
  });

  it('is not resolved without a context', async () => {
    for (const token of [undefined, ''])
      expect(await direct(hub, people, { ...request, token })).toMatchObject({
        data: null,
        codes: ['CONTEXT_REQUIRED'],
      });
  });

  it('is not resolved with the token of a caller, even if the gateway’s key signed it', async () => {
    expect(await direct(hub, people, { ...request, token: await hub.token({}) })).toMatchObject(REFUSED);
  });

  it('is not resolved with the context of another subgraph', async () => {
    const token = await contextOf(hub, { ...people, name: 'land' }, request);
    expect(await direct(hub, people, { ...request, token })).toMatchObject(REFUSED);
  });

  it('is not resolved with a context that another key signed, whatever name it gives itself', async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    for (const kid of [hub.key.kid, 'another'])
      expect(await direct(hub, people, { ...request, key: { kid, privateKey } })).toMatchObject(REFUSED);
  });

  it('is not resolved with one whose claims were changed, or whose signature is none', async () => {
    const token = await contextOf(hub, people, { ...request, context: { asked: [] } });
    const [header = '', payload = '', signature = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const changed = encode({ ...claims, asked: ['Person.id', 'Person.phone'] });
    const none = encode({ alg: 'none', typ: 'shuniu-context+jwt' });
    for (const forged of [`${header}.${changed}.${signature}`, `${none}.${changed}.`])
      expect(await direct(hub, people, { ...request, token: forged })).toMatchObject(REFUSED);
  });

  it.each([
    ['has expired', -60, -30],
    ['was signed for longer than a plan takes', -60, 3_600],
    ['begins in the future', 600, 660],
  ])('is not resolved with one that %s', async (_, issued, expires) => {
    const [, payload = ''] = (await contextOf(hub, people, request)).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const now = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ ...claims, iat: now + issued, exp: now + expires })
      .setProtectedHeader({ alg: 'EdDSA', kid: hub.key.kid, typ: 'shuniu-context+jwt' })
      .sign(hub.key.privateKey);
    expect(await direct(hub, people, { ...request, token })).toMatchObject(REFUSED);
  });

  it.each([
    ['fewer items', { asked: ['Person.id'] }],
    ['no item of the type', { asked: ['Query.person'] }],
    ['no text', { fetches: [] }],
    ['another text', { fetches: ['x'] }],
  ])('is not resolved with a context for %s', async (_, context) => {
    expect(await direct(hub, people, { ...request, context })).toMatchObject({ data: null, codes: ['NOT_PERMITTED'] });
  });

  it('gives nothing of the items it was not signed for by aliases, fragments or a second operation', async () => {
    const asked = ['Person.id'];
    const texts = [
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { id: phone } } }',
      'query ($r: [_Any!]!) { _entities(representations: $r) { ...P } } fragment P on Person { __typename: phone }',
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Named { phone } } }',
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { id } } } query B { person { phone } }',
    ];
    for (const text of texts) {
      const answer = await direct(hub, people, { query: text, variables, context: { asked } });
      expect(JSON.stringify(answer)).not.toContain(ZHANG.phone);
      expect(answer.codes).toEqual(['NOT_PERMITTED']);
    }
  });

  it('does not tell the schema of the subgraph, even to a context that says so', async () => {
    const service = await directUnguarded(people, { query: '{ _service { sdl } }' });
    expect(JSON.stringify(service.data)).toContain('fingerprint');
    const asked = ['Query._service', '_Service.sdl'];
    for (const text of [
      '{ _service { sdl } }',
      '{ __schema { types { name } } }',
      '{ __type(name: "Person") { name } }',
    ]) {
      const answer = await direct(hub, people, { query: text, context: { asked } });
      expect(answer.codes).toHaveLength(1);
      expect(JSON.stringify(answer.data)).not.toMatch(/Person|fingerprint/);
    }
  });
});
