import { readAsset } from '../../lib/asset.ts';
import { DateScalar, DateTimeScalar } from '../../lib/scalars.ts';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { division, divisionAt } from './count-legal-persons.ts';
import { LEGAL_PERSONS } from './cubes.ts';
import { employment, professional } from './employment.ts';
import { legalPerson, person } from './legal-person.ts';
import { loaders, type LegalPersonsLoaders } from './loaders.ts';
import { models } from './models.ts';
import { OWNER } from './owner.ts';
import { queries } from './queries.ts';

/** 法人单位: the register of legal persons and of registered professionals, of the market regulation bureau. */
export const definition: SubgraphDefinition<LegalPersonsLoaders> = {
  name: 'legal-persons',
  owner: OWNER,
  title: '法人单位',
  sdl: readAsset(new URL('./schema.graphql', import.meta.url)),
  cubes: [LEGAL_PERSONS],
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
