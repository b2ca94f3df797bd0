import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import { INDICATOR_NEEDS, type StatisticsContext } from './loaders.ts';
import type { IndicatorRecord } from './models.ts';

export const indicator = {
  __resolveReference: (stub: { code: string }, { loaders }: StatisticsContext, info: GraphQLResolveInfo) =>
    loaders.indicator(projectionOf(askedFields(info), INDICATOR_NEEDS)).load(stub.code),
  code: (row: IndicatorRecord) => row._id,
};
