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
