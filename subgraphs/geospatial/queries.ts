import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { levelOf } from '../../lib/codes/division-table.ts';
import type { Page, PageArguments } from '../../lib/connection.ts';
import { HubError } from '../../lib/errors.ts';
import { exactText } from '../../lib/exact-text.ts';
import { both } from '../../lib/row-scope.ts';
import { searchPage } from '../../lib/search-page.ts';
import { today } from '../../lib/today.ts';
import { withinDivision } from '../../lib/within-division.ts';
import { findDivision, inForce, projectionOfDivision } from './division.ts';
import { landUsesOf } from './land-use.ts';
import { type GeospatialContext, PARCEL_NEEDS, PLACE } from './loaders.ts';
import type { ParcelRecord } from './models.ts';
import { type PositionInput, readPosition, requireDatum } from './position.ts';
import { readRing } from './ring.ts';

interface DivisionsArguments extends PageArguments {
  readonly parent?: string | null;
  readonly level?: string | null;
  readonly name?: string | null;
  readonly at?: string | null;
}

interface ParcelFilter {
  readonly division: string;
  readonly landUse?: string | null;
  readonly ownerKind?: string | null;
}

/** Records that overlap at a point are an error of the register; more than a few are not worth showing. */
const MOST_AT_A_POINT = 20;

/** The root fields of geospatial. A look-up that finds nothing is null, whether there is no such row or it is not for this caller. */
export const queries = {
  division: (
    _: unknown,
    args: { code: string; at?: string | null },
    context: GeospatialContext,
    info: GraphQLResolveInfo,
  ) => findDivision(divisionCode(args.code, 'code'), args.at ?? undefined, context, projectionOfDivision(info)),

  divisions: async (_: unknown, args: DivisionsArguments, context: GeospatialContext, info: GraphQLResolveInfo) => {
    const { parent, level } = args;
    const name = exactText(args.name, 'name');
    if (typeof parent !== 'string' && !level && !name)
      throw new HubError(
        'BAD_USER_INPUT',
        'parent: the list would hold all divisions. Give a parent, a level or a name.',
      );
    const asAt = args.at ?? today();
    const found = await searchPage(context.loaders.models.divisions, {
      list: 'divisions',
      filter: {
        ...(typeof parent === 'string' && { parent: divisionCode(parent, 'parent') }),
        ...(level && { level }),
        ...(name && { name }),
        ...inForce(asAt),
      },
      projection: projectionOfDivision(info, ['edges', 'node']),
      sort: { code: 1, _id: 1 },
      arguments: args,
      cursors: context.cursors,
    });
    return { ...found, edges: found.edges.map(({ cursor, node }) => ({ cursor, node: { ...node, asAt } })) };
  },

  parcel: (_: unknown, args: { code: string }, { loaders }: GeospatialContext, info: GraphQLResolveInfo) => {
    const code = args.code.trim().toUpperCase();
    if (!/^\d{12}[A-Z]{2}\d{5}$/.test(code))
      throw new HubError(
        'BAD_USER_INPUT',
        'code: not a parcel code. Give its 19 characters: 12 digits, 2 letters for the kind of right, 5 digits.',
      );
    return loaders.parcel(projectionOf(askedFields(info), PARCEL_NEEDS)).load(code);
  },

  parcels: (
    _: unknown,
    args: { filter: ParcelFilter } & PageArguments,
    context: GeospatialContext,
    info: GraphQLResolveInfo,
  ) => {
    const { division, landUse, ownerKind } = args.filter;
    const filter = {
      ...withinDivision(division, PLACE),
      ...(landUse && { landUse: landUsesOf(landUse) }),
      ...(ownerKind && { ownerKind }),
    };
    return parcelPage({ list: 'parcels', filter, sort: { county: 1, _id: 1 }, args }, context, info);
  },

  parcelsInPolygon: (
    _: unknown,
    args: { polygon: readonly PositionInput[]; datum: string } & PageArguments,
    context: GeospatialContext,
    info: GraphQLResolveInfo,
  ) => {
    requireDatum(args.datum);
    const filter = touching({ type: 'Polygon', coordinates: [readRing(args.polygon)] });
    return parcelPage({ list: 'parcelsInPolygon', filter, sort: { _id: 1 }, args }, context, info);
  },

  parcelsAtPoint: async (
    _: unknown,
    args: { point: PositionInput; datum: string },
    { loaders }: GeospatialContext,
    info: GraphQLResolveInfo,
  ) => {
    requireDatum(args.datum);
    const filter = touching({ type: 'Point', coordinates: readPosition(args.point, 'point') });
    return loaders.models.parcels
      .find(both(filter, loaders.scope), projectionOf(askedFields(info), PARCEL_NEEDS))
      .sort({ _id: 1 })
      .limit(MOST_AT_A_POINT)
      .lean();
  },
};

function parcelPage(
  list: {
    readonly list: string;
    readonly filter: Record<string, unknown>;
    readonly sort: Readonly<Record<string, 1>>;
    readonly args: PageArguments;
  },
  { loaders, cursors }: GeospatialContext,
  info: GraphQLResolveInfo,
): Promise<Page<ParcelRecord>> {
  const { args, ...query } = list;
  return searchPage<ParcelRecord>(loaders.models.parcels, {
    ...query,
    within: loaders.scope,
    projection: projectionOf(askedFields(info, ['edges', 'node']), PARCEL_NEEDS),
    arguments: args,
    cursors,
  });
}

function touching(geometry: object): Record<string, unknown> {
  return { geometry: { $geoIntersects: { $geometry: geometry } } };
}

function divisionCode(text: string, argument: string): string {
  const code = text.trim();
  if (levelOf(code) === undefined)
    throw new HubError(
      'BAD_USER_INPUT',
      `${argument}: not a division code. Give 6 digits (county or above), 9 (township) or 12 (village).`,
    );
  return code;
}
