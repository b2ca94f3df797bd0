import { readAsset } from '../../lib/asset.ts';
import { DateScalar, DateTimeScalar } from '../../lib/scalars.ts';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { countComplaints, type ComplaintDimension } from './count-complaints.ts';
import { loaders, type HotlineContext, type HotlineLoaders } from './loaders.ts';
import { models } from './models.ts';
import { queries } from './queries.ts';
import { complaint } from './complaint.ts';

interface DivisionStub {
  readonly code: string;
}

const division = {
  __resolveReference: (stub: DivisionStub) => stub,
  complaints: (stub: DivisionStub, { by }: { by: readonly ComplaintDimension[] }, context: HotlineContext) =>
    countComplaints(stub.code, by, context),
};

/** 政务服务便民热线: the register of government-hotline. */
export const definition: SubgraphDefinition<HotlineLoaders> = {
  name: 'hotline',
  owner: 'government-hotline',
  title: '政务服务便民热线',
  sdl: readAsset(new URL('./schema.graphql', import.meta.url)),
  open(connection) {
    const opened = models(connection);
    return {
      loaders: (signed) => loaders(opened, signed),
      resolvers: {
        Query: queries,
        Complaint: complaint,
        Division: division,
        Date: DateScalar,
        DateTime: DateTimeScalar,
      },
    };
  },
};
