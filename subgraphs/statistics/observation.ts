import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import type { Page, PageArguments } from '../../lib/connection.ts';
import { HubError } from '../../lib/errors.ts';
import { exactText } from '../../lib/exact-text.ts';
import { parsePeriod, periodsBetween } from '../../lib/period.ts';
import { searchPage } from '../../lib/search-page.ts';
import { today } from '../../lib/today.ts';
import { INDICATOR_NEEDS, OBSERVATION_NEEDS, type StatisticsContext } from './loaders.ts';
import type { ObservationRecord } from './models.ts';

interface ObservationFilter {
  readonly division: string;
  readonly indicator?: string | null;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly knownOn?: string | null;
}

interface ObservationsArguments extends PageArguments {
  readonly filter: ObservationFilter;
  readonly vintages: 'LATEST' | 'ALL';
}

const MOST_CODES = 50;

export const observation = {
  indicator: (row: ObservationRecord, _: unknown, { loaders }: StatisticsContext, info: GraphQLResolveInfo) =>
    loaders.indicator(projectionOf(askedFields(info), INDICATOR_NEEDS)).load(row.indicator),
};

export const division = {
  __resolveReference: (stub: { code: string }) => stub,

  indicator: (
    { code: place }: { code: string },
    { code, period }: { code: string; period: string },
    { loaders }: StatisticsContext,
    info: GraphQLResolveInfo,
  ) => {
    parsePeriod(period);
    const projection = projectionOf(askedFields(info), OBSERVATION_NEEDS);
    return loaders.latest(projection).load({ indicator: code, division: place, period });
  },

  indicators: async (
    { code: place }: { code: string },
    { codes, period }: { codes: readonly string[]; period: string },
    { loaders }: StatisticsContext,
    info: GraphQLResolveInfo,
  ) => {
    parsePeriod(period);
    if (codes.length < 1 || codes.length > MOST_CODES)
      throw new HubError('BAD_USER_INPUT', `codes: ${codes.length} codes are out of range. Give 1 to ${MOST_CODES}.`);
    const loader = loaders.latest(projectionOf(askedFields(info), OBSERVATION_NEEDS));
    const wanted = [...new Set(codes)].map((code) => loader.load({ indicator: code, division: place, period }));
    return (await Promise.all(wanted)).filter((row) => row !== null);
  },
};

/**
 * A page of a division's observations. They are read with the latest vintage of each value first, so that "latest" is the
 * first one met and the page ends where it is full.
 */
export function observations(
  args: ObservationsArguments,
  { loaders, cursors }: StatisticsContext,
  info: GraphQLResolveInfo,
): Promise<Page<ObservationRecord>> {
  const { knownOn } = args.filter;
  const place = exactText(args.filter.division, 'filter.division');
  const indicator = exactText(args.filter.indicator, 'filter.indicator');
  const periods = periodsOf(args.filter);
  const value = indicator ? ['period'] : ['period', 'indicator'];
  const latest = args.vintages === 'LATEST';
  return searchPage(loaders.models.observations, {
    list: `observations ${args.vintages} ${indicator ? 'of one' : 'of all'}`,
    filter: {
      division: place,
      ...(indicator && { indicator }),
      ...(periods && { period: { $in: periods } }),
      ...(knownOn && { publishedOn: { $lte: knownOn } }),
    },
    projection: { ...projectionOf(askedFields(info, ['edges', 'node']), OBSERVATION_NEEDS), indicator: 1 },
    sort: indicator ? { period: -1, vintage: -1 } : { period: -1, indicator: 1, vintage: -1 },
    place: latest ? value : [...value, 'vintage'],
    accept: latest ? firstOfEach() : undefined,
    arguments: args,
    cursors,
  });
}

function periodsOf({ from, to }: ObservationFilter): string[] | undefined {
  if (typeof from === 'string') return periodsBetween(from, to ? { to } : { day: today() });
  if (typeof to === 'string')
    throw new HubError('BAD_USER_INPUT', 'filter.from: missing. Give the first period beside filter.to.');
  return undefined;
}

/** True for the first row of each value, where the rows of a value follow each other. */
function firstOfEach(): (row: ObservationRecord) => boolean {
  let last = '';
  return ({ period, indicator }) => {
    const value = `${period} ${indicator}`;
    const isFirst = value !== last;
    last = value;
    return isFirst;
  };
}
