import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import { registerAssets } from './assets.ts';
import { registerDesk } from './query-desk.ts';
import { frontDesk, type FrontDeskOptions } from './front-desk.ts';
import type { Provider } from './sign-in/provider.ts';
import { signIn } from './sign-in/sign-in.ts';
import type { Page } from './visit.ts';
import { registerVisitors } from './visitors.ts';

export interface PagesOptions extends FrontDeskOptions {
  readonly pages: readonly Page[];
  /** Absent, nobody can sign in. */
  readonly provider: Provider | undefined;
}

/** Bytes of a form: the longest has a few hundred items. */
const FORM_LIMIT = 65_536;

/** Scripts and styles are files of this host; nothing is loaded from, sent to or framed by another one. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** Serves the pages people look at, their assets, and signing in and out. */
export function registerPages(app: FastifyInstance, options: PagesOptions): void {
  void app.register(async (scope) => {
    await scope.register(cookie);
    readForms(scope);
    scope.addHook('onRequest', async (_request, reply) => {
      // With `no-referrer`, a browser would send the forms of these pages with `Origin: null`.
      reply.headers({ 'content-security-policy': PAGE_POLICY, 'referrer-policy': 'same-origin' });
    });
    registerAssets(scope);
    const { provider, secret, pages } = options;
    const desk = frontDesk(options);
    scope.get('/', (_request, reply) => reply.redirect('/dashboard', 302));
    for (const page of pages) {
      scope.get(
        page.path,
        desk.page(page, (visit) => page.show(visit)),
      );
      const { act } = page;
      if (act)
        scope.post(
          page.path,
          desk.page(page, (visit, form) => act(visit, form)),
        );
    }
    registerVisitors(scope, desk, provider && signIn(provider, { sessions: desk.sessions, secret }));
    registerDesk(scope, desk, options.ask);
    scope.get('/*', desk.elsewhere);
  });
}

function readForms(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_LIMIT },
    (_request, text, done) => done(null, new URLSearchParams(text as string)),
  );
}
