import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The version of the package this program was started from. */
export function version(): string {
  // The build puts this module one folder deeper.
  const root = import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json';
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(new URL(root, import.meta.url), 'utf8')))
    .version;
}
