import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changed, people, SDL, WITH_NICKNAME } from '../publishing/people.ts';
import { OPERATOR, PUBLISHER, type PublishingHub, publishingHub, SECOND } from '../support/publishing-hub.ts';
import { hubHere } from './hub-command.ts';

let hub: PublishingHub;
let url = '';
let folder = '';
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  hub = await publishingHub([people]);
  url = await hub.listen();
  folder = await mkdtemp(join(tmpdir(), 'shuniu-'));
}, 60_000);
afterAll(async () => {
  await hub.close();
  await rm(folder, { recursive: true });
});

type Claims = Parameters<PublishingHub['token']>[0];

/** A command of this officer. */
async function by(claims: Claims, command: readonly string[], endpoint = '--url') {
  return hubHere([...command, endpoint, url], { HUB_TOKEN: await hub.token(claims) });
}
/** `hub check` or `hub publish` of a schema. */
async function schema(command: 'check' | 'publish', sdl: string, ...more: string[]) {
  await writeFile(file('people.graphql'), sdl);
  return by(PUBLISHER, [command, 'people', file('people.graphql'), ...more], '--endpoint');
}
const signed = (): string[] => ['--key', file('key.json'), '--message', 'a test'];

describe('a publishing key', { timeout: 60_000 }, () => {
  it('is made with a private half that only its owner can read, and never over another', async () => {
    const made = await hubHere(['publishing-key', 'create', '--out', file('key.json')]);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect((await stat(file('key.json'))).mode & 0o777).toBe(0o600);
    const { d } = JSON.parse(await readFile(file('key.json'), 'utf8')) as { d: string };
    expect(made.stdout).not.toContain(d);
    const again = await hubHere(['publishing-key', 'create', '--out', file('key.json')]);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('--out: ') as string });
  });

  it('is accepted by the data bureau, listed for its department, and revoked', async () => {
    const x = (await readFile(file('key.json.pub'), 'utf8')).trim();
    const register = ['publishing-key', 'register', x, '--department', 'public-security'];
    expect((await by(PUBLISHER, register)).stderr).toContain('roles: the token lacks the role');
    expect(await by(OPERATOR, register)).toMatchObject({ code: 0 });
    const listed = await by(PUBLISHER, ['publishing-key', 'list', '--json']);
    const keys = JSON.parse(listed.stdout) as { id: string; department: string }[];
    expect(keys.map(({ department }) => department)).toEqual(['public-security', 'public-security']);
    const others = await by({ ...PUBLISHER, department: 'civil-affairs' }, ['publishing-key', 'list', '--json']);
    expect(JSON.parse(others.stdout)).toEqual([]);
  });
});

describe('hub check', { timeout: 60_000 }, () => {
  it('says that what nobody uses can go', async () => {
    const { code, stdout } = await schema('check', SDL);
    expect(stdout).toContain("breaking: Field 'nickname' was removed from object type 'Person'");
    expect([code, stdout.trim().split('\n').at(-1)]).toEqual([0, 'It can be published.']);
  });

  it('points at the line of what is wrong, and ends with 1', async () => {
    const lost = await schema('check', changed('education: String', 'education: Nope'));
    expect(lost).toMatchObject({ code: 1, stdout: expect.stringContaining('at people:12:') as string });
    const broken = await schema('check', changed('type Query {', 'type Query {{'));
    expect(broken).toMatchObject({ code: 1 });
    expect(broken.stderr).toMatch(/people\.graphql:15:\d+: Syntax Error/);
    expect(await by(PUBLISHER, ['check', 'people', file('none.graphql')], '--endpoint')).toMatchObject({ code: 1 });
  });

  it('gives all of it as JSON', async () => {
    const { stdout } = await schema('check', changed('education: String', 'education: Nope'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'REFUSED',
      problems: [{ places: [{ subgraph: 'people', line: 12 }] }],
    });
  });
});

describe('hub publish', { timeout: 60_000 }, () => {
  it('wants a message and a key', async () => {
    expect(await schema('publish', SDL)).toMatchObject({ code: 2 });
    const { code, stderr } = await schema('publish', SDL, '--message', 'a test');
    expect([code, stderr]).toEqual([1, expect.stringContaining('hub publishing-key create')]);
  });

  it('says which release is in force, and where nothing is new', async () => {
    expect((await schema('publish', SDL, ...signed())).stdout).toContain('Release 2 is in force.');
    await expect.poll(() => hub.served(), { timeout: 5_000 }).toBe(2);
    expect((await schema('publish', SDL, ...signed())).stdout).toContain('Nothing is new: release 2 stays in force.');
    const late = await schema('publish', WITH_NICKNAME, ...signed(), '--after', '1');
    expect(late).toMatchObject({ code: 1, stderr: expect.stringContaining('after: release 2 is in force') as string });
    const { stdout } = await by(PUBLISHER, ['releases']);
    expect(stdout).toMatch(/^2 +yes +PUBLISHED +people +\S+ +public-security\/li +a test$/m);
  });

  it('makes a proposal of what somebody would see more by; another officer decides', async () => {
    const open = changed('name: String @sharing(class: CONDITIONAL, mask: NAME)', 'name: String');
    const { code, stdout } = await schema('publish', open, ...signed());
    const [, id = ''] = /^Proposal (P-[0-9a-f]+): /m.exec(stdout) ?? [];
    expect([code, id]).toEqual([0, expect.stringMatching(/^P-/)]);
    expect((await by(SECOND, ['proposal', 'show', id])).stdout).toMatch(
      /^every department +Person.name +.+ +.*all of it$/m,
    );
    expect((await by(PUBLISHER, ['proposal', 'approve', id])).code).toBe(1);
    const refused = await by(SECOND, ['proposal', 'refuse', id, '--reason', 'names stay masked', '--json']);
    expect(JSON.parse(refused.stdout)).toMatchObject({ state: 'REFUSED', decidedBy: 'zhao' });
    expect((await by(SECOND, ['proposal', 'list', '--state', 'PENDING', '--json'])).stdout.trim()).toBe('[]');
  });
});

describe('hub rollback and hub registry', { timeout: 60_000 }, () => {
  it('bring an earlier release back, by who runs the hub', async () => {
    expect((await by(PUBLISHER, ['rollback', '1', '--message', 'undo'])).code).toBe(1);
    expect((await by(OPERATOR, ['rollback', '1', '--message', 'undo'])).stdout).toContain('Release 3 is in force.');
    expect((await by(OPERATOR, ['rollback', 'x', '--message', 'undo'])).code).toBe(2);
    const none = await by(OPERATOR, ['rollback', '77', '--message', 'undo']);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('there is none numbered') as string });
  });

  it('register, list, hand over and take out', async () => {
    expect((await by(OPERATOR, ['registry', 'register', 'traffic', '--owner', 'traffic-police'])).code).toBe(0);
    const again = await by(OPERATOR, ['registry', 'register', 'traffic', '--owner', 'civil-affairs']);
    expect(again.stderr).toContain('traffic is registered already');
    const listed = await by(PUBLISHER, ['registry', 'list', '--json']);
    expect((JSON.parse(listed.stdout) as { name: string }[]).map(({ name }) => name)).toEqual([
      'exchange',
      'people',
      'traffic',
    ]);
    const gone = await by(OPERATOR, ['registry', 'withdraw', 'people', '--message', 'moved']);
    expect(gone).toMatchObject({ code: 0, stdout: expect.stringContaining('Release 4 is in force.') as string });
  });
});
