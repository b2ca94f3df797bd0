import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKeyring } from '../../lib/keys/keyring.ts';
import { hub, hubHere } from './hub-command.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cli-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const WHO = ['--department', 'civil-affairs', '--application', 'relief'];

describe('hub keys', { timeout: 120_000 }, () => {
  it('makes, lists and rotates keys', async () => {
    const made = await hub(['keys', 'init', '--json'], { DATA_DIR: dataDir });
    expect(JSON.parse(made.stdout)).toEqual({
      dir: join(dataDir, 'keys'),
      made: ['gateway', 'development-issuer', 'release', 'cursor', 'session', 'subjects'],
    });
    expect((await stat(join(dataDir, 'keys', 'gateway.key.json'))).mode & 0o777).toBe(0o600);

    const rotated = await hubHere(['keys', 'rotate', '--data-dir', dataDir]);
    expect(rotated).toMatchObject({ code: 0, stderr: '' });
    const kid = /the current key is ([\w-]{43})\./.exec(rotated.stdout)?.[1];

    const listed = await hubHere(['keys', 'list', '--json'], { DATA_DIR: dataDir });
    const keys = JSON.parse(listed.stdout) as { name: string; kid: string; status: string }[];
    expect(keys.filter(({ name }) => name === 'gateway')).toMatchObject([
      { kid, status: 'current', environment: 'development' },
      { status: 'retired' },
    ]);
    const table = await hubHere(['keys', 'list'], { DATA_DIR: dataDir });
    expect(table.stdout).toMatch(/^NAME +ID +STATUS/);
    expect(table.stdout).toContain(kid);
  });

  it('says which command mends a key that others can read', async () => {
    await hubHere(['keys', 'init'], { DATA_DIR: dataDir });
    const file = join(dataDir, 'keys', 'gateway.key.json');
    await chmod(file, 0o644);
    const { code, stderr } = await hubHere(['keys', 'rotate', 'gateway'], { DATA_DIR: dataDir });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `hub: ${file}: others can read or change this key. Run chmod 600 ${file}\n`,
    });
  });

  it('makes keys for production under NODE_ENV=production, and no development issuer', async () => {
    const production = { DATA_DIR: dataDir, NODE_ENV: 'production' };
    expect((await hubHere(['keys', 'init'], production)).stdout).toContain(
      'Made gateway, release, cursor, session, subjects in',
    );
    const { stdout } = await hubHere(['keys', 'list', '--json'], production);
    expect(JSON.parse(stdout)).toMatchObject([
      { name: 'gateway', environment: 'production' },
      { name: 'release', environment: 'production' },
      { name: 'cursor', environment: 'production' },
      { name: 'session', environment: 'production' },
      { name: 'subjects', environment: 'production' },
    ]);
  });
});

describe('hub token', { timeout: 120_000 }, () => {
  it('prints a token that the hub’s keys verify, and nothing else', async () => {
    const more = ['--purpose', 'low-income-check', '--role', 'reader', '--role', 'steward', '--officer', 'o-7'];
    const { code, stdout, stderr } = await hub(['token', ...WHO, ...more, '--expires', '30m'], { DATA_DIR: dataDir });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const keyring = openKeyring({ dir: join(dataDir, 'keys'), production: false, secrets: {} });
    const { payload } = await jwtVerify(stdout.trim(), keyring.verifying('development-issuer'), { audience: 'shuniu' });
    expect(payload).toMatchObject({
      sub: 'civil-affairs/relief',
      purpose: 'low-income-check',
      roles: ['reader', 'steward'],
      officer: 'o-7',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(1_800);
  });

  it('prints JSON for machines', async () => {
    const variables = { DATA_DIR: dataDir, HUB_AUDIENCE: 'urn:another-hub' };
    const { stdout } = await hubHere(['token', ...WHO, '--json'], variables);
    const { token, expiresAt } = JSON.parse(stdout) as { token: string; expiresAt: string };
    expect(decodeJwt(token)).toMatchObject({ aud: 'urn:another-hub', exp: Date.parse(expiresAt) / 1000 });
  });

  it.each([
    [['--purpose', 'Any Thing'], {}, 'hub: purpose: cannot be used. Give lower-case letters, digits and hyphens'],
    [[], { NODE_ENV: 'production' }, 'not used in production. Set HUB_JWKS'],
    [
      [],
      { HUB_JWKS: 'https://id.example/jwks', HUB_ISSUER: 'https://id.example' },
      'HUB_JWKS names another token issuer',
    ],
  ])('is refused for %j under %j', async (options, variables, sentence) => {
    const { code, stdout, stderr } = await hubHere(['token', ...WHO, ...options], { DATA_DIR: dataDir, ...variables });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});
