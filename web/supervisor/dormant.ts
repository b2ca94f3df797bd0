import type { Freshness } from '../freshness.ts';
import type { Usage } from '../usage.ts';

export interface SupervisedResource extends Freshness {
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

/** The resources whose owners have not kept the update cycle they promised, those first that are due longest. */
export function staleResources(resources: readonly SupervisedResource[]): readonly SupervisedResource[] {
  const overdue = resources.filter((resource) => resource.overdue === true);
  return overdue.sort((a, b) => (a.due ?? '').localeCompare(b.due ?? ''));
}
