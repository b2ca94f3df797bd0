import { type Settings } from '../../lib/settings.ts';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { openStores } from '../open-stores.ts';
import { discoverSubgraphs } from '../subgraphs.ts';
import type { CubeStore } from './build.ts';

/** The departments here that count something; those that run elsewhere build their own. */
export function countingSubgraphs(
  definitions: readonly SubgraphDefinition[],
  { subgraphUrls }: Pick<Settings, 'subgraphUrls'>,
): readonly SubgraphDefinition[] {
  return definitions.filter(({ name, cubes = [] }) => cubes.length > 0 && subgraphUrls[name] === undefined);
}

/** Opens the stores of all departments that count something, beside a hub that may be running. */
export async function openCubeStores(
  settings: Settings,
): Promise<{ readonly stores: readonly CubeStore[]; close(): Promise<void> }> {
  const opened = openStores(settings);
  try {
    const stores: CubeStore[] = [];
    for (const { name, database, cubes = [] } of countingSubgraphs(await discoverSubgraphs(), settings))
      stores.push({ name, cubes, connection: await opened.open(database ?? name) });
    return { stores, close: () => opened.close() };
  } catch (thrown) {
    await opened.close();
    throw thrown;
  }
}
