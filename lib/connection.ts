import { HubError } from './errors.ts';

/** Rows a page may hold at most; no list of the hub is unbounded. */
export const MAX_PAGE = 200;

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** Cursors are functions, which GraphQL calls where they are asked for: to encrypt a hundred costs as much as to read their rows. */
export interface Page<Row> {
  readonly edges: readonly { readonly cursor: () => string; readonly node: Row }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: () => string | null };
  /** Counts all rows of the filter; called only when the query asks for it. Null where they are too many to be counted. */
  totalCount(): Promise<number | null>;
}

/** @throws HubError BAD_USER_INPUT where `first` is not 1 to MAX_PAGE. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? 20;
  if (size < 1 || size > MAX_PAGE)
    throw new HubError('BAD_USER_INPUT', `first: ${size} is out of range. Ask for 1 to ${MAX_PAGE} rows.`);
  return size;
}
