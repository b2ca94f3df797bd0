/** A full disk fails the write that does not fit, and nothing else. */
import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';

import { expect, it, onTestFinished } from 'vitest';

import { run } from './child.ts';
import { temporaryDirectory } from './support.ts';

it.runIf(process.platform === 'linux')(
  'says that the disk is full, keeps what is stored readable, and goes on when there is room',
  async () => {
    const dir = await temporaryDirectory();
    const child = run('./full-disk-writer.ts', [dir], { limit: 8 * 1024 });
    onTestFinished(() => child.kill());
    const [, stored, counted, indexed] = (await child.line('counts')).split(' ').map(Number);
    expect(await child.line('failed')).toContain('disk is full');
    expect(await child.line('failed')).toContain('reading still works');
    expect(stored).toBeGreaterThan(100);
    expect([counted, indexed]).toEqual([stored, stored]);

    execFileSync('prlimit', ['--pid', String(child.process.pid), '--fsize=unlimited:']);
    child.process.stdin?.write('go on\n');
    const left = String((stored ?? 0) - 99);
    expect(await child.line('afterwards')).toBe(`afterwards ${left} ${left}`);
    await rm(dir, { recursive: true });
  },
);
