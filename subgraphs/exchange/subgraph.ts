import { rowLoader } from '../../lib/batch.ts';
import { purposes } from '../../lib/codes/purposes.ts';
import { readAsset } from '../../lib/asset.ts';
import { DateTimeScalar } from '../../lib/scalars.ts';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { limitChecks } from '../../sharing/publishing/prepared-apart.ts';
import type { ResourceUpdates } from '../../lib/resource-updates.ts';
import { resourceTypes } from '../../schema/resource-types.ts';
import { sharingModels } from '../../sharing/store/models.ts';
import { auditEntry, auditQueries } from './audit-entries.ts';
import {
  catalogueItem,
  type CatalogueLoaders,
  catalogueQueries,
  catalogueResource,
  coreMetadata,
} from './catalogue.ts';
import { callersPolicy, inForceOf } from './catalogue-access.ts';
import { grantMutations } from './change-grant.ts';
import { decisionMutations } from './decide-request.ts';
import { grant, grantQueries } from './grants.ts';
import { proposal, proposalMutations, proposalQueries } from './proposals.ts';
import { publishMutations } from './publish.ts';
import { registrationMutations } from './registrations.ts';
import { notice, publishingKey, registeredSubgraph, release, releasedSubgraph, releaseQueries } from './releases.ts';
import { request, requestQueries } from './requests.ts';
import { requestMutations } from './request-sharing.ts';
import { usageQueries } from './usage.ts';
import { HUB_DEPARTMENT } from './visible.ts';

const SDL = readAsset(new URL('./schema.graphql', import.meta.url));
const RESOURCES = resourceTypes(SDL);
const TEN_MINUTES = 600_000;

/** What is asked here is as it is in the store, now; told in steps, so that it is not noted anew each time it is asked. */
function live(): ResourceUpdates {
  const at = new Date(Math.floor(Date.now() / TEN_MINUTES) * TEN_MINUTES);
  return Object.fromEntries(RESOURCES.map((type) => [type, at]));
}

/** 交换: the data bureau's own subgraph: requests, grants and audit entries, over the hub's database. */
export const definition: SubgraphDefinition<CatalogueLoaders> = {
  name: 'exchange',
  owner: HUB_DEPARTMENT,
  title: '共享交换',
  database: 'hub',
  sdl: SDL,
  open(connection, { releaseKeys, checkWithinMs, production }) {
    limitChecks(checkWithinMs);
    const models = sharingModels(connection);
    const inForce = inForceOf(models);
    return {
      freshness: () => Promise.resolve(live()),
      loaders: ({ caller }) => {
        let policy: ReturnType<CatalogueLoaders['callersPolicy']> | undefined;
        return {
          ...models,
          releaseKeys,
          production,
          quotaUseById: rowLoader(models.quotaUse, '_id'),
          freshnessById: rowLoader(models.freshness, '_id'),
          callersPolicy: () => (policy ??= inForce().then((known) => callersPolicy(models, caller, known))),
        };
      },
      resolvers: {
        Query: {
          purposes: () => purposes,
          ...grantQueries,
          ...requestQueries,
          ...auditQueries,
          ...releaseQueries,
          ...proposalQueries,
          ...catalogueQueries,
          ...usageQueries,
        },
        Mutation: {
          ...requestMutations,
          ...decisionMutations,
          ...grantMutations,
          ...publishMutations,
          ...proposalMutations,
          ...registrationMutations,
        },
        CatalogueResource: catalogueResource,
        CatalogueItem: catalogueItem,
        CoreMetadata: coreMetadata,
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
