import { readAsset } from '../../lib/asset.ts';
import { DateScalar, DateTimeScalar } from '../../lib/scalars.ts';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { complaint } from './complaint.ts';
import { division, divisionAt } from './count-complaints.ts';
import { COMPLAINTS } from './cubes.ts';
import { type HotlineLoaders, loaders } from './loaders.ts';
import { models } from './models.ts';
import { OWNER } from './owner.ts';
import { queries } from './queries.ts';

/** 政务服务便民热线: what is asked of the 12345 hotline. */
export const definition: SubgraphDefinition<HotlineLoaders> = {
  name: 'hotline',
  owner: OWNER,
  title: '政务服务便民热线',
  sdl: readAsset(new URL('./schema.graphql', import.meta.url)),
  cubes: [COMPLAINTS],
  open(connection) {
    const opened = models(connection);
    return {
      loaders: (signed) => loaders(opened, signed),
      resolvers: {
        Query: queries,
        Complaint: complaint,
        Division: division,
        DivisionAt: divisionAt,
        Date: DateScalar,
        DateTime: DateTimeScalar,
      },
    };
  },
};
