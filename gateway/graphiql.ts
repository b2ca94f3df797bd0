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

export interface GraphiqlOptions {
  readonly examples: readonly ExampleQuery[];
  /** Path of this host that answers; it takes the token from the headers that are typed in. */
  readonly endpoint: string;
}

type Made = Promise<{ readonly html: Buffer; readonly policy: string }>;

/**
 * Serves GraphiQL at `/graphiql`, all of it in one page of this server: the network may have no way out. The page holds no
 * token. With `?query=` it opens with that query, otherwise with the examples.
 */
export function registerGraphiql(app: FastifyInstance, options: GraphiqlOptions): void {
  const made: { withExamples?: Made; withQuery?: Made } = {};
  app.get('/graphiql', async (request, reply) => {
    // Beside tabs of its own GraphiQL would not open the query of the address.
    const asked = /[?&]query=./.test(request.url);
    const { html, policy } = await (asked
      ? (made.withQuery ??= makePage({ ...options, examples: [] }))
      : (made.withExamples ??= makePage(options)));
    return reply
      .headers({ 'content-security-policy': policy, 'content-encoding': 'gzip', 'cache-control': 'no-cache' })
      .headers({ 'referrer-policy': 'same-origin' })
      .type('text/html; charset=utf-8')
      .send(html);
  });
}

async function makePage({ examples, endpoint }: GraphiqlOptions): Made {
  const tabs = examples.map(({ comment, query, variables }) => ({
    query: `${comment.replace(/^/gm, '# ')}\n${query}\n`,
    ...(variables && { variables: JSON.stringify(variables, null, 2) }),
  }));
  const page = renderGraphiQL({
    title: 'Shuniu 枢纽',
    endpoint,
    ...(tabs.length > 0 && { defaultTabs: tabs }),
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
