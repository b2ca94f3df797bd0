import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the test files of one run keep generated stores for each other. */
    readonly seededFolder: string;
  }
}

/** Makes the folder of `seededStores` before the first test file and removes it after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'shuniu-seeded-'));
  project.provide('seededFolder', folder);
  return () => rm(folder, { recursive: true });
}
