/** 调用方: who asks, for whom and for what. Everything here comes from a verified token. */
export interface Caller {
  /** Department code, such as `civil-affairs`. */
  readonly department: string;
  /** The department's application that holds the token. */
  readonly application: string;
  /** The officer at the application, where one is named. */
  readonly officer?: string | undefined;
  /** The department on whose behalf the application asks, where it is not its own. */
  readonly onBehalfOf?: string | undefined;
  /** 使用目的, a code of the purpose list; absent, only unconditional items can be read. */
  readonly purpose?: string | undefined;
  readonly roles: readonly string[];
  /** OAuth scopes, for subgraphs that ask for them (`@requiresScopes`); sharing does not know them. */
  readonly scopes?: readonly string[] | undefined;
}

/**
 * Characters of the header that brings a token, at most. A token of a department system has a few hundred; anything near this is an
 * attack on the parser.
 */
export const LONGEST_AUTHORIZATION = 8_192;

/** Roles of audiences that see numbers and what is published, and never a single row: a leader's office, the public. */
export const AGGREGATE_ROLES: readonly string[] = ['leader', 'public'];

/** The stricter role wins: whatever other roles, grants or department come with it. */
export function isAggregateOnly({ roles }: Pick<Caller, 'roles'>): boolean {
  return roles.some((role) => AGGREGATE_ROLES.includes(role));
}
