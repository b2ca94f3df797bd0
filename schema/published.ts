import { withHeader } from './header.ts';
import type { SubgraphSource } from './policy-table.ts';
import { readPolicy } from './read-policy.ts';

/** A subgraph as its server needs it. */
export interface Published {
  /** Its SDL under the header. */
  readonly typeDefs: string;
  /** Coordinates that its server guards: all whose class is not UNCONDITIONAL, those that nobody classified included. */
  readonly classified: readonly string[];
}

/** What a server of this subgraph is built from; one rule for every place that builds one, as it decides what is guarded. */
export function published(source: SubgraphSource): Published {
  const items = [...readPolicy([source]).items.values()].filter((item) => item.class !== 'UNCONDITIONAL');
  return { typeDefs: withHeader(source.sdl), classified: items.map(({ coordinate }) => coordinate) };
}
