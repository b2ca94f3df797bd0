import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { addDays } from '../../lib/codes/calendar-date.ts';
import { type PageArguments, pageSize } from '../../lib/connection.ts';
import type { TableArguments } from '../../lib/cubes/count-rows.ts';
import { parsePeriod } from '../../lib/period.ts';
import { both } from '../../lib/row-scope.ts';
import { afterCursor, pageOf } from '../../lib/search-page.ts';
import { today } from '../../lib/today.ts';
import { countParcels } from './count-parcels.ts';
import { DIVISION_NEEDS, type GeospatialContext } from './loaders.ts';
import type { DivisionRecord } from './models.ts';

/** A record of the division table with the day for which it was asked, on which its neighbours are asked too. */
export type Division = DivisionRecord & { readonly asAt: string };

const BY_CODE = { code: 1, _id: 1 } as const;

export const division = {
  __resolveReference: (stub: { code: string }, context: GeospatialContext, info: GraphQLResolveInfo) =>
    findDivision(stub.code, undefined, context, projectionOfDivision(info)),

  parent: (row: Division, _: unknown, context: GeospatialContext, info: GraphQLResolveInfo) =>
    row.parent === null ? null : nearest(row.parent, row.asAt, context, info),

  children: async (
    row: Division,
    args: PageArguments,
    { loaders, cursors }: GeospatialContext,
    info: GraphQLResolveInfo,
  ) => {
    const list = { list: 'children', sort: BY_CODE, arguments: args, cursors };
    const rows = await loaders
      .children({
        filter: both(inForce(row.asAt), afterCursor({ ...list, filter: {} })),
        sort: BY_CODE,
        first: pageSize(args.first) + 1,
        projection: projectionOfDivision(info, ['edges', 'node']),
      })
      .load(row.code);
    return pageOf(
      rows.map((child) => ({ ...child, asAt: row.asAt })),
      list,
    );
  },

  predecessors: (row: Division, _: unknown, context: GeospatialContext, info: GraphQLResolveInfo) =>
    neighbours(row.predecessors, addDays(row.validFrom, -1), context, info),

  successors: (row: Division, _: unknown, context: GeospatialContext, info: GraphQLResolveInfo) =>
    neighbours(row.successors, row.validTo ?? today(), context, info),

  at: (row: Division, { period }: { period: string }) => {
    parsePeriod(period);
    return { code: row.code, period };
  },

  parcels: (row: Division, args: TableArguments, context: GeospatialContext) => countParcels(row.code, args, context),
};

/** Stored fields for a selection of Division, the dates always with them. */
export function projectionOfDivision(info: GraphQLResolveInfo, path: readonly string[] = []): Record<string, 1> {
  return projectionOf([...askedFields(info, path), 'code'], DIVISION_NEEDS);
}

/**
 * The record of a code that was in force on a day; null where none was. Without a day: the one in force today, or the last
 * one of an abolished code as at the end of its time.
 */
export async function findDivision(
  code: string,
  at: string | undefined,
  { loaders }: GeospatialContext,
  projection: Record<string, 1>,
): Promise<Division | null> {
  const records = await loaders.divisions(projection).load(code);
  if (at !== undefined) {
    const record = records.find((candidate) => isInForce(candidate, at));
    return record ? { ...record, asAt: at } : null;
  }
  return known(records, today());
}

/** The filter for the records in force on a day. */
export function inForce(day: string): Record<string, unknown> {
  return { validFrom: { $lte: day }, $or: [{ validTo: null }, { validTo: { $gt: day } }] };
}

function isInForce({ validFrom, validTo }: DivisionRecord, day: string): boolean {
  return validFrom <= day && (validTo === null || day < validTo);
}

/** The record in force on a day, else the last that began by then, else the first that came later; each as at a day of its own time. */
function known(records: readonly DivisionRecord[], day: string): Division | null {
  const record =
    records.find((candidate) => isInForce(candidate, day)) ??
    records.findLast(({ validFrom }) => validFrom <= day) ??
    records[0];
  if (record === undefined) return null;
  const { validFrom, validTo } = record;
  if (validTo !== null && validTo <= day) return { ...record, asAt: addDays(validTo, -1) };
  return { ...record, asAt: validFrom > day ? validFrom : day };
}

async function nearest(
  code: string,
  day: string,
  { loaders }: GeospatialContext,
  info: GraphQLResolveInfo,
): Promise<Division | null> {
  return known(await loaders.divisions(projectionOfDivision(info)).load(code), day);
}

async function neighbours(
  codes: readonly string[],
  day: string,
  context: GeospatialContext,
  info: GraphQLResolveInfo,
): Promise<readonly Division[]> {
  const found = await Promise.all(codes.map((code) => nearest(code, day, context, info)));
  return found.filter((row) => row !== null);
}
