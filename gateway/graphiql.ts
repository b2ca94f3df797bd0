import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { FastifyInstance } from 'fastify';

/** A query of the page, in a tab of its own. */
export interface ExampleQuery {
  /** Who asks, and with which token: comment lines above the query. */
  readonly comment: string;
  readonly query: string;
  /** Values of its variables. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

/**
 * Serves GraphiQL at `/`, all of it in one page of this server: the network may have no way out. The page holds no token;
 * whoever opens it pastes one into the headers.
 */
export function registerGraphiql(app: FastifyInstance, examples: readonly ExampleQuery[]): void {
  let made: Promise<{ html: Buffer; policy: string }> | undefined;
  app.get('/', async (_request, reply) => {
    made ??= makePage(examples);
    const { html, policy } = await made;
    return reply
      .headers({ 'content-security-policy': policy, 'content-encoding': 'gzip', 'cache-control': 'no-cache' })
      .type('text/html; charset=utf-8')
      .send(html);
  });
}

async function makePage(examples: readonly ExampleQuery[]): Promise<{ html: Buffer; policy: string }> {
  const headers = JSON.stringify({ authorization: 'Bearer paste-a-token-here' }, null, 2);
  const page = renderGraphiQL({
    title: 'Shuniu 枢纽',
    endpoint: '/graphql',
    headers,
    defaultTabs: examples.map(({ comment, query, variables }) => ({
      headers,
      query: `${comment.replace(/^/gm, '# ')}\n${query}\n`,
      ...(variables && { variables: JSON.stringify(variables, null, 2) }),
    })),
    shouldPersistHeaders: false,
  });
  return { html: await promisify(gzip)(page), policy: policyOf(page) };
}

/** Only the scripts of this very page run; the editor's workers are made from them. */
function policyOf(page: string): string {
  const scripts = [...page.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src ${scripts.join(' ')} blob:`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
