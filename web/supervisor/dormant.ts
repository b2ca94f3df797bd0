import type { Usage } from '../usage.ts';

export interface SupervisedResource {
  readonly type: string;
  readonly title: string;
  readonly owner: string;
  readonly subgraph: string;
  readonly updateCycle: string;
  readonly itemCount: number;
}

/** The resources of which nobody asked a single item, in subgraphs whose use is known. */
export function dormantResources(
  resources: readonly SupervisedResource[],
  usage: readonly Pick<Usage, 'subgraph' | 'items'>[],
): readonly SupervisedResource[] {
  const known = new Set(usage.map(({ subgraph }) => subgraph));
  const asked = new Set(usage.flatMap(({ items }) => items.map(({ coordinate }) => coordinate.split('.', 1)[0])));
  return resources.filter(({ type, subgraph }) => known.has(subgraph) && !asked.has(type));
}
