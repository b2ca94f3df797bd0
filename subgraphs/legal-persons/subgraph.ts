import { readAsset } from '../../lib/asset.ts';
import { DateScalar, DateTimeScalar } from '../../lib/scalars.ts';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { countEnterprises, countLegalPersons, type LegalPersonDimension } from './count-legal-persons.ts';
import { employment, professional } from './employment.ts';
import { legalPerson, person } from './legal-person.ts';
import { loaders, type LegalPersonsContext, type LegalPersonsLoaders } from './loaders.ts';
import { models } from './models.ts';
import { queries } from './queries.ts';

interface DivisionStub {
  readonly code: string;
}

const division = {
  __resolveReference: (stub: DivisionStub) => stub,
  legalPersons: (stub: DivisionStub, args: { by: readonly LegalPersonDimension[] }, context: LegalPersonsContext) =>
    countLegalPersons(stub.code, args.by, context),
};

const divisionAt = {
  __resolveReference: (stub: DivisionStub & { period: string }) => stub,
  enterprises: (stub: DivisionStub & { period: string }, _: unknown, context: LegalPersonsContext) =>
    countEnterprises(stub, context),
};

/** 法人单位: the register of legal persons and of registered professionals, of the market regulation bureau. */
export const definition: SubgraphDefinition<LegalPersonsLoaders> = {
  name: 'legal-persons',
  owner: 'market-regulation',
  title: '法人单位',
  sdl: readAsset(new URL('./schema.graphql', import.meta.url)),
  open(connection) {
    const opened = models(connection);
    return {
      loaders: (signed) => loaders(opened, signed),
      resolvers: {
        Query: queries,
        LegalPerson: legalPerson,
        Professional: professional,
        Employment: employment,
        Person: person,
        Division: division,
        DivisionAt: divisionAt,
        Date: DateScalar,
        DateTime: DateTimeScalar,
      },
    };
  },
};
