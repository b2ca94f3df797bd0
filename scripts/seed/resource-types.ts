import { Kind, parse } from 'graphql';
import { readAsset } from '../../lib/asset.ts';

/** The types of a subgraph of this program that are resources of the catalogue. */
export function resourceTypes(subgraph: string): readonly string[] {
  const sdl = readAsset(new URL(`../../subgraphs/${subgraph}/schema.graphql`, import.meta.url));
  return parse(sdl, { noLocation: true }).definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION && node.directives?.some(({ name }) => name.value === 'resource')
      ? [node.name.value]
      : [],
  );
}
