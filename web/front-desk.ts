import type { FastifyReply, FastifyRequest } from 'fastify';
import { HubError } from '../lib/errors.ts';
import { type Ask, askFor } from './ask.ts';
import { type Cookies, cookiesOf } from './cookies.ts';
import { chooseLanguage, type Language } from './language.ts';
import { page, type Theme } from './layout.ts';
import { localAddress, localPath, queryOf } from './local-path.ts';
import { isOurs, isSame, originOf } from './origin.ts';
import { problemPage } from './problem-page.ts';
import { type Session, sessions, type Sessions } from './sign-in/session.ts';
import { type Form, type Page, PageProblem, type Shown, type Visit } from './visit.ts';

export interface FrontDeskOptions {
  /** Asks the endpoint, with the rights of the visitor's token and no others. */
  readonly ask: Ask;
  /** What seals sessions. */
  readonly secret: () => Promise<Buffer>;
  /** Origin by which browsers know the hub, where one is set. */
  readonly origin: string | undefined;
  /** Origin at which the hub listens; asked once a request has come. */
  readonly listens: () => string;
}

/** One request and its answer, as the steps of a route share them. */
export interface Call {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly origin: string;
  readonly cookies: Cookies;
  readonly language: Language;
  readonly theme: Theme;
  /** Path and query. */
  readonly path: string;
}

/** Resolves once the answer is on its way. */
type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

export interface FrontDesk {
  readonly sessions: Sessions;
  /** A route of a page; `make` gets the visit, and the form where one was sent, its origin and token checked. */
  page(options: Pick<Page, 'open'>, make: (visit: Visit, form: Form) => Promise<Shown>): Handler;
  /** A route that answers by itself; what it throws becomes the page of a problem. */
  step(make: (call: Call, session: Session | undefined) => Promise<unknown>): Handler;
  /** @throws PageProblem FORGED for a form that no page of this session sent. */
  formOf(call: Call, session: Session | undefined): Form;
  /** What is wrong with where somebody went: a browser gets a page, a program the answer it knows. */
  readonly elsewhere: Handler;
}

export const THEMES: readonly string[] = ['light', 'dark', 'auto'];
export const LANGUAGE_COOKIE = 'shuniu-language';
export const THEME_COOKIE = 'shuniu-theme';

/** What every page has in common: who comes, in which language, and what is shown when something is wrong. */
export function frontDesk(options: FrontDeskOptions): FrontDesk {
  const keeper = sessions(options.secret);

  const callOf = (request: FastifyRequest, reply: FastifyReply): Call => {
    const origin = originOf(request, options.origin, options.listens());
    const cookies = cookiesOf(request, reply, origin.startsWith('https://'));
    const theme = cookies.read(THEME_COOKIE) ?? 'auto';
    return {
      ...{ request, reply, origin, cookies },
      language: chooseLanguage(cookies.read(LANGUAGE_COOKIE), request.headers['accept-language']),
      theme: (THEMES.includes(theme) ? theme : 'auto') as Theme,
      path: request.url,
    };
  };

  const problem = (call: Call, thrown: unknown, session?: Session): FastifyReply => {
    const { request, language, path } = call;
    const met = problemOf(thrown);
    if (met.cause !== undefined) request.log.error({ err: met.cause }, 'a page failed');
    return send(call, problemPage(met, { language, path: localPath(path), requestId: request.id }), session);
  };

  const visitOf = (call: Call, session: Session | undefined): Visit => {
    const { request, reply, language, theme, path, origin } = call;
    const gone = new AbortController();
    reply.raw.on('close', () => {
      if (!reply.raw.writableFinished) gone.abort();
    });
    const { ip: address, id: requestId } = request;
    const asking = { authorization: session && `Bearer ${session.token}`, address, requestId, signal: gone.signal };
    return {
      ...{ language, theme, path, origin },
      query: queryOf(path),
      caller: session?.caller,
      csrf: session?.csrf,
      ask: (query, variables = {}) => askFor(options.ask, { ...asking, body: { query, variables } }, session?.caller),
    };
  };

  const step: FrontDesk['step'] = (make) => async (request, reply) => {
    const call = callOf(request, reply);
    let session: Session | undefined;
    try {
      session = await keeper.read(call.cookies);
      return await make(call, session);
    } catch (thrown) {
      return problem(call, thrown, session);
    }
  };

  const formOf: FrontDesk['formOf'] = ({ request, origin }, session) => {
    const form = request.body;
    if (!(form instanceof URLSearchParams) || !isOurs(request, origin)) throw new PageProblem('FORGED');
    if (session && !isSame(form.get('csrf'), session.csrf)) throw new PageProblem('FORGED');
    return form;
  };

  const shows: FrontDesk['page'] = ({ open }, make) =>
    step(async (call, session) => {
      if (!session && !open) throw new PageProblem(keeper.hadOne(call.cookies) ? 'EXPIRED' : 'SIGNED_OUT');
      const form = call.request.method === 'POST' ? formOf(call, session) : new URLSearchParams();
      return send(call, await make(visitOf(call, session), form), session);
    });

  const lost = shows({ open: true }, () => Promise.reject(new PageProblem('NOT_FOUND')));
  return {
    ...{ sessions: keeper, page: shows, step, formOf },
    elsewhere: (request, reply) => {
      if (request.headers.accept?.includes('text/html')) return lost(request, reply);
      reply.callNotFound();
      return Promise.resolve(reply);
    },
  };
}

function send({ reply, language, theme, path }: Call, shown: Shown, session: Session | undefined): FastifyReply {
  if (shown.kind === 'redirect') return reply.redirect(localAddress(shown.to), 303);
  if (shown.kind === 'file') {
    const named = `attachment; filename*=UTF-8''${encodeURIComponent(shown.name)}`;
    return reply.header('content-disposition', named).type(shown.type).send(shown.body);
  }
  // Where its forms lead back to: never to a step of signing in, whose address has a code.
  const back = localPath(path);
  const markup = page({ ...shown, language, theme, path: back, caller: session?.caller, csrf: session?.csrf });
  return reply
    .code(shown.status ?? 200)
    .type('text/html; charset=utf-8')
    .send(markup);
}

function problemOf(thrown: unknown): PageProblem {
  if (thrown instanceof PageProblem) return thrown;
  // Its sentence is for who runs the hub, and may name a file: a key that cannot be read.
  if (thrown instanceof HubError) return new PageProblem('DOWN', undefined, { cause: thrown });
  return new PageProblem('FAILED', undefined, { cause: thrown });
}
