import { readFileSync } from 'node:fs';

/**
 * The text of a file that is part of the program (a .graphql beside its module), read once when the module loads.
 * The build copies such files next to the compiled module, so a URL relative to `import.meta.url` holds in both.
 */
export function readAsset(url: URL): string {
  return readFileSync(url, 'utf8');
}
