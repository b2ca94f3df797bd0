import { html, type Html } from './html.ts';
import type { Language, Texts } from './language.ts';
import type { PageProblem, ProblemKind, Shown } from './visit.ts';

const STATUS: Readonly<Record<ProblemKind, number>> = {
  SIGNED_OUT: 401,
  EXPIRED: 401,
  NOT_ALLOWED: 403,
  NOT_FOUND: 404,
  DOWN: 503,
  BUSY: 429,
  FORGED: 403,
  SIGN_IN_FAILED: 400,
  NO_SIGN_IN: 503,
  FAILED: 500,
};

type Said = Readonly<Record<ProblemKind, readonly [title: string, next: string]>>;

const TEXTS: Texts<Said> = {
  'zh-CN': {
    SIGNED_OUT: ['请先登录', '本页按登录人员的权限显示数据。登录后将回到本页。'],
    EXPIRED: ['登录已过期', '您的登录凭证已到期，请重新登录；登录后将回到本页。'],
    NOT_ALLOWED: ['无权查看', '您的身份不能查看本页内容。如工作需要，请向本部门管理员或数据局申请相应角色。'],
    NOT_FOUND: ['没有这个页面', '地址可能有误，或内容已不在当前发布中。请从导航重新进入。'],
    DOWN: ['枢纽暂时无法应答', '请稍候一分钟再试；若持续如此，请将下面的请求编号告知数据局。'],
    BUSY: ['请求过于频繁', '本应用的请求已超过限额，请稍候再试。'],
    FORGED: ['操作未执行', '表单已失效，或不是从本站发出。请返回原页面，刷新后重试。'],
    SIGN_IN_FAILED: ['登录未完成', '登录请求已失效、已使用过或与本浏览器不符。请重新登录。'],
    NO_SIGN_IN: [
      '尚未配置登录',
      '请运维人员设置 HUB_OIDC_ISSUER 与 HUB_OIDC_CLIENT_ID 后重启。接口 /graphql 不受影响。',
    ],
    FAILED: ['发生意外错误', '请将下面的请求编号告知数据局。'],
  },
  en: {
    SIGNED_OUT: ['Please sign in', 'This page shows what your rights allow. After signing in you come back here.'],
    EXPIRED: ['Your session has ended', 'Your token has expired. Sign in again; you come back to this page.'],
    NOT_ALLOWED: [
      'Not for this role',
      'Your role does not cover this page. If your work needs it, ask your department or the data bureau for the role.',
    ],
    NOT_FOUND: [
      'There is no such page',
      'The address may be wrong, or the release in force no longer has it. Start from the navigation.',
    ],
    DOWN: [
      'The hub does not answer at present',
      'Try again in a minute. If it lasts, quote the request id below to the data bureau.',
    ],
    BUSY: ['Too many requests', 'Your application has asked more often than it may. Wait a moment and try again.'],
    FORGED: [
      'Nothing was done',
      'The form was out of date, or did not come from this site. Go back, reload the page and try again.',
    ],
    SIGN_IN_FAILED: [
      'Signing in was not completed',
      'The request was too old, used before, or made in another browser. Sign in again.',
    ],
    NO_SIGN_IN: [
      'Signing in is not set up',
      'Whoever runs the hub sets HUB_OIDC_ISSUER and HUB_OIDC_CLIENT_ID and restarts it. /graphql works all the same.',
    ],
    FAILED: ['Something unexpected happened', 'Quote the request id below to the data bureau.'],
  },
};

const ACTIONS: Texts<{
  readonly signIn: string;
  readonly again: string;
  readonly home: string;
  readonly request: string;
}> = {
  'zh-CN': { signIn: '登录', again: '重试', home: '返回首页', request: '请求编号' },
  en: { signIn: 'Sign in', again: 'Try again', home: 'To the start', request: 'Request id' },
};

export interface ProblemPlace {
  readonly language: Language;
  /** Where the visitor wanted to be: a path of this host. */
  readonly path: string;
  readonly requestId: string;
}

/** The page of a problem: what happened and what to do next. */
export function problemPage(problem: PageProblem, place: ProblemPlace): Extract<Shown, { kind: 'page' }> {
  const { kind, detail } = problem;
  const [title, next] = TEXTS[place.language][kind];
  const words = ACTIONS[place.language];
  const main = html`<section class="problem" data-problem="${kind}">
    <h1>${title}</h1>
    <p>${next}</p>
    ${detail !== undefined && html`<p class="note">${detail}</p>`}
    <p class="actions">${action(kind, place)} <a class="button" href="/">${words.home}</a></p>
    <p class="soft">${words.request}: <code>${place.requestId}</code></p>
  </section>`;
  return { kind: 'page', title, main, status: STATUS[kind] };
}

function action(kind: ProblemKind, { language, path }: ProblemPlace): Html | undefined {
  const words = ACTIONS[language];
  const signIn = html`<a class="button primary" href="/sign-in?to=${encodeURIComponent(path)}">${words.signIn}</a>`;
  if (kind === 'SIGNED_OUT' || kind === 'EXPIRED' || kind === 'SIGN_IN_FAILED') return signIn;
  if (kind === 'DOWN' || kind === 'BUSY') return html`<a class="button primary" href="${path}">${words.again}</a>`;
  return undefined;
}
