import { type DocumentNode, Kind, parse } from 'graphql';
import { implementations } from './documents.ts';
import type { ItemPolicy, Reads, SubgraphSource } from './policy-table.ts';

interface Inherited {
  readonly items: readonly ItemPolicy[];
  readonly reads: readonly (readonly [coordinate: string, reads: Reads])[];
}

/**
 * What subgraphs add to an interface by `@interfaceObject` stands in no implementing type's SDL, yet callers ask the
 * implementing types for it: its policy holds on each of them.
 */
export function inheritedFromInterfaceObjects(
  subgraphs: readonly SubgraphSource[],
  known: { readonly items: ReadonlyMap<string, ItemPolicy>; readonly reads: ReadonlyMap<string, Reads> },
): Inherited {
  const documents = subgraphs.map(({ sdl }) => parse(sdl, { noLocation: true }));
  const implementing = implementations(documents.flatMap(({ definitions }) => definitions));
  const items: ItemPolicy[] = [];
  const reads: [string, Reads][] = [];
  for (const { type, fields } of documents.flatMap(interfaceObjects))
    for (const name of implementing.get(type) ?? []) {
      const on = (coordinate: string): string =>
        coordinate.startsWith(`${type}.`) ? `${name}${coordinate.slice(type.length)}` : coordinate;
      for (const field of fields) {
        const item = known.items.get(`${type}.${field}`);
        if (item) items.push({ ...item, coordinate: on(item.coordinate), requires: item.requires.map(on) });
        for (const [coordinate, read] of known.reads)
          if (coordinate.startsWith(`${type}.${field}(`))
            reads.push([on(coordinate), { ...read, items: read.items.map(on) }]);
      }
    }
  return { items, reads };
}

function interfaceObjects({ definitions }: DocumentNode): { type: string; fields: readonly string[] }[] {
  return definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION && node.directives?.some(({ name }) => name.value === 'interfaceObject')
      ? [{ type: node.name.value, fields: (node.fields ?? []).map(({ name }) => name.value) }]
      : [],
  );
}
