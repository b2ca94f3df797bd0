import { cpSync, readdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Copies what the compiler leaves behind (.graphql, data, pages) beside the compiled modules, so that a URL relative to
 * `import.meta.url` holds in `dist` as in the sources.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const compiled = new Set(['.ts', '.js']);
const folders = ['gateway', 'subgraphs', 'sharing', 'schema', 'lib', 'embedded-mongo', 'scripts', 'web'];

let copied = 0;
for (const folder of readdirSync(root, { withFileTypes: true })) {
  if (!folder.isDirectory() || !folders.includes(folder.name)) continue;
  for (const entry of readdirSync(join(root, folder.name), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || compiled.has(extname(entry.name)) || entry.name.startsWith('.')) continue;
    const path = join(entry.parentPath, entry.name);
    cpSync(path, join(root, 'dist', path.slice(root.length + 1)));
    copied += 1;
  }
}
process.stdout.write(`copied ${copied} files beside the compiled modules\n`);
