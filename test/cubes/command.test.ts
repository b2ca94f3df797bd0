import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { today } from '../../lib/today.ts';
import type { BuildResult } from '../../scripts/cubes/build.ts';
import { hubHere } from '../cli/hub-command.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'shuniu-'));
  await hubHere(['seed', '--persons', '200', '--data-dir', dataDir]);
}, 120_000);
afterAll(() => rm(dataDir, { recursive: true }));

const cubes = (...args: readonly string[]) => hubHere(['cubes', ...args, '--data-dir', dataDir]);

describe('hub cubes', { timeout: 240_000 }, () => {
  it('lists nothing where nothing was released', async () => {
    expect(JSON.parse((await cubes('list', '--json')).stdout)).toEqual([]);
  });

  it('refuses a month that the registers cannot be counted for', async () => {
    const { code, stderr } = await cubes('build', '--period', '2020-01');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^hub: --period: the registers hold the present and cannot be counted for 2020-01\. Give /m);
  });

  it('releases what all departments count under one number, and says how much is hidden', async () => {
    const { code, stdout } = await cubes('build', '--json');
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as BuildResult;
    expect(result).toMatchObject({ kind: 'PUBLISHED', release: 1, period: today().slice(0, 7), asOf: today() });
    const cubesOf = new Set(result.protections.map(({ _id }) => _id.split('/')[2]));
    expect([...cubesOf].sort()).toEqual(['archives', 'complaints', 'legal-persons', 'parcels', 'population']);
    const listed = await cubes('list');
    expect(listed.stdout).toMatch(/^RELEASE +PERIOD .+\n1 .+ 5 +\d+ +- +[\d.]+ % +[\d.]+ %\n$/);
  });
});
