import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLocalJWKSet } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyRelease } from '../../sharing/publishing/signature.ts';
import {
  CONSUMER,
  newKey,
  OPERATOR,
  PUBLISHER,
  type PublishOptions,
  type PublishingHub,
  publishingHub,
  SECOND,
} from '../support/publishing-hub.ts';
import { problemOfUrl } from '../../subgraphs/exchange/endpoint-url.ts';
import { changed, people, SDL, WITH_NICKNAME } from './people.ts';

const NEW = changed('"Everybody."', '"All of them."', WITH_NICKNAME);

let hub: PublishingHub;

beforeAll(async () => {
  hub = await publishingHub([people]);
}, 60_000);
afterAll(() => hub.close());

/** What the hub must hold to after every attack. */
async function unchanged(): Promise<void> {
  expect(await hub.models.releases.countDocuments()).toBe(1);
  expect(hub.served()).toBe(1);
  expect(await hub.models.versions.countDocuments()).toBe(2);
}

async function problemOf(options: PublishOptions, sdl = NEW) {
  const { data, errors } = await hub.publish(sdl, options);
  expect(data?.['published'] ?? null).toBeNull();
  await unchanged();
  return errors?.[0];
}

describe('publishing is refused', { timeout: 60_000 }, () => {
  it('to who is no publisher, to a token without an officer, and of another department', async () => {
    for (const claims of [SECOND, CONSUMER, { ...CONSUMER, roles: ['auditor'] }])
      expect((await problemOf({ claims }))?.extensions['reason']).toBe('NOT_AN_ACTOR');
    const { officer: _, ...nobody } = PUBLISHER as typeof PUBLISHER & { officer: string };
    expect((await problemOf({ claims: nobody }))?.message).toContain('officer');
    const other = { ...PUBLISHER, department: 'civil-affairs' };
    const ofOthers = await problemOf({ claims: other });
    const ofNobody = await problemOf({ claims: other, subgraph: 'nobodys' });
    expect(ofOthers?.extensions['code']).toBe('NOT_FOUND');
    expect(ofOthers?.message).toBe(ofNobody?.message);
  });

  it('without a signature of this department over this very schema, URL, subgraph, release, message and reason', async () => {
    const problems = [
      await problemOf({ proof: 'a.b.c' }),
      await problemOf({ key: await newKey() }),
      await problemOf({ signed: { sdl: SDL } }),
      await problemOf({ signed: { subgraph: 'others' } }),
      await problemOf({ signed: { url: 'https://elsewhere.example/graphql' } }),
      await problemOf({ url: 'https://elsewhere.example/graphql', signed: { url: '' } }),
      await problemOf({ signed: { after: 7 } }),
      await problemOf({ signed: { message: 'for another reason' } }),
      await problemOf({ breaking: 'nobody is told', signed: { breaking: undefined } }),
    ];
    expect(problems.map((problem) => problem?.extensions['code'])).toEqual(problems.map(() => 'PROOF_REFUSED'));
  });

  it('with a key that ended, that was revoked, or that another department registered', async () => {
    const [ended, revoked, others] = [await newKey(), await newKey(), await newKey()];
    const register = async (x: string, department: string) => {
      const { data } = await hub.ask(
        'mutation ($x: String!, $department: String!) { key: registerPublishingKey(department: $department, x: $x, days: 30) { id } }',
        OPERATOR,
        { x, department },
      );
      return (data?.['key'] as { id: string }).id;
    };
    const id = await register(ended.x, 'public-security');
    await hub.models.publishingKeys.updateOne({ _id: id }, { validUntil: new Date(Date.now() - 1_000) });
    expect((await problemOf({ key: ended }))?.message).toContain('its key ended on');
    const revoke = (key: string, claims: typeof OPERATOR) =>
      hub.ask('mutation ($key: ID!) { revokePublishingKey(id: $key, reason: "it was lost") { revokedBy } }', claims, {
        key,
      });
    const lost = await register(revoked.x, 'public-security');
    expect((await revoke(lost, { ...PUBLISHER, department: 'civil-affairs' })).errors?.[0]?.extensions['code']).toBe(
      'NOT_FOUND',
    );
    expect((await revoke(lost, PUBLISHER)).data).toEqual({ revokePublishingKey: { revokedBy: 'li' } });
    expect((await problemOf({ key: revoked }))?.message).toContain('revoked');
    await register(others.x, 'civil-affairs');
    expect((await problemOf({ key: others }))?.message).toContain('no publishing key of this department');
  });

  it('to a URL that is none, that names a password, or that would send data openly', async () => {
    for (const url of ['ftp://a.example', 'local:people', 'https://u:p@a.example/graphql', 'http://a.example/graphql'])
      expect((await problemOf({ url }))?.message).toMatch(/^url: /);
  });

  it('to a URL of the gateway’s own host, in production', () => {
    const own = ['localhost:9', 'LOCALHOST.', 'a.localhost', '127.0.0.1', '127.1', '2130706433', '0x7f.1', '0.0.0.0'];
    const local = ['[::1]', '[::]', '[::ffff:127.0.0.1]', '169.254.169.254', '[fe80::1]'];
    for (const host of [...own, ...local]) {
      expect(problemOfUrl(`https://${host}/graphql`, true)).toContain('own host');
      expect(problemOfUrl(`https://${host}/graphql`, false)).toBeUndefined();
    }
    expect(problemOfUrl('https://10.1.2.3:4101/graphql', true)).toBeUndefined();
    expect(problemOfUrl('https://localhost.example/graphql', true)).toBeUndefined();
  });
});

