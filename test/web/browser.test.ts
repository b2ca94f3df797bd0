import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER, launch, type PagesHub, pagesHub, signInAs, watchedPage } from './pages-hub.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Every page of this folder, with who can see it. The dashboard has tests of its own. */
const PAGES = [
  ['李敏', '/catalogue'],
  ['李敏', '/catalogue?search=法人'],
  ['李敏', '/catalogue/resource?type=Person'],
  ['李敏', '/catalogue/request?item=Person.education:OUTPUT'],
  ['李敏', '/access'],
  ['张伟', '/owner'],
  ['周静', '/supervisor'],
  ['杨副州长', '/owner'],
  ['', '/access'],
  ['', '/signed-out'],
] as const;

type Session = Awaited<ReturnType<BrowserContext['storageState']>>;

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds, of what keeps somebody from using the page. */
async function seriousIssues(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  // Of what is in order it would otherwise describe each element, which takes longer than to look.
  const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run({ resultTypes: ["violations"] })');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
}

describe.skipIf(BROWSER === undefined)('pages in a browser without a network', { timeout: 180_000 }, () => {
  let browser: Browser;
  let hub: PagesHub;
  beforeAll(async () => {
    hub = await pagesHub();
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    await hub.close();
  });

  /** The cookies of who signed in, for pages that are about something else. */
  const sessions = new Map<string, Session>();
  const sessionOf = async (person: string): Promise<Session> => {
    const { page } = await watchedPage(browser);
    await signInAs(page, hub.origin, person, '/access');
    const session = await page.context().storageState();
    await page.context().close();
    sessions.set(person, session);
    return session;
  };
  const opened = async (person: string, path: string, options: Parameters<Browser['newContext']>[0] = {}) => {
    const session = person === '' ? undefined : (sessions.get(person) ?? (await sessionOf(person)));
    const watched = await watchedPage(browser, { ...options, ...(session && { storageState: session }) });
    await watched.page.goto(`${hub.origin}${path}`);
    return watched;
  };
  /** What a browser says of an answer that is no 200: the page is meant to be one. */
  const unmeant = (complaints: readonly string[]): string[] =>
    complaints.filter((text) => !/the server responded with a status of (401|403)/.test(text));

  it.each(PAGES)('as %s, %s has no serious issue in light and dark, and asks nobody else', async (person, path) => {
    const { page, complaints, requests } = await opened(person, path, { colorScheme: 'light' });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      if (colorScheme === 'dark') await page.reload();
      expect(await page.getByRole('main').count()).toBe(1);
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      expect(await seriousIssues(page)).toEqual([]);
      expect(unmeant(complaints)).toEqual([]);
      expect(requests.filter((url) => !url.startsWith(`${hub.origin}/`))).toEqual([]);
    }
    await page.context().close();
  });

  it.each(PAGES)('as %s, %s fits a phone and a wall', async (person, path) => {
    const [phone, wall] = [
      { width: 375, height: 700 },
      { width: 3840, height: 2160 },
    ];
    const { page } = await opened(person, path, { viewport: phone });
    for (const viewport of [phone, wall]) {
      await page.setViewportSize(viewport);
      if (viewport === wall) await page.reload();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
    }
    await page.context().close();
  });

  it('are used by keyboard alone: sign in, skip to the text, search, open a resource, ask for an item', async () => {
    const { page } = await watchedPage(browser);
    const focused = () => page.evaluate<string>('document.activeElement.textContent.trim()');
    await page.goto(`${hub.origin}/catalogue`);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('跳到正文');
    expect(await page.evaluate('document.activeElement.getBoundingClientRect().top')).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    for (const key of ['Tab', 'Enter']) await page.keyboard.press(key);
    await page.waitForURL(/development-issuer/);
    await page.getByRole('button', { name: '李敏' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/catalogue$/);
    await page.getByRole('searchbox').focus();
    await page.keyboard.type('人口');
    await page.keyboard.press('Enter');
    await page.waitForURL(/search=/);
    await page.getByRole('link', { name: '人口基础信息' }).focus();
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineWidth')).toBe('3px');
    await page.keyboard.press('Enter');
    await page.waitForURL(/type=Person/);
    await page.getByRole('checkbox', { name: 'Person.education 显示' }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.waitForURL(/catalogue\/request\?item=Person.education/);
    await page.context().close();
  });

  it('are in Chinese or English by the browser or by a switch that is kept', async () => {
    const { page } = await opened('李敏', '/access', { locale: 'en-GB' });
    expect(await page.title()).toBe('My access · Shuniu');
    await page.getByRole('button', { name: '中文' }).click();
    expect(await page.title()).toBe('我的权限 · 枢纽');
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
    await page.goto(`${hub.origin}/catalogue`);
    expect(await page.title()).toBe('信息资源目录 · 枢纽');
    await page.context().close();
  });

  it('are light or dark by the system or by a switch that is kept', async () => {
    const { page } = await opened('李敏', '/access', { colorScheme: 'dark' });
    const ground = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    const dark = await ground();
    await page.getByRole('button', { name: '浅色' }).click();
    const light = await ground();
    expect(light).not.toBe(dark);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.getByRole('button', { name: '深色' }).click();
    expect(await ground()).toBe(dark);
    await page.getByRole('button', { name: '跟随系统' }).click();
    expect(await ground()).toBe(light);
    await page.context().close();
  });

  it('print as black on white, without what only a screen needs', async () => {
    const { page } = await opened('张伟', '/owner', { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe(
      'rgb(255, 255, 255)',
    );
    expect(await page.evaluate('getComputedStyle(document.documentElement).color')).toBe('rgb(0, 0, 0)');
    expect(await page.getByRole('navigation').isVisible()).toBe(false);
    expect(await page.getByRole('button', { name: '退出登录' }).isVisible()).toBe(false);
    expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(5_000);
    await page.context().close();
  });

  it('sign out with a form, and show nothing afterwards', async () => {
    // A session of its own, as it ends.
    const { page } = await watchedPage(browser);
    await signInAs(page, hub.origin, '李敏', '/access');
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.waitForURL(/signed-out/);
    await page.goto(`${hub.origin}/access`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('请先登录');
    await page.context().close();
  });

  it('lead from a resource to GraphiQL, which asks with the session', async () => {
    const { page } = await opened('周静', '/catalogue/resource?type=Release');
    await page.getByRole('link', { name: '在查询台打开示例查询' }).click();
    await page.getByRole('button', { name: /execute/i }).click({ timeout: 60_000 });
    await page.getByText('"the first release"').waitFor({ timeout: 30_000 });
    await page.context().close();
  });
});
