import { fileURLToPath } from 'node:url';

/** What runs this program's command line in a process of its own, as sources or built: `node …arguments start`. */
export function hubArguments(): readonly string[] {
  const script = import.meta.url.endsWith('.ts') ? './hub.ts' : './hub.js';
  return [...process.execArgv, fileURLToPath(new URL(script, import.meta.url))];
}
