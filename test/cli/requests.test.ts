import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seededStores } from '../support/seeded-stores.ts';
import { type Finished, hubHere, hubStays, type RunningCommand } from './hub-command.ts';

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

const WITHIN_A_SECOND = { timeout: 1_000, interval: 50 };
const BASIS = '社会救助暂行办法 第五十八条';

describe('a grant from its request to its end, over a whole hub', { timeout: 240_000 }, () => {
  let dataDir: string;
  let running: RunningCommand;
  let origin: string;
  let number: string;
  let wang: string;
  let chen: string;

  beforeAll(async () => {
    dataDir = await seededStores(300);
    running = await hubStays(['start', '--port', '0', '--data-dir', dataDir]);
    await vi.waitFor(() => expect(running.output.stdout).toContain('Ctrl-C stops it in order'), { timeout: 10_000 });
    origin = /ready: (http:\/\/[\d.:]+)\//.exec(running.output.stdout)?.[1] ?? '';
    wang = await token(['civil-affairs', 'relief'], ['--officer', 'wang', '--role', 'sharing-applicant']);
    chen = await token(['public-security', 'registry'], ['--officer', 'chen', '--role', 'sharing-officer']);
    const { data } = await ask(
      chen,
      '{ persons(filter: { division: "532300" }, first: 50) { edges { node { residentNumber maritalStatus } } } }',
    );
    const { edges } = data?.['persons'] as { edges: { node: Record<string, string | null> }[] };
    const known = edges.find(({ node }) => node['residentNumber']?.length === 18 && node['maritalStatus'] !== null);
    number = known?.node['residentNumber'] ?? '';
  }, 240_000);
  afterAll(async () => {
    await running.stop('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  async function token([department, application]: readonly [string, string], flags: string[] = []): Promise<string> {
    const who = ['--department', department, '--application', application, '--purpose', 'low-income-check'];
    const issued = await hubHere(['token', '--data-dir', dataDir, ...who, ...flags]);
    expect(issued).toMatchObject({ code: 0 });
    return issued.stdout.trim();
  }

  async function ask(bearer: string, query: string): Promise<Answer> {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as Answer;
  }

  const run = (bearer: string, ...args: string[]): Promise<Finished> =>
    hubHere([...args, '--url', `${origin}/graphql`], { HUB_TOKEN: bearer });

  async function status(): Promise<{ readonly shown: unknown; readonly refusal: Record<string, unknown> | undefined }> {
    const { data, errors } = await ask(
      wang,
      `{ personByResidentNumber(residentNumber: "${number}") { maritalStatus } }`,
    );
    const person = data?.['personByResidentNumber'] as { maritalStatus: unknown } | null;
    return { shown: person?.maritalStatus, refusal: errors?.[0]?.extensions };
  }

  const create = (bearer: string, ...more: string[]): Promise<Finished> =>
    run(
      bearer,
      ...[
        'request',
        'create',
        '--item',
        'Person.maritalStatus',
        '--basis',
        BASIS,
        '--division',
        '532300',
        '--days',
        '365',
      ],
      ...more,
    );

  it('refuses, takes the request, approves, answers, revokes and refuses again, each within a second', async () => {
    expect(await status()).toMatchObject({ shown: null, refusal: { reason: 'NO_GRANT', owner: 'public-security' } });

    const asked = await create(wang, '--quiet');
    expect(asked).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^R-[0-9a-f]{16}\n$/) as string });
    const request = asked.stdout.trim();
    expect((await status()).shown).toBeNull();

    const listed = await run(chen, 'request', 'list', '--state', 'PENDING');
    expect(listed.stdout).toMatch(
      new RegExp(
        `^${request} +PENDING +civil-affairs/relief +public-security +low-income-check +Person.maritalStatus`,
        'm',
      ),
    );
    const shown = await run(chen, 'request', 'show', request);
    expect(shown.stdout).toContain(`basis        ${BASIS}`);
    expect(shown.stdout).toContain('item         Person.maritalStatus=OUTPUT');

    const approved = await run(chen, 'grant', 'approve', request, '--reason', 'as the law says', '--quiet');
    expect(approved).toMatchObject({ code: 0, stderr: '', stdout: `G-${request.slice(2)}\n` });
    await vi.waitFor(async () => {
      expect(await status()).toEqual({ shown: expect.any(String) as string, refusal: undefined });
    }, WITHIN_A_SECOND);

    const grant = approved.stdout.trim();
    const renewed = await run(chen, 'grant', 'renew', grant, '--until', inDays(700), '--json');
    expect(JSON.parse(renewed.stdout)).toMatchObject({ id: grant, renewedBy: 'chen', request, approvedBy: 'chen' });
    expect((await run(wang, 'grant', 'list')).stdout).toMatch(new RegExp(`^${grant} +IN_FORCE`, 'm'));

    expect((await run(chen, 'grant', 'revoke', grant, '--reason', 'the purpose has ended')).code).toBe(0);
    await vi.waitFor(async () => {
      expect(await status()).toMatchObject({ shown: null, refusal: { reason: 'NO_GRANT' } });
    }, WITHIN_A_SECOND);
    const seen = JSON.parse((await run(wang, 'grant', 'list', '--json')).stdout) as { id: string }[];
    expect(seen.find(({ id }) => id === grant)).toMatchObject({
      ...{ state: 'REVOKED', revokedBy: 'chen', revocationReason: 'the purpose has ended' },
    });
  });

  it('is asked for by the very mutation that the refusal names, once its gaps are filled', async () => {
    const { refusal } = await status();
    const how = String(refusal?.['howToApply']);
    const mutation = /mutation .*$/.exec(how)?.[0] ?? '';
    expect(how).toMatch(
      /^Ask public-security with a token that names its officer and the role sharing-applicant, the legal/,
    );
    expect((await ask(wang, mutation)).errors?.[0]?.message).toMatch(/^basis: says nothing/);
    const filled = mutation.replace('basis: "…"', `basis: "${BASIS}"`).replace('["…"]', '["532301"]');
    const { data, errors } = await ask(wang, filled);
    expect([errors, data]).toEqual([
      undefined,
      { requestSharing: [{ id: expect.any(String) as string, state: 'PENDING' }] },
    ]);
    const { id } = (data?.['requestSharing'] as { id: string }[])[0] ?? { id: '' };
    const refused = await run(chen, 'grant', 'refuse', id, '--reason', 'another office asks already');
    expect(refused).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse((await run(wang, 'request', 'show', id, '--json')).stdout)).toMatchObject({
      ...{ state: 'REFUSED', reason: 'another office asks already', decidedBy: 'chen' },
    });
  });

  it('is decided by no other: not by who asked, not by their colleague, not by another owner, not without the role', async () => {
    const request = (await create(wang, '--quiet')).stdout.trim();
    const officer = ['--role', 'sharing-officer', '--officer'];
    const told = {
      colleague: await token(['civil-affairs', 'relief'], [...officer, 'zhao']),
      otherOwner: await token(['market-regulation', 'registry'], [...officer, 'gao']),
      samePerson: await token(['public-security', 'registry'], [...officer, 'wang']),
      applicant: await token(['public-security', 'registry'], ['--role', 'sharing-applicant', '--officer', 'li']),
    };
    const answers = [];
    for (const bearer of Object.values(told)) {
      const { code, stdout, stderr } = await run(bearer, 'grant', 'approve', request);
      expect([code, stdout]).toEqual([1, '']);
      answers.push(stderr);
    }
    const notThere = expect.stringMatching(
      /^hub: request: none of this id is addressed to your department\./,
    ) as string;
    expect(answers).toEqual([
      notThere,
      notThere,
      'hub: officer: must not decide on what the same person asked for. Another officer of the owner decides.\n',
      'hub: roles: the token lacks the role for this. Use one with --officer <id> and --role sharing-officer to decide, schema-publisher to publish, hub-operator to run the hub.\n',
    ]);
    const unseen = await run(told.otherOwner, 'request', 'show', request);
    expect(unseen).toMatchObject({ code: 1, stdout: '' });
    expect(unseen.stderr).toContain('nothing of this id that your department may see');
    expect((await status()).shown).toBeNull();
  });

  it('is not widened by its owner, and says all that is wrong with what was asked', async () => {
    const request = (await create(wang, '--quiet')).stdout.trim();
    const wider = await run(chen, 'grant', 'approve', request, '--item', 'Person.phone', '--division', '530000');
    expect(wider).toMatchObject({ code: 1, stdout: '' });
    expect(wider.stderr.split('\n').slice(0, 2)).toEqual([
      'hub: items[0].coordinate: was not asked for. Grant only items of the request.',
      'hub: divisions[0]: not within what was asked. Name divisions inside those of the request.',
    ]);
    const wrong = await create(wang, '--item', 'Person.fingerprintCode', '--item', 'Person.nmae', '--until', inDays(9));
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/Person\.fingerprintCode is withheld by law/);
    expect(wrong.stderr).toMatch(/Person\.nmae is no item of the catalogue\. Ask for Person\.name if that is meant/);
    expect(wrong.stderr).toMatch(/days: given beside validUntil/);
  });

  it('is recorded, with who decided and without what was written', async () => {
    const auditor = await token(['audit-office', 'supervision'], ['--role', 'auditor']);
    const { data } = await ask(
      auditor,
      '{ auditEntries(first: 100) { edges { node { officer operation allowed } } } }',
    );
    const { edges } = data?.['auditEntries'] as { edges: { node: { officer: string; allowed: string[] } }[] };
    for (const [mutation, officer] of [
      ['Mutation.requestSharing', 'wang'],
      ['Mutation.approve', 'chen'],
      ['Mutation.revoke', 'chen'],
    ] as const)
      expect(edges.some(({ node }) => node.officer === officer && node.allowed.includes(mutation))).toBe(true);
    expect(JSON.stringify(data)).not.toContain('the purpose has ended');
  });
});

