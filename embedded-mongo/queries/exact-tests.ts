/** The exact geometric tests, loaded by the first query that needs one: most stores never do, and loading them takes a while. */
import { createRequire } from 'node:module';
import type { Geometry, Polygon } from 'geojson';

export type ExactTests = {
  readonly intersects: (one: Geometry, other: Geometry) => boolean;
  readonly within: (inner: Geometry, outer: Polygon) => boolean;
};

const require = createRequire(import.meta.url);
let loaded: ExactTests | undefined;

export function exactTests(): ExactTests {
  loaded ??= {
    intersects: (require('@turf/boolean-intersects') as typeof import('@turf/boolean-intersects')).booleanIntersects,
    within: (require('@turf/boolean-within') as typeof import('@turf/boolean-within')).booleanWithin,
  };
  return loaded;
}
