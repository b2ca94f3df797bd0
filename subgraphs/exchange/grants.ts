import type { PageArguments } from '../../lib/connection.ts';
import { searchPage } from '../../lib/search-page.ts';
import { today } from '../../lib/today.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import type { GrantRecord, SharingModels } from '../../sharing/store/models.ts';
import { unconfirmed } from '../../sharing/policy/row-scope.ts';
import { visibleToParties } from './visible.ts';

export type ExchangeContext = SubgraphContext<SharingModels>;

export const grantQueries = {
  grants: (_: unknown, args: PageArguments, { loaders, signed, cursors }: ExchangeContext) =>
    searchPage<GrantRecord>(loaders.grants, {
      list: 'grants',
      filter: visibleToParties(signed),
      sort: { _id: 1 },
      arguments: args,
      cursors,
    }),
  grant: (_: unknown, { id }: { id: string }, { loaders, signed }: ExchangeContext) =>
    loaders.grants.findOne({ $and: [{ _id: id }, visibleToParties(signed)] }).lean(),
};

export const grant = {
  __resolveReference: ({ id }: { id: string }, context: ExchangeContext) => grantQueries.grant(null, { id }, context),
  id: (record: GrantRecord) => record._id,
  needsConfirmation: ({ divisions }: GrantRecord) => unconfirmed(divisions, today()),
  state: ({ status, validFrom, validUntil }: GrantRecord) => {
    const now = new Date();
    if (status === 'REVOKED') return 'REVOKED';
    if (now < validFrom) return 'NOT_YET';
    return now < validUntil ? 'IN_FORCE' : 'ENDED';
  },
};