describe('hub request and hub grant', { timeout: 60_000 }, () => {
  const TOKEN = `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.x`;

  it.each(['create', 'list', 'show'])('explains hub request %s', async (command) => {
    const { code, stdout } = await hubHere(['request', command, '--help']);
    expect([code, stdout.includes(`Usage: hub request ${command}`)]).toEqual([0, true]);
    expect((await hubHere(['request', '--help'])).stdout).toMatch(new RegExp(`\\$ hub request ${command}`));
  });

  it.each(['list', 'approve', 'refuse', 'revoke', 'renew'])('explains hub grant %s', async (command) => {
    const { code, stdout } = await hubHere(['grant', command, '--help']);
    expect([code, stdout.includes(`Usage: hub grant ${command}`)]).toEqual([0, true]);
    expect((await hubHere(['grant', '--help'])).stdout).toMatch(new RegExp(`\\$ hub grant ${command}`));
  });

  it.each([
    [['grant', 'revoke', 'G-1'], "required option '--reason <text>' not specified"],
    [['grant', 'renew', 'G-1', '--until', '2027-13-01'], 'Give a day such as 2027-06-30'],
    [['request', 'create', '--item', 'Person.name=SEE'], 'Give Type.field=USE,USE of OUTPUT'],
    [['request', 'list', '--state', 'OPEN'], 'Allowed choices are PENDING, APPROVED, REFUSED'],
    [['request', 'list', '--first', '0'], 'Give a whole number from 1 on'],
    [['request', 'list', '--token', TOKEN], "unknown option '--token'"],
  ])('takes hub %j for wrong usage', async (args, complaint) => {
    const { code, stdout, stderr } = await hubHere(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(complaint);
  });

  it('says how to name a token where there is none, and never shows one', async () => {
    const none = await hubHere(['grant', 'list']);
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toMatch(/^hub: No token: set HUB_TOKEN, or name a file by --token-file\./);
    const wrong = await hubHere(['grant', 'list'], { HUB_TOKEN: 'not a token' });
    expect(wrong.stderr).toBe(
      'hub: HUB_TOKEN: the value cannot be used. Set a token (JWT), such as `hub token` prints.\n',
    );
    const lost = await hubHere(['grant', 'list', '--token-file', '/nowhere/token']);
    expect(lost.stderr).toMatch(/^hub: --token-file: cannot be read \(ENOENT/);
  });

  it('reads the token from a file, sends it to the endpoint alone, and tells what that answered', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shuniu-'));
    const file = join(folder, 'token');
    await writeFile(file, `${TOKEN}\n`, { mode: 0o600 });
    const replies = [
      { status: 200, body: '<html>' },
      { status: 401, body: '{"errors":[{"message":"The token has expired. Get a new one."}]}' },
      { status: 302, body: '' },
    ];
    const sent: unknown[] = [];
    const server = createServer((request, response) => {
      sent.push(request.headers.authorization);
      const { status, body } = replies[sent.length - 1] ?? { status: 500, body: '' };
      response.writeHead(status, { 'content-type': 'application/json', location: 'http://127.0.0.1:1/' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    const ask = (): Promise<Finished> => hubHere(['grant', 'list', '--token-file', file, '--url', url]);

    expect((await ask()).stderr).toMatch(/answered with status 200, not as a GraphQL endpoint does/);
    expect(await ask()).toMatchObject({ code: 1, stderr: 'hub: The token has expired. Get a new one.\n' });
    expect((await ask()).stderr).toMatch(/no answer \(unexpected redirect\)/);
    expect(sent).toEqual(Array(3).fill(`Bearer ${TOKEN}`));
    await new Promise((resolve) => server.close(resolve));
    expect((await ask()).stderr).toMatch(/no answer \(.*ECONNREFUSED.*\)\. Start the hub there, or name its endpoint/);
    await rm(folder, { recursive: true });
  });

  it('sends no token unencrypted to another host', async () => {
    const { code, stderr } = await hubHere(['grant', 'list', '--url', 'http://hub.example/graphql'], {
      HUB_TOKEN: TOKEN,
    });
    expect(code).toBe(1);
    expect(stderr).toBe('hub: --url: the token would go unencrypted. Give an https URL, or one of this host.\n');
  });
});

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
