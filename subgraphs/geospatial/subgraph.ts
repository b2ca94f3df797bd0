import { GraphQLScalarType } from 'graphql';
import { readAsset } from '../../lib/asset.ts';
import { DateScalar } from '../../lib/scalars.ts';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { parcelArea } from './count-parcels.ts';
import { PARCELS } from './cubes.ts';
import { division } from './division.ts';
import { type GeospatialContext, type GeospatialLoaders, loaders } from './loaders.ts';
import { models } from './models.ts';
import { OWNER } from './owner.ts';
import { legalPerson, parcel, person } from './parcel.ts';
import { queries } from './queries.ts';

interface DivisionAtStub {
  readonly code: string;
  readonly period: string;
}

const divisionAt = {
  __resolveReference: (stub: DivisionAtStub) => stub,
  parcelAreaSquareMetres: (stub: DivisionAtStub, _: unknown, context: GeospatialContext) => parcelArea(stub, context),
};

/** Output only: geometry is asked for by typed positions, never by free GeoJSON. */
const Geometry = new GraphQLScalarType({ name: 'Geometry', serialize: (value) => value });

/** 自然资源和空间地理: divisions and parcels, of the natural resources bureau. */
export const definition: SubgraphDefinition<GeospatialLoaders> = {
  name: 'geospatial',
  owner: OWNER,
  title: '自然资源和空间地理',
  sdl: readAsset(new URL('./schema.graphql', import.meta.url)),
  cubes: [PARCELS],
  open(connection) {
    const opened = models(connection);
    return {
      loaders: (signed) => loaders(opened, signed),
      resolvers: {
        Query: queries,
        Division: division,
        DivisionAt: divisionAt,
        Parcel: parcel,
        Person: person,
        LegalPerson: legalPerson,
        Geometry,
        Date: DateScalar,
      },
    };
  },
};
