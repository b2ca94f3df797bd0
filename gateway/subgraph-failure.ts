import type { GraphQLField, GraphQLInputField, GraphQLSchema } from 'graphql';
import type { SubgraphError } from '../lib/transport.ts';
import { withoutGivenValues } from './given-values.ts';
import type { BuiltSupergraph } from './supergraph.ts';

/** Why a fetch, or a field of it, has no value. */
export interface SubgraphFailure {
  readonly subgraph: string;
  readonly code: 'SUBGRAPH_UNAVAILABLE' | 'SUBGRAPH_TIMEOUT' | 'SUBGRAPH_ERROR' | 'CANCELLED' | (string & {});
  readonly message: string;
  /** Response path of the field, list indexes left out. */
  readonly path: readonly string[];
}

/** Codes whose message was written for the caller; any other message may hold what the caller must not see. */
const OPEN_CODES = new Set([
  'BAD_USER_INPUT',
  'BAD_CURSOR',
  'STORE_UNAVAILABLE',
  'GRAPHQL_VALIDATION_FAILED',
  'CONFLICT',
  'NOT_FOUND',
  'PARTIAL_SCOPE',
  'NO_RELEASE',
  'NOT_PUBLISHED',
  'PROOF_REFUSED',
  'PROPOSAL_REFUSED',
]);

/** What a fetch holds that is none of its reader's business: names that the reader's schema does not have, keys of rows. */
export interface Internal {
  readonly names: ReadonlySet<string>;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** Names of fields that only the federation knows: nothing in the schema of callers is called so. */
export function internalNames({
  fullSchema,
  apiSchema,
}: Pick<BuiltSupergraph, 'fullSchema' | 'apiSchema'>): ReadonlySet<string> {
  const open = new Set(namesIn(apiSchema));
  return new Set(namesIn(fullSchema).filter((name) => !open.has(name)));
}

function namesIn(schema: GraphQLSchema): readonly string[] {
  const fields = Object.values(schema.getTypeMap()).flatMap((type) =>
    'getFields' in type ? Object.values<GraphQLField<unknown, unknown> | GraphQLInputField>(type.getFields()) : [],
  );
  return fields.flatMap((field) => [field.name, ...('args' in field ? field.args.map(({ name }) => name) : [])]);
}

/** An error that a subgraph answered with, as its reader may see it. */
export function failureOf(
  subgraph: string,
  error: SubgraphError,
  internal: Internal,
): Pick<SubgraphFailure, 'code' | 'message'> {
  const code = error.extensions?.['code'];
  const message = `The subgraph ${subgraph} could not answer this field.`;
  if (typeof code !== 'string' || !OPEN_CODES.has(code)) return { code: 'SUBGRAPH_ERROR', message };
  return { code, message: tells(error.message, internal) ? message : withoutGivenValues(error.message) };
}

function tells(message: string, { names, variables }: Internal): boolean {
  if (message.match(/\w+/gu)?.some((word) => names.has(word) || /^(_|representations$)/u.test(word))) return true;
  return valuesIn(variables?.['representations']).some((value) => value !== '' && message.includes(value));
}

/** The values of references, the names of their types aside. */
function valuesIn(value: unknown): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === '__typename' ? [] : valuesIn(inner)));
}
