import type { RowLoader } from '../../lib/batch.ts';
import type { PageArguments } from '../../lib/connection.ts';
import { searchPage } from '../../lib/search-page.ts';
import { endOfDay, today } from '../../lib/today.ts';
import type { HostServices, SubgraphContext } from '../../lib/subgraph-definition.ts';
import { findItems } from '../../sharing/store/catalogue.ts';
import type { GrantRecord, SharingModels } from '../../sharing/store/models.ts';
import type { FreshnessRecord } from '../../sharing/store/freshness-models.ts';
import { type QuotaUseRecord, quotaUseId } from '../../sharing/store/quota-models.ts';
import { unconfirmed } from '../../sharing/policy/row-scope.ts';
import { visibleToParties } from './visible.ts';

/** The hub's collections, and the use of quotas, batched. */
export type ExchangeLoaders = SharingModels & {
  readonly quotaUseById: RowLoader<QuotaUseRecord>;
  readonly freshnessById: RowLoader<FreshnessRecord>;
  readonly releaseKeys: HostServices['releaseKeys'];
  readonly production: HostServices['production'];
};
export type ExchangeContext = SubgraphContext<ExchangeLoaders>;

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
  obligations: ({ obligations }: GrantRecord) => obligations ?? [],
  suspended: async ({ items }: GrantRecord, _: unknown, { loaders }: ExchangeContext) => {
    const coordinates = items.map(({ coordinate }) => coordinate);
    const known = await findItems(loaders, coordinates);
    return coordinates.filter((coordinate) => !known.has(coordinate));
  },
  usedToday: ({ _id, quota }: GrantRecord, _: unknown, { loaders }: ExchangeContext) =>
    quota ? usedToday(loaders, _id) : null,
  needsConfirmation: ({ divisions }: GrantRecord) => unconfirmed(divisions, today()),
  state: ({ status, validFrom, validUntil }: GrantRecord) => {
    const now = new Date();
    if (status === 'REVOKED') return 'REVOKED';
    if (now < validFrom) return 'NOT_YET';
    return now < validUntil ? 'IN_FORCE' : 'ENDED';
  },
};

async function usedToday({ quotaUseById }: ExchangeLoaders, grant: string) {
  const day = today();
  const used = await quotaUseById({ rows: 1, subjects: 1 }).load(quotaUseId(grant, day));
  return { rows: used?.rows ?? 0, subjects: used?.subjects ?? 0, renewsAt: endOfDay(day) };
}
