import { readAsset } from '../../lib/asset.ts';
import { DateScalar, DateTimeScalar } from '../../lib/scalars.ts';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { countResidents, type PopulationDimension } from './count-residents.ts';
import { loaders, type PopulationContext, type PopulationLoaders } from './loaders.ts';
import { models } from './models.ts';
import { household, person } from './person.ts';
import { queries } from './queries.ts';

interface DivisionStub {
  readonly code: string;
}

const division = {
  __resolveReference: (stub: DivisionStub) => stub,
  population: (stub: DivisionStub, args: { by: readonly PopulationDimension[] }, { loaders }: PopulationContext) =>
    countResidents(loaders.models, stub.code, { by: args.by, year: new Date().getFullYear() }),
};

/** The register holds the present only: a total of another year is not invented from it. */
const divisionAt = {
  __resolveReference: (stub: DivisionStub & { period: string }) => stub,
  residents: async (stub: DivisionStub & { period: string }, _: unknown, { loaders }: PopulationContext) => {
    const year = new Date().getFullYear();
    if (Number(stub.period) !== year) return null;
    const [total] = await countResidents(loaders.models, stub.code, { by: [], year });
    return total?.count ?? null;
  },
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
      loaders: () => loaders(opened),
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
