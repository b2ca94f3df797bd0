import type { Connection } from 'mongoose';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { today } from '../../lib/today.ts';
import { type BuildOptions, type BuildResult, buildCubes } from '../../scripts/cubes/build.ts';

/** Releases what subgraphs count, for this month unless another is given. */
export async function release(
  subgraphs: readonly { readonly definition: SubgraphDefinition; readonly connection: Connection }[],
  options: Partial<BuildOptions> = {},
): Promise<BuildResult> {
  const stores = subgraphs.map(({ definition: { name, cubes = [] }, connection }) => ({ name, cubes, connection }));
  const result = await buildCubes(stores, { period: today().slice(0, 7), asOf: today(), ...options });
  if (result.kind === 'REFUSED') throw new Error(result.refusals.join('\n'));
  return result;
}
