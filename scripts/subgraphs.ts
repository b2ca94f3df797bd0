import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SubgraphDefinition } from '../lib/subgraph-definition.ts';

/**
 * Every subgraph there is: each folder of `subgraphs/` with a `subgraph` module that exports its `definition`. A further
 * department joins by its folder alone.
 */
export async function discoverSubgraphs(): Promise<readonly SubgraphDefinition[]> {
  const root = new URL('../subgraphs/', import.meta.url);
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const modules = readdirSync(fileURLToPath(root))
    .sort()
    .map((folder) => new URL(`${folder}/subgraph.${extension}`, root))
    .filter((url) => existsSync(url));
  const loaded = await Promise.all(
    modules.map(async (url) => (await import(url.href)) as { readonly definition: SubgraphDefinition }),
  );
  return loaded.map(({ definition }) => definition);
}
