import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SubgraphDefinition } from '../lib/subgraph-definition.ts';

const root = new URL('../subgraphs/', import.meta.url);
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** The names of the subgraphs there are, without loading them: a folder with a `subgraph` module is one. */
export function subgraphNames(): readonly string[] {
  return readdirSync(fileURLToPath(root))
    .sort()
    .filter((folder) => existsSync(moduleOf(folder)));
}

/**
 * Every subgraph there is: each folder of `subgraphs/` with a `subgraph` module that exports its `definition`. A further
 * department joins by its folder alone.
 */
export async function discoverSubgraphs(): Promise<readonly SubgraphDefinition[]> {
  const loaded = await Promise.all(
    subgraphNames().map(
      async (folder) => (await import(moduleOf(folder).href)) as { readonly definition: SubgraphDefinition },
    ),
  );
  return loaded.map(({ definition }) => definition);
}

function moduleOf(folder: string): URL {
  return new URL(`${folder}/subgraph.${extension}`, root);
}
