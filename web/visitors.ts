import type { FastifyInstance } from 'fastify';
import { type FrontDesk, LANGUAGE_COOKIE, THEME_COOKIE, THEMES } from './front-desk.ts';
import { isLanguage } from './language.ts';
import { localPath, queryOf } from './local-path.ts';
import { CALLBACK, SIGNED_OUT, type SignIn } from './sign-in/sign-in.ts';
import { PageProblem } from './visit.ts';

const YEAR_S = 31_536_000;

/** Signing in and out, and what a browser remembers of a visitor's taste. @param door absent, nobody can sign in. */
export function registerVisitors(scope: FastifyInstance, desk: FrontDesk, door: SignIn | undefined): void {
  const opened = (): SignIn => {
    if (!door) throw new PageProblem('NO_SIGN_IN');
    return door;
  };
  scope.get(
    '/sign-in',
    desk.step(async ({ request, reply, origin, cookies }) => {
      const to = queryOf(request.url).get('to') ?? '/';
      return reply.redirect(await opened().leave(cookies, { origin, to }), 302);
    }),
  );
  scope.get(
    CALLBACK,
    desk.step(async ({ request, reply, origin, cookies }) =>
      reply.redirect(await opened().comeBack(cookies, { origin, brought: queryOf(request.url) }), 303),
    ),
  );
  scope.post(
    '/sign-out',
    desk.step(async (call, session) => {
      desk.formOf(call, session);
      desk.sessions.end(call.cookies, session);
      // The query desk keeps queries and their variables in the browser, which the next person may use.
      void call.reply.header('clear-site-data', '"storage"');
      return Promise.resolve(call.reply.redirect(SIGNED_OUT, 303));
    }),
  );
  scope.get(
    SIGNED_OUT,
    desk.page({ open: true }, ({ language, origin }) => opened().signedOut(language, origin)),
  );
  scope.post(
    '/preferences',
    desk.step(async (call) => {
      // Nothing but taste is changed, so that the origin is proof enough, and visitors without a session can choose.
      const form = desk.formOf(call, undefined);
      const [language, theme] = [form.get('language'), form.get('theme')];
      if (isLanguage(language)) call.cookies.write(LANGUAGE_COOKIE, language, YEAR_S);
      if (theme !== null && THEMES.includes(theme)) call.cookies.write(THEME_COOKIE, theme, YEAR_S);
      return Promise.resolve(call.reply.redirect(localPath(form.get('path')), 303));
    }),
  );
}
