import { nearestName } from '../../lib/nearest-name.ts';
import type { Grant, GrantItem } from '../../sharing/policy/grant.ts';
import type { CatalogueItem } from '../../sharing/store/catalogue.ts';

const MOST = 200;
const COORDINATE = /^[_A-Za-z]\w{0,99}\.[_A-Za-z]\w{0,99}$/;

export interface Catalogue {
  /** The asked items that are known, by coordinate. */
  readonly items: ReadonlyMap<string, CatalogueItem>;
  /** Coordinates that a mistyped one may mean. */
  readonly coordinates: readonly string[];
}

/** What is wrong with a list of items, whatever they are. */
export function checkList(items: readonly GrantItem[]): readonly string[] {
  if (items.length === 0) return ['items: empty. Name at least one item, as Type.field.'];
  if (items.length > MOST) return [`items: more than ${MOST}. Ask for what the purpose needs, in several requests.`];
  const coordinates = items.map(({ coordinate }) => coordinate);
  return items.flatMap(({ coordinate, uses }, index) => {
    const place = `items[${index}]`;
    if (!COORDINATE.test(coordinate)) return [`${place}.coordinate: not a coordinate. Write Type.field.`];
    if (coordinates.indexOf(coordinate) < index)
      return [`${place}.coordinate: ${coordinate} is listed twice. Put all its uses in one.`];
    if (uses.length === 0) return [`${place}.uses: empty. Name at least one use, such as OUTPUT.`];
    if (new Set(uses).size < uses.length) return [`${place}.uses: one is listed twice. Leave it out.`];
    return [];
  });
}

/** What is wrong with items that a department asks for, by the catalogue. */
export function checkAsked(items: readonly GrantItem[], catalogue: Catalogue, department: string): readonly string[] {
  return items.flatMap(({ coordinate, uses }, index) => {
    const place = `items[${index}].coordinate: ${coordinate}`;
    const known = catalogue.items.get(coordinate);
    if (!known) {
      const near = nearestName(coordinate, catalogue.coordinates);
      return [
        `${place} is no item of the catalogue. ${near ? `Ask for ${near} if that is meant.` : 'Give one that the schema shows.'}`,
      ];
    }
    if (known.owner === department) return [`${place} is of your own department. Leave it out; no grant is needed.`];
    if (known.class !== 'CONDITIONAL') return [notGrantable(place, known)];
    const senseless = uses.filter((use) => !known.uses.includes(use));
    return senseless.map(
      (use) => `items[${index}].uses: ${use} of ${coordinate} is not possible. Choose among ${known.uses.join(', ')}.`,
    );
  });
}

/** What has changed since the items were asked for and keeps their owner from granting them. */
export function checkGrantable(
  items: readonly GrantItem[],
  catalogue: Catalogue['items'],
  { owner }: Pick<Grant, 'owner'>,
): readonly string[] {
  return items.flatMap(({ coordinate }, index) => {
    const place = `items[${index}].coordinate: ${coordinate}`;
    const known = catalogue.get(coordinate);
    if (!known) return [`${place} is no item of the catalogue any more. Approve the others, or refuse the request.`];
    if (known.owner !== owner) return [`${place} is no longer of your department. Approve the others, or refuse.`];
    return known.class === 'CONDITIONAL' ? [] : [notGrantable(place, known)];
  });
}

function notGrantable(place: string, { class: shared, basis }: CatalogueItem): string {
  return shared === 'WITHHELD'
    ? `${place} is withheld by law (${basis ?? 'see the catalogue'}) and cannot be granted. Leave it out.`
    : `${place} is shared without conditions. Leave it out; no grant is needed.`;
}
