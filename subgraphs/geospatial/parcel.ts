import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { landUses } from '../../lib/codes/land-use.ts';
import { pageSize } from '../../lib/connection.ts';
import { classOfLandUse } from './land-use.ts';
import { type GeospatialContext, PARCEL_NEEDS } from './loaders.ts';
import type { ParcelRecord } from './models.ts';

const EPSG = { CGCS2000: 4490 } as const;

export const parcel = {
  __resolveReference: (stub: { code: string }, { loaders }: GeospatialContext, info: GraphQLResolveInfo) =>
    loaders.parcel(projectionOf(askedFields(info), PARCEL_NEEDS)).load(stub.code),
  code: (row: ParcelRecord) => row._id,
  landUseName: (row: ParcelRecord) => landUses.get(row.landUse) ?? null,
  landUseClass: (row: ParcelRecord) => classOfLandUse(row.landUse),
  geometry: ({ geometry, datum }: ParcelRecord) => ({
    type: geometry.type,
    coordinates: geometry.coordinates,
    datum,
    epsg: EPSG[datum],
  }),
  owner: ({ ownerKind, ownerRef }: ParcelRecord) => {
    if (ownerRef === undefined) return null;
    if (ownerKind === 'PERSON') return { __typename: 'Person', ref: ownerRef };
    return ownerKind === 'LEGAL_PERSON' ? { __typename: 'LegalPerson', uscc: ownerRef } : null;
  },
};

/** The parcels of a person or of a legal person, whom other subgraphs describe. */
export const person = {
  __resolveReference: (stub: { ref: string }) => stub,
  parcels: (stub: { ref: string }, args: First, context: GeospatialContext, info: GraphQLResolveInfo) =>
    ownedBy({ ref: stub.ref, kind: 'PERSON', args }, context, info),
};

export const legalPerson = {
  __resolveReference: (stub: { uscc: string }) => stub,
  parcels: (stub: { uscc: string }, args: First, context: GeospatialContext, info: GraphQLResolveInfo) =>
    ownedBy({ ref: stub.uscc, kind: 'LEGAL_PERSON', args }, context, info),
};

interface First {
  readonly first?: number | null;
}

function ownedBy(
  owner: { readonly ref: string; readonly kind: 'PERSON' | 'LEGAL_PERSON'; readonly args: First },
  { loaders }: GeospatialContext,
  info: GraphQLResolveInfo,
): Promise<readonly ParcelRecord[]> {
  return loaders
    .owned({
      filter: { ownerKind: owner.kind, ...loaders.scope },
      sort: { _id: 1 },
      first: pageSize(owner.args.first),
      projection: projectionOf(askedFields(info), PARCEL_NEEDS),
    })
    .load(owner.ref);
}
