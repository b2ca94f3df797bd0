import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Cookies } from '../cookies.ts';
import { html } from '../html.ts';
import type { Language, Texts } from '../language.ts';
import { localPath } from '../local-path.ts';
import { PageProblem, type Shown } from '../visit.ts';
import type { Leaving, Provider } from './provider.ts';
import { type Sealed, sealed } from './sealed.ts';
import type { Sessions } from './session.ts';

export const CALLBACK = '/sign-in/callback';
export const SIGNED_OUT = '/signed-out';

const COOKIE = 'shuniu-leaving';
/** Seconds one has to sign in at the provider. */
const PATIENCE = 600;

const kept = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), to: z.string() });

export interface SignIn {
  /** Sends the browser to the provider. @param to where the visitor wanted to be. @returns the provider's address. */
  leave(cookies: Cookies, options: { readonly origin: string; readonly to: string }): Promise<string>;
  /**
   * Begins a session with what the browser brought back.
   * @param brought the query with which the browser came back.
   * @returns where the visitor wanted to be.
   * @throws PageProblem SIGN_IN_FAILED, DOWN
   */
  comeBack(cookies: Cookies, options: { readonly origin: string; readonly brought: URLSearchParams }): Promise<string>;
  /** The page that says one is signed out here, and how to be at the provider, too. */
  signedOut(language: Language, origin: string): Promise<Shown>;
}

/** Signing in by a provider: authorisation code with PKCE, state and nonce, each for one use. */
export function signIn(provider: Provider, options: { sessions: Sessions; secret: () => Promise<Buffer> }): SignIn {
  const seal = sealed(options.secret, 'leaving');
  // A browser, or who has a copy of its cookie, may bring a state back once.
  const used = new LRUCache<string, true>({ max: 50_000, ttl: PATIENCE * 1_000 });
  return {
    async leave(cookies, { origin, to }) {
      const { to: address, leaving } = await reached(provider.leave(`${origin}${CALLBACK}`));
      const until = Math.floor(Date.now() / 1000) + PATIENCE;
      cookies.write(COOKIE, await seal.seal({ ...leaving, to: localPath(to) }, until), PATIENCE);
      return address.href;
    },
    async comeBack(cookies, { origin, brought }) {
      const { to, ...leaving } = await leftWith(cookies, seal);
      cookies.clear(COOKIE);
      const once = createHash('sha256').update(leaving.state).digest('base64url');
      if (used.has(once)) throw new PageProblem('SIGN_IN_FAILED');
      used.set(once, true);
      const token = await reached(provider.comeBack(new URL(`${origin}${CALLBACK}?${brought.toString()}`), leaving));
      if (token === undefined) throw new PageProblem('SIGN_IN_FAILED');
      await options.sessions.begin(cookies, token);
      return localPath(to);
    },
    async signedOut(language, origin) {
      // Whether the provider can be reached or not, the session here is over.
      const there = await provider.endSession(`${origin}${SIGNED_OUT}`).catch(() => undefined);
      const words = TEXTS[language];
      const main = html`<section class="problem">
        <h1>${words.title}</h1>
        <p>${words.said}</p>
        <p class="actions">
          <a class="button primary" href="/sign-in">${words.again}</a>
          ${there && html`<a class="button" href="${there.href}">${words.there}</a>`}
        </p>
      </section>`;
      return { kind: 'page', title: words.title, main };
    },
  };
}

async function leftWith(cookies: Cookies, { open }: Sealed): Promise<Leaving & { readonly to: string }> {
  const text = cookies.read(COOKIE);
  const read = kept.safeParse(text === undefined ? undefined : await open(text));
  if (!read.success) throw new PageProblem('SIGN_IN_FAILED');
  return read.data;
}

async function reached<Value>(answer: Promise<Value>): Promise<Value> {
  try {
    return await answer;
  } catch (thrown) {
    throw new PageProblem('DOWN', 'The sign-in service does not answer.', { cause: thrown });
  }
}

const TEXTS: Texts<{ readonly title: string; readonly said: string; readonly again: string; readonly there: string }> =
  {
    'zh-CN': {
      title: '已退出登录',
      said: '本机上的会话已结束。若在公用电脑上，请同时退出统一身份认证。',
      again: '重新登录',
      there: '退出统一身份认证',
    },
    en: {
      title: 'Signed out',
      said: 'The session on this computer has ended. On a shared computer, sign out of the identity service, too.',
      again: 'Sign in again',
      there: 'Sign out of the identity service',
    },
  };
