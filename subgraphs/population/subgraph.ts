import { readAsset } from '../../lib/asset.ts';
import { DateScalar, DateTimeScalar } from '../../lib/scalars.ts';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { countResidents, type PopulationDimension, residentsAt } from './count-residents.ts';
import { loaders, type PopulationContext, type PopulationLoaders } from './loaders.ts';
import { models } from './models.ts';
import { household, person } from './person.ts';
import { queries } from './queries.ts';

interface DivisionStub {
  readonly code: string;
}

const division = {
  __resolveReference: (stub: DivisionStub) => stub,
  population: (stub: DivisionStub, { by }: { by: readonly PopulationDimension[] }, context: PopulationContext) =>
    countResidents(stub.code, by, context),
};

const divisionAt = {
  __resolveReference: (stub: DivisionStub & { period: string }) => stub,
  residents: (stub: DivisionStub & { period: string }, _: unknown, context: PopulationContext) =>
    residentsAt(stub, context),
};

/** 人口: the population register of the public security bureau. */
export const definition: SubgraphDefinition<PopulationLoaders> = {
  name: 'population',
  owner: 'public-security',
  title: '人口',
  sdl: readAsset(new URL('./schema.graphql', import.meta.url)),
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
