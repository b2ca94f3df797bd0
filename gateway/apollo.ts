import { ApolloServer, type ApolloServerOptionsWithGateway } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError, OperationTypeNode, type ValidationRule } from 'graphql';
import type { Logger } from 'pino';
import { HubError } from '../lib/errors.ts';
import type { Answer } from './answer.ts';
import type { OperationRequest } from './answer-operation.ts';
import { withoutGivenValues } from './given-values.ts';
import type { BuiltSupergraph } from './supergraph.ts';
import type { Trail } from './trail.ts';

/** What Apollo Server hands from the door to the executor. */
export interface GatewayContext {
  readonly trail: Trail;
}

export type AnswerWith = (request: OperationRequest, trail: Trail) => Promise<Answer>;

type Gateway = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];

/** Tokens of one document; the longest sensible dashboard query has a few hundred. */
const MAX_TOKENS = 5_000;

/**
 * Apollo Server in front of our own executor: it speaks GraphQL over HTTP, parses, validates against the API schema and
 * guards against cross-site requests; the executor does the rest.
 * @param supergraph what is served now; undefined while nothing is, which may come after the start only.
 */
export async function startApollo(
  supergraph: () => BuiltSupergraph | undefined,
  answerWith: AnswerWith,
  { logger, onUpdate }: { logger: Logger; onUpdate?: (listener: () => void) => void },
): Promise<ApolloServer<GatewayContext>> {
  const gateway: Gateway = {
    onSchemaLoadOrUpdate(callback) {
      const tell = (): void => {
        const served = supergraph();
        if (served) callback({ apiSchema: served.apiSchema, coreSupergraphSdl: '' });
      };
      tell();
      onUpdate?.(tell);
      return () => undefined;
    },
    load: () =>
      Promise.resolve({
        executor: async ({ source, document, operation, request, context }) => {
          const { trail } = context as GatewayContext;
          const asked = {
            source,
            document,
            operation,
            variables: (request.variables ?? {}) as Record<string, unknown>,
          };
          try {
            const { data, errors, extensions } = await answerWith(asked, trail);
            return { data, ...(errors && { errors }), ...(extensions && { extensions }) };
          } catch (thrown) {
            if (thrown instanceof GraphQLError) return { errors: [thrown] };
            logger.error({ err: thrown, requestId: trail.requestId }, 'an operation failed');
            return { errors: [unexpected(trail.requestId)] };
          }
        },
      }),
    stop: () => Promise.resolve(),
  };
  const server = new ApolloServer<GatewayContext>({
    gateway,
    logger,
    introspection: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    plugins: [{ requestDidStart: () => Promise.resolve({ didResolveSource: noteWellFormed }) }],
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
    validationRules: [mutationsThatAreServed],
    formatError: (formatted, thrown) => formatError(formatted, thrown, logger),
  });
  await server.start();
  return server;
}

/** GraphQL's own rules let a mutation pass where the schema has none, and leave it to fail when it is executed. */
const mutationsThatAreServed: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (node.operation === OperationTypeNode.MUTATION && !context.getSchema().getMutationType())
      context.reportError(new GraphQLError('Mutations are not served here. Ask by a query.', { nodes: node }));
  },
});

function noteWellFormed({ contextValue }: { contextValue: GatewayContext }): Promise<void> {
  contextValue.trail.wellFormed = true;
  return Promise.resolve();
}

export function unexpected(requestId: string): HubError {
  return new HubError(
    'INTERNAL_SERVER_ERROR',
    `Unexpected error. Quote the request id ${requestId} to the data bureau.`,
    { requestId },
  );
}

/** Only errors written for the caller leave: HubErrors, GraphQL's own, and those the answer step made. */
function formatError(formatted: GraphQLFormattedError, thrown: unknown, logger: Logger): GraphQLFormattedError {
  const cause = unwrapResolverError(thrown);
  if (
    cause instanceof GraphQLError &&
    (cause instanceof HubError || formatted.extensions?.['code'] !== 'INTERNAL_SERVER_ERROR')
  )
    return { ...formatted, message: withoutGivenValues(formatted.message) };
  logger.error({ err: cause }, 'an error that was not written for the caller');
  return { message: 'Unexpected error', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}
