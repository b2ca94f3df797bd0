import { readAsset } from '../../lib/asset.ts';
import { DateScalar, DateTimeScalar } from '../../lib/scalars.ts';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { division, divisionAt } from './count-residents.ts';
import { RESIDENTS } from './cubes.ts';
import { loaders, type PopulationLoaders } from './loaders.ts';
import { models } from './models.ts';
import { OWNER } from './owner.ts';
import { household, person } from './person.ts';
import { queries } from './queries.ts';

/** 人口: the population register of the public security bureau. */
export const definition: SubgraphDefinition<PopulationLoaders> = {
  name: 'population',
  owner: OWNER,
  title: '人口',
  sdl: readAsset(new URL('./schema.graphql', import.meta.url)),
  cubes: [RESIDENTS],
  open(connection) {
    const opened = models(connection);
    return {
      loaders: (signed) => loaders(opened, signed),
      resolvers: {
        Query: queries,
        Person: person,
        Household: household,
        Division: division,
        DivisionAt: divisionAt,
        Date: DateScalar,
        DateTime: DateTimeScalar,
      },
    };
  },
};
