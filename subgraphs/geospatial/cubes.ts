import type { CubeDefinition } from '../../lib/cubes/cube-definition.ts';
import { modelRows } from '../../lib/cubes/model-rows.ts';
import { classOfLandUse, LAND_USE_CLASSES } from './land-use.ts';
import { models, type ParcelRecord } from './models.ts';

/** 宗地 and their area. */
export const PARCELS: CubeDefinition = {
  name: 'parcels',
  title: '登记宗地',
  unit: '宗',
  definition: '在不动产登记簿登记的宗地；面积为登记面积，逐宗取整到平方米后相加',
  dimensions: [
    { name: 'LAND_USE', values: LAND_USE_CLASSES },
    { name: 'OWNER_KIND', values: ['PERSON', 'LEGAL_PERSON', 'STATE', 'COLLECTIVE'] },
  ],
  sum: { title: '登记面积', unit: '平方米' },
  tables: [
    { by: [], levels: ['PREFECTURE', 'COUNTY', 'TOWNSHIP'], every: 'MONTH' },
    { by: ['LAND_USE'], levels: ['PREFECTURE', 'COUNTY'], every: 'MONTH' },
    { by: ['OWNER_KIND'], levels: ['PREFECTURE', 'COUNTY'], every: 'MONTH' },
  ],
  rows: modelRows<ParcelRecord>({
    model: (connection) => models(connection).parcels,
    fields: ['division', 'landUse', 'ownerKind', 'ownerRef', 'areaSquareMetres'],
    row: ({ division, landUse, ownerKind, ownerRef, areaSquareMetres }) => ({
      division,
      values: [classOfLandUse(landUse), ownerKind],
      amount: Math.round(areaSquareMetres),
      // Of land of the state or a collective each parcel is a respondent: there is nobody behind it to be found out.
      ...(ownerRef !== undefined && isOwned(ownerKind) && { contributor: ownerRef }),
    }),
  }),
};

function isOwned(kind: ParcelRecord['ownerKind']): boolean {
  return kind === 'PERSON' || kind === 'LEGAL_PERSON';
}
