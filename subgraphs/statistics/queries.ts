import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import type { Page, PageArguments } from '../../lib/connection.ts';
import { HubError } from '../../lib/errors.ts';
import { exactText } from '../../lib/exact-text.ts';
import { searchPage } from '../../lib/search-page.ts';
import { INDICATOR_NEEDS, type StatisticsContext } from './loaders.ts';
import type { IndicatorRecord } from './models.ts';
import { observations } from './observation.ts';

interface IndicatorFilter {
  readonly department?: string | null;
  readonly frequency?: string | null;
  readonly codePrefix?: string | null;
}

/** The root fields of statistics. */
export const queries = {
  indicator: (_: unknown, { code }: { code: string }, { loaders }: StatisticsContext, info: GraphQLResolveInfo) =>
    loaders.indicator(projectionOf(askedFields(info), INDICATOR_NEEDS)).load(code.trim()),

  indicators: (
    _: unknown,
    args: { filter?: IndicatorFilter | null } & PageArguments,
    { loaders, cursors }: StatisticsContext,
    info: GraphQLResolveInfo,
  ): Promise<Page<IndicatorRecord>> => {
    const { frequency, codePrefix } = args.filter ?? {};
    const department = exactText(args.filter?.department, 'filter.department');
    const filter = {
      ...(department && { department }),
      ...(frequency && { frequency }),
      ...(typeof codePrefix === 'string' && { _id: startingWith(codePrefix) }),
    };
    return searchPage(loaders.models.indicators, {
      list: 'indicators',
      filter,
      projection: projectionOf(askedFields(info, ['edges', 'node']), INDICATOR_NEEDS),
      sort: { _id: 1 },
      arguments: args,
      cursors,
    });
  },

  observations: (
    _: unknown,
    args: Parameters<typeof observations>[0],
    context: StatisticsContext,
    info: GraphQLResolveInfo,
  ) => observations(args, context, info),
};

/** Codes are ASCII: '~' follows every character they are made of. */
function startingWith(prefix: string): Record<string, string> {
  if (!/^[A-Za-z0-9][\w.-]{0,39}$/.test(prefix))
    throw new HubError(
      'BAD_USER_INPUT',
      'filter.codePrefix: not the beginning of a code. Give up to 40 letters, digits, dots and hyphens, such as GE.',
    );
  return { $gte: prefix, $lt: `${prefix}~` };
}
