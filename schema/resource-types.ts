import { Kind, parse } from 'graphql';

/** The types of an SDL that are resources of the catalogue. */
export function resourceTypes(sdl: string): readonly string[] {
  return parse(sdl, { noLocation: true }).definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION && node.directives?.some(({ name }) => name.value === 'resource')
      ? [node.name.value]
      : [],
  );
}
