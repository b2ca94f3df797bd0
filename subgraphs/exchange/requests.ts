import type { PageArguments } from '../../lib/connection.ts';
import { both } from '../../lib/row-scope.ts';
import { searchPage } from '../../lib/search-page.ts';
import type { RequestRecord, RequestState } from '../../sharing/store/request-record.ts';
import type { ExchangeContext } from './grants.ts';
import { visibleToParties } from './visible.ts';

type RequestsArguments = PageArguments & { readonly state?: RequestState | null };

export const requestQueries = {
  requests: (_: unknown, { state, ...args }: RequestsArguments, { loaders, signed, cursors }: ExchangeContext) =>
    searchPage<RequestRecord>(loaders.requests, {
      list: 'requests',
      filter: both(visibleToParties(signed), state ? { state } : {}),
      sort: { requestedAt: -1, _id: -1 },
      arguments: args,
      cursors,
    }),
  request: (_: unknown, { id }: { id: string }, { loaders, signed }: ExchangeContext) =>
    loaders.requests.findOne({ $and: [{ _id: id }, visibleToParties(signed)] }).lean(),
};

export const request = {
  __resolveReference: ({ id }: { id: string }, context: ExchangeContext) =>
    requestQueries.request(null, { id }, context),
  id: (record: RequestRecord) => record._id,
  obligations: ({ obligations }: RequestRecord) => obligations ?? [],
};
