import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the test files of one run keep folders for each other. */
    readonly keptFolder: string;
  }
}

/** Makes the folder of `copyOfKept` before the first test file and removes it after the last; the projects of a run share it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = join(tmpdir(), `shuniu-kept-${process.pid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  project.provide('keptFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}
