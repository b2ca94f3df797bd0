import { isAggregateOnly } from '../lib/caller.ts';
import { type Content, html, type Html } from './html.ts';
import type { Language, Texts } from './language.ts';
import { departmentName } from './names.ts';

/** Whom the head of a page names. What they may do is decided by the endpoint, never from this. */
export interface SignedIn {
  readonly department: string;
  readonly application?: string | undefined;
  readonly officer?: string | undefined;
  readonly purpose?: string | undefined;
  readonly roles: readonly string[];
}

export type Theme = 'light' | 'dark' | 'auto';

export interface PageParts {
  /** Without the name of the hub. */
  readonly title: string;
  readonly language: Language;
  /** Absent, nobody is signed in. */
  readonly caller?: SignedIn | undefined;
  /** Path and query of this page, such as /catalogue?search=户籍. */
  readonly path: string;
  readonly main: Content;
  readonly theme?: Theme | undefined;
  /** What the forms of this session must carry. */
  readonly csrf?: string | undefined;
  /** Names of further files under /assets, such as dashboard.css; scripts are ES modules unless they end in .min.js. */
  readonly styles?: readonly string[] | undefined;
  readonly scripts?: readonly string[] | undefined;
}

const TEXTS: Texts<Record<string, string>> = {
  'zh-CN': {
    hub: '枢纽',
    slogan: '政务数据共享',
    skip: '跳到正文',
    navigation: '主导航',
    dashboard: '统计',
    catalogue: '目录',
    access: '我的权限',
    owner: '数据管理',
    supervisor: '监督',
    graphiql: '查询台',
    signIn: '登录',
    signOut: '退出登录',
    language: '语言',
    appearance: '外观',
    auto: '跟随系统',
    light: '浅色',
    dark: '深色',
    footer: '各部门数据由本部门保管，逐项授权，每次查询留痕。',
  },
  en: {
    hub: 'Shuniu',
    slogan: 'Government data sharing',
    skip: 'Skip to content',
    navigation: 'Main',
    dashboard: 'Statistics',
    catalogue: 'Catalogue',
    access: 'My access',
    owner: 'My data',
    supervisor: 'Supervision',
    graphiql: 'Query desk',
    signIn: 'Sign in',
    signOut: 'Sign out',
    language: 'Language',
    appearance: 'Appearance',
    auto: 'As the system',
    light: 'Light',
    dark: 'Dark',
    footer: 'Each department keeps its own data, shares it item by item, and every look-up is recorded.',
  },
};

const NAVIGATION = ['dashboard', 'catalogue', 'access', 'owner', 'supervisor', 'graphiql'] as const;

/** The whole document of a page: head, navigation, main part and foot. */
export function page(parts: PageParts): string {
  const { title, language, theme = 'auto', styles = [], scripts = [] } = parts;
  const words = TEXTS[language];
  return html`<!doctype html>
    <html lang="${language}" data-theme="${theme}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="${theme === 'auto' ? 'light dark' : theme}" />
        <title>${title} · ${words['hub']}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        ${['style.css', 'components.css', ...styles, 'print.css'].map((name) => html`<link rel="stylesheet" href="/assets/${name}" />`)}
        ${scripts.map((name) =>
          name.endsWith('.min.js')
            ? html`<script src="/assets/${name}" defer></script>`
            : html`<script type="module" src="/assets/${name}"></script>`,
        )}
      </head>
      <body>
        <a class="skip" href="#main">${words['skip']}</a>
        ${head(parts)}
        <main id="main" tabindex="-1">${parts.main}</main>
        <footer class="foot"><p>${words['footer']}</p></footer>
      </body>
    </html>`.toString();
}

function head({ language, caller, path, csrf, theme = 'auto' }: PageParts): Html {
  const words = TEXTS[language];
  const here = path.split(/[?#]/, 1)[0] ?? path;
  return html`<header class="head">
    <div class="head-row">
      <a class="brand" href="/dashboard">
        <img src="/assets/icon.svg" alt="" width="32" height="32" />
        <span><b>${words['hub']}</b> <small>${words['slogan']}</small></span>
      </a>
      <div class="head-tools">${preferences(path, language, theme)} ${visitor(caller, { language, csrf, path })}</div>
    </div>
    <nav class="head-nav" aria-label="${words['navigation']}">
      <ul>
        ${offered(caller).map((name) => {
          const current = here === `/${name}` || here.startsWith(`/${name}/`);
          return html`<li><a href="/${name}" ${current && html`aria-current="page"`}>${words[name]}</a></li>`;
        })}
      </ul>
    </nav>
  </header>`;
}

/** What leads somewhere for a caller: an office that sees numbers only has no rows, grants or requests. */
function offered(caller: SignedIn | undefined): readonly (typeof NAVIGATION)[number][] {
  if (!caller) return NAVIGATION.filter((name) => name !== 'supervisor');
  if (isAggregateOnly(caller)) return ['dashboard', 'graphiql'];
  const supervises = caller.roles.some((role) => role === 'auditor' || role === 'hub-operator');
  return NAVIGATION.filter((name) => name !== 'supervisor' || supervises);
}

/** Buttons of a form, so that they work without a script. */
function preferences(path: string, language: Language, theme: Theme): Html {
  const words = TEXTS[language];
  const themes = ['auto', 'light', 'dark'] as const;
  return html`<form class="preferences" method="post" action="/preferences">
    <input type="hidden" name="path" value="${path}" />
    <fieldset>
      <legend class="unseen">${words['appearance']}</legend>
      ${themes.map(
        (each) =>
          html`<button name="theme" value="${each}" aria-pressed="${String(theme === each)}" title="${words[each]}">
            <span class="theme-${each}" aria-hidden="true"></span><span class="unseen">${words[each]}</span>
          </button>`,
      )}
    </fieldset>
    <fieldset>
      <legend class="unseen">${words['language']}</legend>
      <button name="language" value="zh-CN" lang="zh-CN" aria-pressed="${String(language === 'zh-CN')}">中文</button>
      <button name="language" value="en" lang="en" aria-pressed="${String(language === 'en')}">English</button>
    </fieldset>
  </form>`;
}

function visitor(
  caller: SignedIn | undefined,
  { language, csrf, path }: Pick<PageParts, 'language' | 'csrf' | 'path'>,
): Html {
  const words = TEXTS[language];
  if (!caller)
    return html`<a class="button primary" href="/sign-in?to=${encodeURIComponent(path)}">${words['signIn']}</a>`;
  const name = departmentName(caller.department, language);
  return html`<form class="visitor" method="post" action="/sign-out">
    <input type="hidden" name="csrf" value="${csrf}" />
    <span class="visitor-name">${name} ${caller.officer !== undefined && html`<b>${caller.officer}</b>`}</span>
    <button class="button">${words['signOut']}</button>
  </form>`;
}
