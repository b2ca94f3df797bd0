import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER, launch, type PagesHub, pagesHub, signInAs, watchedPage } from './pages-hub.ts';

describe.skipIf(BROWSER === undefined)('a computer that several people use', { timeout: 120_000 }, () => {
  let hub: PagesHub;
  let browser: Browser;
  beforeAll(async () => {
    hub = await pagesHub();
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await hub.close();
  });

  it('shows the next person nothing of what the last one asked at the query desk', async () => {
    const { page, complaints } = await watchedPage(browser);
    await signInAs(page, hub.origin, '李敏');
    await page.goto(
      `${hub.origin}/graphiql?query=${encodeURIComponent('{ person(residentNumber: "53230119900307") }')}`,
    );
    await page.getByText('53230119900307').first().waitFor();
    const kept = (): Promise<string> => page.evaluate(() => JSON.stringify(localStorage));
    await expect.poll(kept).toContain('53230119900307');
    await page.goto(`${hub.origin}/access`);
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.waitForURL((url) => url.pathname === '/signed-out');
    expect(await kept()).toBe('{}');
    expect(complaints.filter((each) => /Clear-Site-Data/i.test(each))).toEqual([]);
  });
});
