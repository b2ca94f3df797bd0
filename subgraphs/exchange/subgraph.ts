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
import { proposal, proposalMutations, proposalQueries } from './proposals.ts';
import { publishMutations } from './publish.ts';
import { registrationMutations } from './registrations.ts';
import { notice, publishingKey, registeredSubgraph, release, releasedSubgraph, releaseQueries } from './releases.ts';
import { request, requestQueries } from './requests.ts';
import { requestMutations } from './request-sharing.ts';
import { HUB_DEPARTMENT } from './visible.ts';

/** 交换: the data bureau's own subgraph: requests, grants and audit entries, over the hub's database. */
export const definition: SubgraphDefinition<ExchangeLoaders> = {
  name: 'exchange',
  owner: HUB_DEPARTMENT,
  title: '共享交换',
  database: 'hub',
  sdl: readAsset(new URL('./schema.graphql', import.meta.url)),
  open(connection, { releaseKey }) {
    const models = sharingModels(connection);
    return {
      loaders: () => ({ ...models, releaseKey, quotaUseById: rowLoader(models.quotaUse, '_id') }),
      resolvers: {
        Query: {
          purposes: () => purposes,
          ...grantQueries,
          ...requestQueries,
          ...auditQueries,
          ...releaseQueries,
          ...proposalQueries,
        },
        Mutation: {
          ...requestMutations,
          ...decisionMutations,
          ...grantMutations,
          ...publishMutations,
          ...proposalMutations,
          ...registrationMutations,
        },
        Release: release,
        ReleasedSubgraph: releasedSubgraph,
        RegisteredSubgraph: registeredSubgraph,
        PublishingKey: publishingKey,
        Proposal: proposal,
        Notice: notice,
        Grant: grant,
        SharingRequest: request,
        AuditEntry: auditEntry,
        DateTime: DateTimeScalar,
      },
    };
  },
};
