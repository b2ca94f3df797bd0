import { readAsset } from '../../lib/asset.ts';
import { DateScalar } from '../../lib/scalars.ts';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { divisionAt } from './derived.ts';
import { indicator } from './indicator.ts';
import { loaders, type StatisticsLoaders } from './loaders.ts';
import { models } from './models.ts';
import { division, observation } from './observation.ts';
import { queries } from './queries.ts';
import { indicatorSeries } from './series.ts';

/** 统计: indicators and their observations, of the statistics bureau. */
export const definition: SubgraphDefinition<StatisticsLoaders> = {
  name: 'statistics',
  owner: 'statistics-bureau',
  title: '统计',
  sdl: readAsset(new URL('./schema.graphql', import.meta.url)),
  open(connection) {
    const opened = models(connection);
    return {
      loaders: () => loaders(opened),
      resolvers: {
        Query: queries,
        Indicator: indicator,
        Observation: observation,
        Division: { ...division, indicatorSeries },
        DivisionAt: divisionAt,
        Date: DateScalar,
      },
    };
  },
};
