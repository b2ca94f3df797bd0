import { z } from 'zod';
import { html } from '../../web/html.ts';
import type { Texts } from '../../web/language.ts';
import { departmentName } from '../../web/names.ts';
import { CALLBACK } from '../../web/sign-in/sign-in.ts';
import { type Page, PageProblem, type Visit } from '../../web/visit.ts';
import type { Codes } from './codes.ts';
import { PEOPLE } from './people.ts';

export const AUTHORISE = '/development-issuer/authorize';
export const CLIENT = 'shuniu-pages';

const asked = z.object({
  response_type: z.literal('code'),
  client_id: z.literal(CLIENT),
  redirect_uri: z.string(),
  state: z.string().min(16).max(256),
  nonce: z.string().max(256).optional(),
  code_challenge: z.string().regex(/^[\w-]{43}$/),
  code_challenge_method: z.literal('S256'),
});

const TEXTS: Texts<{ readonly title: string; readonly said: string }> = {
  'zh-CN': {
    title: '以谁的身份登录？',
    said: '这是开发环境自带的登录页，无需密码；数据均为生成的虚构数据。生产环境没有本页，由统一身份认证代替。',
  },
  en: {
    title: 'Who do you want to be?',
    said: 'This sign-in page comes with the development issuer and asks for no password; all data are made up. In production there is no such page: your own identity service takes its place.',
  },
};

/** The page on which one chooses whom to sign in as. */
export function authorisePage(codes: Codes, issuer: string): Page {
  return {
    path: AUTHORISE,
    open: true,
    show(visit) {
      const request = requestOf(visit.query, visit);
      const { language, csrf } = visit;
      const words = TEXTS[language];
      const main = html`<section class="card">
        <h1>${words.title}</h1>
        <p class="note warn">${words.said}</p>
        <form method="post" action="${AUTHORISE}" class="people">
          ${Object.entries(request).map(
            ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
          )}
          <input type="hidden" name="csrf" value="${csrf}" />
          ${PEOPLE.map(
            ({ id, role, token }) =>
              html`<button class="person" name="person" value="${id}">
                <b>${departmentName(token.department, language)} · ${token.officer}</b>
                <small>${role[language]}</small>
              </button>`,
          )}
        </form>
      </section>`;
      return Promise.resolve({ kind: 'page', title: words.title, main });
    },
    act(visit, form) {
      const { redirect_uri: redirect, state, nonce, code_challenge: challenge } = requestOf(form, visit);
      const person = PEOPLE.find(({ id }) => id === form.get('person'));
      if (!person) throw new PageProblem('SIGN_IN_FAILED');
      const code = codes.give({ person, redirect, nonce, challenge });
      const { pathname } = new URL(redirect);
      return Promise.resolve({
        kind: 'redirect',
        to: `${pathname}?${new URLSearchParams({ code, state, iss: issuer }).toString()}`,
      });
    },
  };
}

/** @throws PageProblem for a request that the pages of this hub did not make: no code is sent to anybody else. */
function requestOf(parameters: URLSearchParams, { origin }: Visit): z.infer<typeof asked> {
  const read = asked.safeParse(Object.fromEntries(parameters));
  if (!read.success || read.data.redirect_uri !== `${origin}${CALLBACK}`) throw new PageProblem('SIGN_IN_FAILED');
  return read.data;
}
