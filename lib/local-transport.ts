import { copyOf, ownValues } from './plain-values.ts';
import type { SubgraphServer } from './subgraph-server.ts';
import { abortError } from './transport-error.ts';
import type { SubgraphRequest, SubgraphResponse, SubgraphTransport } from './transport.ts';

/**
 * Reaches a subgraph in this process, without a round trip through JSON. What goes in and what comes out belongs to its
 * receiver alone, as if it had been sent: variables are copied, values that a scalar handed out by reference too.
 */
export function localTransport(subgraph: SubgraphServer): SubgraphTransport {
  return {
    async send(request) {
      const { signal } = request;
      if (signal.aborted) throw abortError(subgraph.name, signal);
      const variables = copyOf(request.variables) as Record<string, unknown>;
      const { data, errors } = await unlessAborted(subgraph.name, subgraph.answer({ ...request, variables }), signal);
      return {
        ...(data !== undefined && { data: ownValues(data) as SubgraphResponse['data'] }),
        ...(errors && { errors: copyOf(errors) as SubgraphResponse['errors'] }),
      };
    },
    ready: () => subgraph.ready(),
    // It is asked again soon; a store that does not answer shows in its readiness.
    freshness: () => subgraph.freshness().catch(() => ({})),
    close: () => Promise.resolve(),
  };
}

/** The gateway stops waiting when its signal aborts, whether or not the resolvers look at theirs. */
async function unlessAborted(
  subgraph: string,
  answer: Promise<SubgraphResponse>,
  signal: SubgraphRequest['signal'],
): Promise<SubgraphResponse> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(abortError(subgraph, signal));
    signal.addEventListener('abort', abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
