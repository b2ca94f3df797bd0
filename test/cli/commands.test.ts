import { describe, expect, it } from 'vitest';
import { resources } from '../../scripts/import/resources.ts';
import { hub, hubHere } from './hub-command.ts';

const COMMANDS = [
  'start',
  'subgraph',
  'token',
  'keys',
  'keys init',
  'keys list',
  'keys rotate',
  'seed',
  'import',
  'store',
  'store url',
  'store status',
  'supergraph',
  'supergraph print',
  'gateway',
  'explain',
];

describe('the command line', { timeout: 120_000 }, () => {
  it.each(COMMANDS)('explains hub %s', async (command) => {
    const { code, stdout } = await hubHere([...command.split(' '), '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: hub ${command}`);
    const parent = command.split(' ')[0] ?? '';
    const { stdout: examples } = await hubHere([parent, '--help']);
    expect(examples).toContain(`\nExamples:\n  $ `);
    expect(examples).toContain(`hub ${command}`);
  });

  it.each([
    [['tokne'], "unknown command 'tokne'", 'Did you mean token?'],
    [['keys', 'init', '--jsn'], "unknown option '--jsn'", 'Did you mean --json?'],
    [['token', '--department', 'civil-affairs'], "required option '--application <code>' not specified", ''],
    [
      ['keys', 'rotate', 'all'],
      'Allowed choices are gateway, development-issuer, release, cursor, session, subjects',
      '',
    ],
    [['subgraph', 'weather'], 'Allowed choices are archives, ', 'population'],
    [['import', 'people', 'x.csv'], 'Allowed choices are persons, ', ''],
    [['store', 'url', 'a', 'b'], 'too many arguments', ''],
    [['keys'], 'Usage: hub keys', ''],
    [[], 'Usage: hub [options] [command]', ''],
  ])('takes hub %j for wrong usage', async (args, complaint, advice) => {
    const { code, stdout, stderr } = await hubHere(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(complaint);
    expect(stderr).toContain(advice);
  });

  it('offers every resource that can be imported', async () => {
    const { stderr } = await hubHere(['import', 'nothing', 'x']);
    for (const name of resources.keys()) expect(stderr).toContain(name);
  });

  it('says on standard error what is wrong with a setting, in a sentence, and fails', async () => {
    const { code, stdout, stderr } = await hub(['keys', 'list'], { HUB_PROT: '4000', HUB_PORT: 'x' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      'hub: HUB_PROT: not a setting of the hub. Set HUB_PORT if that is meant, or unset it.',
      'hub: HUB_PORT: "x" cannot be used. Set the port to listen on, a whole number from 0 to 65535.',
    ]);
  });

  it('does not start in production with the development issuer', async () => {
    const { code, stderr } = await hubHere(['start', '--port', '0'], { NODE_ENV: 'production' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^hub: HUB_JWKS: missing, and the development issuer is refused in production\. Set .*\n$/);
  });

  it('says where an unexpected error arose only if asked', async () => {
    const unreadable = { DATA_DIR: '/dev/null/data' };
    const plain = await hubHere(['keys', 'init'], unreadable);
    expect(plain.code).toBe(1);
    expect(plain.stderr).toMatch(/^hub: Unexpected error: .*ENOTDIR.*\n$/);
    const asked = await hubHere(['--stack', 'keys', 'init'], unreadable);
    expect(asked.stderr).toContain('\n    at ');
  });
});
