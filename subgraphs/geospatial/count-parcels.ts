import { type CountRow, countRows, sumAt, type TableArguments } from '../../lib/cubes/count-rows.ts';
import { PARCELS } from './cubes.ts';
import type { GeospatialContext } from './loaders.ts';

const asking = ({ loaders, signed }: GeospatialContext) => ({ tables: loaders.tables, signed });

/** The parcels of a division and their area, as released. */
export async function countParcels(code: string, args: TableArguments, context: GeospatialContext) {
  return (await countRows(PARCELS, { code, ...args }, asking(context))).map(shown);
}

/** Area of the parcels in square metres, as released for a period; null where it is suppressed or was not released. */
export function parcelArea(at: { code: string; period: string }, context: GeospatialContext): Promise<number | null> {
  return sumAt(PARCELS, at, asking(context));
}

function shown({ count, suppressed, sum, sumSuppressed, about, of }: CountRow) {
  return {
    ...{ landUse: of('LAND_USE'), ownerKind: of('OWNER_KIND') },
    ...{ count, suppressed, areaSquareMetres: sum, areaSuppressed: sumSuppressed, about },
  };
}
