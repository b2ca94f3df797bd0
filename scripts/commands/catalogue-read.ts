import { z } from 'zod';
import { type Endpoint, pageOf } from './request-endpoint.ts';

const classes = z.enum(['UNCONDITIONAL', 'CONDITIONAL', 'WITHHELD']);

export const RESOURCE_FIELDS = `type code title owner subgraph updateCycle updatedAt due overdue description rowScoped divisionItem personal itemCount
  since sinceAt coreMetadata { sharingClass format sharingMethod related
    category { category item subject detail } }`;

export const resource = z.object({
  type: z.string(),
  code: z.string(),
  title: z.string(),
  owner: z.string(),
  subgraph: z.string(),
  updateCycle: z.enum(['REAL_TIME', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY', 'AS_NEEDED']),
  updatedAt: z.string().nullable(),
  due: z.string().nullable(),
  overdue: z.boolean().nullable(),
  description: z.string().nullable(),
  rowScoped: z.boolean(),
  divisionItem: z.string().nullable(),
  personal: z.boolean(),
  itemCount: z.number(),
  since: z.number(),
  sinceAt: z.string(),
  coreMetadata: z.object({
    sharingClass: classes.nullable(),
    format: z.string(),
    sharingMethod: z.string(),
    related: z.array(z.string()),
    category: z
      .object({ category: z.string(), item: z.string(), subject: z.string(), detail: z.string().nullable() })
      .nullable(),
  }),
});
export type Resource = z.infer<typeof resource>;

export const ITEM_FIELDS = `coordinate type field owner subgraph class basis mask personal uses description graphqlType deprecated
  since sinceAt`;

export const item = z.object({
  coordinate: z.string(),
  type: z.string(),
  field: z.string(),
  owner: z.string(),
  subgraph: z.string(),
  class: classes,
  basis: z.string().nullable(),
  mask: z.string().nullable(),
  personal: z.boolean(),
  uses: z.array(z.string()),
  description: z.string().nullable(),
  graphqlType: z.string(),
  deprecated: z.string().nullable(),
  since: z.number(),
  sinceAt: z.string(),
});
export type Item = z.infer<typeof item>;

/** Every resource that the token's caller sees. */
export function allResources(ask: Endpoint['ask']): Promise<readonly Resource[]> {
  return all(ask, { field: 'resources', fields: RESOURCE_FIELDS, node: resource });
}

export function allItems(ask: Endpoint['ask']): Promise<readonly Item[]> {
  return all(ask, { field: 'items', fields: ITEM_FIELDS, node: item });
}

/** Rows of a page: what a page of this many fields may cost at the endpoint's usual limits. */
const PAGE = 100;

async function all<Node>(
  ask: Endpoint['ask'],
  { field, fields, node }: { readonly field: string; readonly fields: string; readonly node: z.ZodType<Node> },
): Promise<readonly Node[]> {
  const found: Node[] = [];
  const page = pageOf(node).extend({
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  });
  for (let after: string | null = null; ;) {
    const query = `query ($first: Int, $after: String) { page: ${field}(first: $first, after: $after) {
      edges { node { ${fields} } } pageInfo { hasNextPage endCursor } } }`;
    const read: { page: z.infer<typeof page> } = await ask(query, { first: PAGE, after }, z.object({ page }));
    found.push(...read.page.edges.map(({ node: each }) => each));
    if (!read.page.pageInfo.hasNextPage) return found;
    after = read.page.pageInfo.endCursor;
  }
}
