import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';

/**
 * An error that a caller may see: a stable `code` to react to and a sentence that says what to do next.
 * Everything that is not a HubError (or GraphQL's own syntax and validation errors) stays inside and is logged.
 */
export class HubError extends GraphQLError {
  readonly code: string;

  constructor(code: string, message: string, details: Omit<GraphQLErrorExtensions, 'code'> = {}) {
    super(message, { extensions: { ...details, code } });
    this.name = 'HubError';
    this.code = code;
  }
}

/** What went wrong, from whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
