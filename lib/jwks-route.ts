import type { HttpServer } from './http-server.ts';
import type { PublicJwks } from './keys/jwk.ts';

/** A minute: long before a new key signs alone, every subgraph has asked again. */
const CACHED = 'public, max-age=60';

/** /.well-known/jwks.json: the public keys by which subgraphs elsewhere verify the gateway's signed contexts (RFC 7517). */
export function addJwksRoute(server: HttpServer, keys: () => Promise<PublicJwks>): void {
  server.app.get('/.well-known/jwks.json', async (_request, reply) =>
    reply
      .header('cache-control', CACHED)
      .type('application/jwk-set+json')
      .send(JSON.stringify(await keys())),
  );
}
