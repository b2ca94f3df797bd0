import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import type { ForeignSubgraph } from './open-gateway.ts';

export interface ServedForeign {
  readonly url: string;
  /** The headers of every request it answered. */
  readonly requests: IncomingHttpHeaders[];
  close(): Promise<void>;
}

/** A subgraph of another team, by HTTP: it knows nothing of signed contexts. */
export async function serveForeign({ sdl, resolvers }: ForeignSubgraph): Promise<ServedForeign> {
  const module = { typeDefs: parse(sdl), resolvers };
  const schema = buildSubgraphSchema([module] as Parameters<typeof buildSubgraphSchema>[0]);
  const requests: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      requests.push(request.headers);
      const { query, variables } = (await json(request)) as { query: string; variables?: Record<string, unknown> };
      const result = await graphql({ schema, source: query, variableValues: variables ?? {} });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(result));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
