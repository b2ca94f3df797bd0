import { HubError } from '../../lib/errors.ts';
import type { Resource } from './resource.ts';

/** Finds the field that a column or property stands for. */
export type Columns = {
  /** Place of the field in the resource's list; undefined for a column nobody asked for. */
  placeOf(header: string): number | undefined;
  /** Columns met that belong to no field. */
  readonly ignored: Set<string>;
};

export function columnsOf(resource: Resource): Columns {
  const places = new Map(
    resource.fields.flatMap(({ headers }, place) => headers.map((header) => [plain(header), place] as const)),
  );
  const ignored = new Set<string>();
  return {
    ignored,
    placeOf: (header) => {
      const place = places.get(plain(header));
      if (place === undefined) ignored.add(header);
      return place;
    },
  };
}

/** Headers are compared without case, width, blanks, underscores, hyphens and brackets: 注册资本(万元) is 注册资本（万元）. */
function plain(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-()[\]【】/.:\uFEFF]+/g, '');
}

/**
 * The place of each field's column in a header line.
 * @throws HubError MISSING_COLUMNS where a required field has none, or two columns stand for one field.
 */
export function readHeader(resource: Resource, columns: Columns, header: readonly string[]): (number | undefined)[] {
  const found = new Array<number | undefined>(resource.fields.length).fill(undefined);
  for (const [index, name] of header.entries()) {
    const place = columns.placeOf(name.trim());
    if (place === undefined) continue;
    if (found[place] !== undefined) {
      throw new HubError(
        'MISSING_COLUMNS',
        `Two columns stand for ${resource.fields[place]?.name ?? ''}. Remove one of them.`,
      );
    }
    found[place] = index;
  }
  const missing = resource.fields.filter(({ required }, place) => required && found[place] === undefined);
  if (missing.length > 0) {
    const names = missing.map(({ name, headers }) => `${headers[1] ?? name} (${name})`).join(', ');
    throw new HubError(
      'MISSING_COLUMNS',
      `The file lacks these columns: ${names}. Add them, or check the header line and the encoding.`,
    );
  }
  return found;
}
