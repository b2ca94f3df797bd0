import { bigrams, searchForm } from '../../lib/codes/bigrams.ts';
import type { PageArguments } from '../../lib/connection.ts';
import { HubError } from '../../lib/errors.ts';
import { searchPage } from '../../lib/search-page.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import { dueAt } from '../../schema/freshness.ts';
import type { CatalogueItem, CatalogueResource } from '../../sharing/store/catalogue.ts';
import type { GrantRecord } from '../../sharing/store/models.ts';
import { type CallersPolicy, itemAccess } from './catalogue-access.ts';
import type { ExchangeLoaders } from './grants.ts';
import { visibleToParties } from './visible.ts';

/** What the catalogue needs beside the hub's collections. */
export type CatalogueLoaders = ExchangeLoaders & {
  /** What decides on what the caller may see; read once in an operation. */
  readonly callersPolicy: () => Promise<CallersPolicy>;
};
type CatalogueContext = SubgraphContext<CatalogueLoaders>;

interface Search extends PageArguments {
  readonly search?: string | null;
  readonly owner?: string | null;
}

interface ItemSearch extends Search {
  readonly resource?: string | null;
  readonly class?: string | null;
}

const LONGEST = 60;

export const catalogueQueries = {
  resources: (_: unknown, { search, owner, ...page }: Search, { loaders, cursors }: CatalogueContext) =>
    searchPage<CatalogueResource>(loaders.catalogueResources, {
      list: 'resources',
      ...searching(search, { ...(owner != null && { owner }) }),
      sort: { _id: 1 },
      arguments: page,
      cursors,
    }),

  resource: (
    _: unknown,
    { type, code }: { type?: string | null; code?: string | null },
    { loaders }: CatalogueContext,
  ) => {
    if ((type == null) === (code == null))
      throw new HubError('BAD_USER_INPUT', 'type, code: give one of them, the type or the resource code.');
    return loaders.catalogueResources.findOne(type == null ? { code: code ?? '' } : { _id: type }).lean();
  },

  items: (_: unknown, args: ItemSearch, { loaders, cursors }: CatalogueContext) => {
    const { search, owner, resource, class: shared, ...page } = args;
    return searchPage<CatalogueItem>(loaders.catalogue, {
      list: 'items',
      ...searching(search, {
        ...(owner != null && { owner }),
        ...(resource != null && { type: resource }),
        ...(shared != null && { class: shared }),
      }),
      sort: { _id: 1 },
      arguments: page,
      cursors,
    });
  },

  item: (_: unknown, { coordinate }: { coordinate: string }, { loaders }: CatalogueContext) =>
    loaders.catalogue.findById(coordinate).lean(),
};

export const catalogueResource = {
  __resolveReference: ({ type }: { type: string }, context: CatalogueContext) =>
    catalogueQueries.resource(null, { type }, context),
  type: ({ _id }: CatalogueResource) => _id,
  itemCount: ({ classes }: CatalogueResource) => classes.UNCONDITIONAL + classes.CONDITIONAL + classes.WITHHELD,
  classes: ({ classes }: CatalogueResource) =>
    Object.entries(classes).flatMap(([name, items]) => (items > 0 ? [{ class: name, items }] : [])),
  updatedAt: async ({ _id }: CatalogueResource, _: unknown, { loaders }: CatalogueContext) =>
    (await loaders.freshnessById({ updatedAt: 1 }).load(_id))?.updatedAt,
  due: dueOf,
  overdue: async (record: CatalogueResource, _: unknown, context: CatalogueContext) => {
    const due = await dueOf(record, _, context);
    return due && due.getTime() <= Date.now();
  },
  coreMetadata: (record: CatalogueResource) => record,
  items: ({ _id }: CatalogueResource, page: PageArguments, context: CatalogueContext) =>
    catalogueQueries.items(null, { ...page, resource: _id }, context),
};

async function dueOf(
  { _id, updateCycle }: CatalogueResource,
  _: unknown,
  { loaders }: CatalogueContext,
): Promise<Date | undefined> {
  const known = await loaders.freshnessById({ updatedAt: 1 }).load(_id);
  return known ? dueAt(known.updatedAt, updateCycle) : undefined;
}

export const catalogueItem = {
  __resolveReference: ({ coordinate }: { coordinate: string }, context: CatalogueContext) =>
    catalogueQueries.item(null, { coordinate }, context),
  coordinate: ({ _id }: CatalogueItem) => _id,
  mayISee: async ({ _id }: CatalogueItem, _: unknown, { loaders }: CatalogueContext) =>
    itemAccess(await loaders.callersPolicy(), _id),
  // Nobody is told of the grants of others; its owner gave all that count.
  grants: ({ _id, owner }: CatalogueItem, page: PageArguments, { loaders, signed, cursors }: CatalogueContext) =>
    searchPage<GrantRecord>(loaders.grants, {
      list: `grants of ${_id}`,
      filter: { 'items.coordinate': _id, owner, status: 'ACTIVE', validUntil: { $gt: new Date() } },
      within: visibleToParties(signed),
      sort: { _id: 1 },
      arguments: page,
      cursors,
    }),
};

/** 政务信息资源目录编制指南: a code is 类 1 digit, 项 2, 目 3, then 细目 where there is one, a slash, and the number. */
const CODE = /^(\d)(\d{2})(\d{3})(\d*)\/\d+$/;

/** Core metadata of a resource. What no schema says, such as keywords, has no resolver and is null. */
export const coreMetadata = {
  name: ({ title }: CatalogueResource) => title,
  abstract: ({ description }: CatalogueResource) => description,
  provider: ({ owner }: CatalogueResource) => owner,
  identifier: ({ code }: CatalogueResource) => code,
  metadataIdentifier: ({ _id }: CatalogueResource) => _id,
  releasedAt: ({ sinceAt }: CatalogueResource) => sinceAt,
  format: () => 'JSON',
  sharingMethod: () => 'GraphQL',
  sharingClass: ({ classes }: CatalogueResource) => {
    const present = (['UNCONDITIONAL', 'CONDITIONAL', 'WITHHELD'] as const).filter((name) => classes[name] > 0);
    // Of one that is shared in part, that part is named by its items; the whole is shared under conditions.
    return present.length > 1 ? 'CONDITIONAL' : present[0];
  },
  category: ({ code }: CatalogueResource) => {
    const [, ...parts] = CODE.exec(code) ?? [];
    const [category, item, subject, detail] = parts;
    return category === undefined ? null : { category, item, subject, detail: detail === '' ? null : detail };
  },
};

/**
 * A part of a text, as it is read: width, case, spaces and punctuation make no difference, and nothing in it is a pattern.
 * @throws HubError BAD_USER_INPUT
 */
function searching(phrase: string | null | undefined, filter: Record<string, unknown>) {
  if (phrase == null) return { filter };
  const form = searchForm(phrase);
  const length = Array.from(form).length;
  if (length < 1 || length > LONGEST)
    throw new HubError(
      'BAD_USER_INPUT',
      `search: ${length} letters or digits cannot be searched for. Give 1 to ${LONGEST} of them that follow each other.`,
    );
  return {
    // A single character has no pair; the catalogue is small enough to be read through for it.
    filter: length > 1 ? { ...filter, pairs: { $all: bigrams(form) } } : filter,
    accept: ({ texts }: { readonly texts: readonly string[] }) => texts.some((each) => each.includes(form)),
  };
}