describe('a schema', { timeout: 60_000 }, () => {
  const refusal = async (sdl: string) => {
    const { published, errors } = await hub.publish(sdl);
    expect(errors).toBeUndefined();
    expect(published.outcome).toBe('REFUSED');
    await unchanged();
    return published.check;
  };

  it('that does not compose is refused with the lines of both definitions', async () => {
    const check = await refusal(changed('education: String', 'education: Nope', WITH_NICKNAME));
    expect(check?.problems).toEqual([
      { message: '[people] Unknown type Nope', places: [{ subgraph: 'people', line: 12 }] },
    ]);
    const page = `${WITH_NICKNAME}\n"A page."\ntype PageInfo @shareable @sharing(class: UNCONDITIONAL) {\n  "More."\n  hasNextPage: Int!\n}\n`;
    expect(
      (await refusal(page))?.problems.flatMap(({ places }) => places.map(({ subgraph }) => subgraph)).sort(),
    ).toEqual(expect.arrayContaining(['exchange', 'people']));
  });

  it('that takes or opens what another department keeps is refused', async () => {
    for (const type of [
      'type Grant @key(fields: "id") @sharing(class: UNCONDITIONAL) {\n  "Id."\n  id: ID!\n  "Taken."\n  basis: String!\n}',
      'extend type Grant @key(fields: "id") {\n  "Id."\n  id: ID! @external\n  "Basis."\n  basis: String! @external\n  "Copied."\n  copy: String @requires(fields: "basis") @sharing(class: UNCONDITIONAL)\n  "Over."\n  owner: String! @sharing(class: UNCONDITIONAL)\n}',
    ])
      await refusal(`${WITH_NICKNAME}\n"Taken."\n${type}\n`.replace('"Taken."\nextend', 'extend'));
  });

  it('that breaks a rule of the contract is refused with its fix', async () => {
    const check = await refusal(
      changed(
        'nickname: String @sharing(class: CONDITIONAL)',
        'nickname: String! @sharing(class: CONDITIONAL)',
        WITH_NICKNAME,
      ),
    );
    expect(check?.findings.filter(({ severity }) => severity === 'ERROR')).toHaveLength(1);
  });

  it('that is made to be slow, deep or large is refused within seconds, and the hub answers meanwhile', async () => {
    const deep = `type Query {\n  "Deep."\n  people: ${'['.repeat(50_000)}Int${']'.repeat(50_000)}\n}`;
    const wide = `${WITH_NICKNAME}\n${Array.from({ length: 10_000 }, (_, at) => `"t" type T${at} @key(fields: "id") @sharing(class: UNCONDITIONAL) { "i" id: ID! "n" n: T${at + 1} }`).join('\n')}`;
    const cycle = `${WITH_NICKNAME}\n"I" input I {\n  "i"\n  i: I!\n}\n`;
    const spread = `${WITH_NICKNAME}\n${'interface A & B\n'.repeat(1_000)}`;
    for (const sdl of [deep, wide, cycle, spread]) {
      const started = performance.now();
      const attack = hub.publish(sdl);
      const asked = hub.ask('{ people { education } }', CONSUMER);
      expect((await asked).data).toEqual({ people: [{ education: '本科' }] });
      const { data, errors } = await attack;
      const outcome = (data?.['published'] as { outcome?: string } | undefined)?.outcome ?? errors?.[0]?.message;
      expect(outcome).toBe('REFUSED');
      expect(performance.now() - started).toBeLessThan(30_000);
      await unchanged();
    }
  });

  it('of ten megabytes is not even read', async () => {
    const { createHttpServer } = await import('../../lib/http-server.ts');
    const { pino } = await import('pino');
    const server = createHttpServer({ logger: pino({ level: 'silent' }), production: false });
    server.app.post('/graphql', () => Promise.resolve({ read: true }));
    const origin = await server.listen('127.0.0.1', 0);
    const { status } = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'x'.repeat(10_000_000) }),
    });
    await server.close();
    expect(status).toBe(413);
  });
});

