import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';

const AGAIN_MS = 100;

/**
 * A new folder, nobody's but the caller's, who removes it, with what `fill` leaves in one. That is made once in a run for each
 * name, and copied: `fill` closes what it opens.
 */
export async function copyOfKept(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const kept = join(inject('keptFolder'), name);
  while (!existsSync(kept)) await makeUnlessMaking(kept, fill);
  const copy = await mkdtemp(join(tmpdir(), 'shuniu-'));
  await cp(kept, copy, { recursive: true });
  return copy;
}

/** Whoever begins first fills it; others wait, and begin anew where that failed. */
async function makeUnlessMaking(kept: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const making = `${kept}.making`;
  try {
    await mkdir(making, { mode: 0o700 });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    await sleep(AGAIN_MS);
    return;
  }
  try {
    await fill(making);
    await rename(making, kept);
  } catch (thrown) {
    await rm(making, { recursive: true });
    throw thrown;
  }
}
