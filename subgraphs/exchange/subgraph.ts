import { rowLoader } from '../../lib/batch.ts';
import { purposes } from '../../lib/codes/purposes.ts';
import { readAsset } from '../../lib/asset.ts';
import { DateTimeScalar } from '../../lib/scalars.ts';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { sharingModels } from '../../sharing/store/models.ts';
import { auditEntry, auditQueries } from './audit-entries.ts';
import { grantMutations } from './change-grant.ts';
import { decisionMutations } from './decide-request.ts';
import { type ExchangeLoaders, grant, grantQueries } from './grants.ts';
import { request, requestQueries } from './requests.ts';
import { requestMutations } from './request-sharing.ts';

/** 交换: the data bureau's own subgraph: requests, grants and audit entries, over the hub's database. */
export const definition: SubgraphDefinition<ExchangeLoaders> = {
  name: 'exchange',
  owner: 'data-bureau',
  title: '共享交换',
  database: 'hub',
  sdl: readAsset(new URL('./schema.graphql', import.meta.url)),
  open(connection) {
    const models = sharingModels(connection);
    return {
      loaders: () => ({ ...models, quotaUseById: rowLoader(models.quotaUse, '_id') }),
      resolvers: {
        Query: { purposes: () => purposes, ...grantQueries, ...requestQueries, ...auditQueries },
        Mutation: { ...requestMutations, ...decisionMutations, ...grantMutations },
        Grant: grant,
        SharingRequest: request,
        AuditEntry: auditEntry,
        DateTime: DateTimeScalar,
      },
    };
  },
};