describe('who can write the store', { timeout: 60_000 }, () => {
  it('cannot make a gateway serve a release that the hub did not sign', async () => {
    const release = await hub.models.releases.findById(1).lean();
    if (!release) throw new Error('there is no release');
    const opened = release.policy.replaceAll('"CONDITIONAL"', '"UNCONDITIONAL"');
    await hub.models.releases.create([{ ...release, _id: 2, policy: opened }]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(hub.served()).toBe(1);
    expect((await hub.ask('{ people { phone } }', CONSUMER)).data).toEqual({ people: [{ phone: null }] });
    await hub.models.releases.deleteOne({ _id: 2 });
  });

  it('cannot have the next release measured by one that was changed', async () => {
    const release = await hub.models.releases.findById(1).lean();
    const retired = release?.retired ?? '';
    await hub.models.releases.updateOne({ _id: 1 }, { retired: retired.replace('{', '{ ') });
    const problem = await problemOf({});
    expect(problem?.extensions['code']).toBe('SUBGRAPH_ERROR');
    await hub.models.releases.updateOne({ _id: 1 }, { retired });
  });

  it('cannot change what a release says of itself: what was retired, of what it is made, by whom', async () => {
    const release = await hub.models.releases.findById(1).lean();
    if (!release) throw new Error('there is no release');
    const { _id: number, ...rest } = release;
    const { keys } = JSON.parse(await readFile(join(hub.dataDir, 'keys', 'release.jwks.json'), 'utf8')) as {
      keys: Parameters<typeof createLocalJWKSet>[0]['keys'];
    };
    const keySet = createLocalJWKSet({ keys });
    await verifyRelease({ number, ...rest }, keySet);
    const others = [
      { retired: release.retired.replace('shuniu-policy', 'shuniu-other') },
      { subgraphs: release.subgraphs.map((each) => ({ ...each, url: 'https://elsewhere.example/graphql' })) },
      { officer: 'nobody' },
      { number: 2 },
    ];
    for (const other of others)
      await expect(verifyRelease({ number, ...rest, ...other }, keySet)).rejects.toThrow('cannot be trusted');
  });

  it('cannot bring an old release back under a new number', async () => {
    const release = await hub.models.releases.findById(1).lean();
    if (!release) throw new Error('there is no release');
    await hub.models.releases.create([{ ...release, _id: 2 }]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(hub.served()).toBe(1);
    await hub.models.releases.deleteOne({ _id: 2 });
  });
});
