import type { PageArguments } from '../../lib/connection.ts';
import { searchPage } from '../../lib/search-page.ts';
import type { Release } from '../../sharing/publishing/release.ts';
import type { NoticeRecord, PublishingKeyRecord, RegistrationRecord } from '../../sharing/store/publishing-models.ts';
import type { ReleaseRecord } from '../../sharing/store/release-models.ts';
import { latestNumber } from '../../sharing/store/release-store.ts';
import type { ExchangeContext } from './grants.ts';
import { ownDepartment, runsHub } from './visible.ts';

/** What a list of releases shows: not the schemas, which are megabytes. */
const WITHOUT_CONTENT = {
  digest: 1,
  previous: 1,
  at: 1,
  kind: 1,
  department: 1,
  officer: 1,
  message: 1,
  subgraph: 1,
  restores: 1,
  subgraphs: 1,
  signature: 1,
} as const;

export const releaseQueries = {
  releases: (_: unknown, args: PageArguments, { loaders, cursors }: ExchangeContext) =>
    searchPage<ReleaseRecord>(loaders.releases, {
      list: 'releases',
      filter: {},
      sort: { _id: -1 },
      arguments: args,
      cursors,
      projection: WITHOUT_CONTENT,
    }),
  release: (_: unknown, { number }: { number: number }, { loaders }: ExchangeContext) =>
    loaders.releases.findById(number, WITHOUT_CONTENT).lean(),
  subgraphs: (_: unknown, __: unknown, { loaders }: ExchangeContext) =>
    loaders.registrations.find().sort({ _id: 1 }).lean(),
  publishingKeys: (_: unknown, __: unknown, { loaders, signed }: ExchangeContext) =>
    loaders.publishingKeys
      .find(runsHub(signed) ? {} : { department: signed.caller.department })
      .sort({ department: 1, at: -1 })
      .lean(),
  notices: (_: unknown, args: PageArguments, { loaders, signed, cursors }: ExchangeContext) =>
    searchPage<NoticeRecord>(loaders.notices, {
      list: 'notices',
      filter: ownDepartment(signed),
      sort: { at: -1, _id: -1 },
      arguments: args,
      cursors,
    }),
};

type Shown = ReleaseRecord | Release;
const numberOf = (record: Shown): number => ('_id' in record ? record._id : record.number);

export const release = {
  __resolveReference: ({ number }: { number: number }, context: ExchangeContext) =>
    releaseQueries.release(null, { number }, context),
  number: numberOf,
  inForce: async (record: Shown, _: unknown, { loaders }: ExchangeContext) =>
    numberOf(record) === (await latestNumber(loaders)),
};

export const releasedSubgraph = {
  // Where a department's systems are is for those who run them.
  url: ({ owner, url }: { owner: string; url: string }, _: unknown, { signed }: ExchangeContext) =>
    owner === signed.caller.department || runsHub(signed) ? url : null,
};

export const registeredSubgraph = { name: (record: RegistrationRecord) => record._id };
export const publishingKey = { id: (record: PublishingKeyRecord) => record._id };
export const notice = { id: (record: NoticeRecord) => record._id };
