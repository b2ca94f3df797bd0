import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DashboardServer, dashboardServer } from './dashboard-server.ts';

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let server: DashboardServer;
let browser: Browser;
/** What a page must never do: complain, break a policy, ask another host. */
let complaints: string[] = [];

beforeAll(async () => {
  server = await dashboardServer();
}, 60_000);
afterAll(() => server.close());

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(server.origin)) complaints.push(`asked ${request.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => console.error(violatedDirective));
  });
  await page.goto(`${server.origin}${path}`);
  await page.locator('.chart.awaited').first().scrollIntoViewIfNeeded();
  await page.locator('.chart.drawn canvas').first().waitFor();
  return page;
}

/** Serious and critical findings, as `rule: element`. */
async function axe(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    interface Result {
      violations: { id: string; impact: string; nodes: { target: string[] }[] }[];
    }
    const { axe: tool } = globalThis as unknown as {
      axe: { run(options: { resultTypes: string[] }): Promise<Result> };
    };
    // Of what is in order it would otherwise describe each element, which takes longer than to look.
    const { violations } = await tool.run({ resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  });
}

const widthOf = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);

describe.skipIf(BROWSER === undefined)('the dashboard in a browser without a network', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: BROWSER ?? '',
      args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    });
  }, 60_000);
  afterAll(() => browser.close());
  beforeEach(() => {
    complaints = [];
    server.asked.length = 0;
    server.spoil();
  });

  it('shows key figures, the map, charts and series of the prefecture, and asks the hub once', async () => {
    const page = await open('/dashboard');
    expect(server.asked).toHaveLength(1);
    expect(await page.locator('h1').textContent()).toContain('楚雄彝族自治州');
    expect(await page.locator('[data-figure]').count()).toBe(13);
    expect(await page.locator('[data-map=counties] .tile').count()).toBe(10);
    // Charts are drawn when they come into sight.
    const charts = await page.locator('.chart').count();
    expect(charts).toBeGreaterThanOrEqual(12);
    expect(await page.locator('.chart.drawn').count()).toBeLessThan(charts);
    for (const chart of await page.locator('.chart').all()) {
      await chart.scrollIntoViewIfNeeded();
      await chart.locator('canvas').waitFor();
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('leads by keyboard from the map to a county and its townships, and back', async () => {
    const page = await open('/dashboard?measure=area');
    const tile = page.locator('[data-map=counties] .tile', { hasText: '禄丰市' });
    await tile.focus();
    expect(await tile.getAttribute('aria-label')).toMatch(/^禄丰市 [\d,.]+ ha · Area of parcels$/);
    await Promise.all([page.waitForURL(/division=532302/), page.keyboard.press('Enter')]);
    expect(page.url()).toContain('measure=area');
    expect(await page.locator('[data-map=townships] .tile').count()).toBe(13);
    expect(await page.locator('[data-map=counties] .tile[aria-current]').textContent()).toContain('禄丰市');
    await page.locator('[data-map=townships] .tile').first().focus();
    await Promise.all([page.waitForURL(/division=532302100/), page.keyboard.press('Enter')]);
    await page.getByRole('navigation', { name: 'Where this is' }).getByRole('link').first().press('Enter');
    await page.waitForURL(/division=532300/);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('tells by keyboard where each number is from, one at a time, and closes on Escape', async () => {
    const page = await open('/dashboard');
    const abouts = page.locator('[data-figure] details.about');
    expect(await abouts.count()).toBe(13);
    const summary = abouts.nth(0).locator('summary');
    await summary.focus();
    await page.keyboard.press('Enter');
    expect(await abouts.nth(0).innerText()).toMatch(/Public Security Bureau[\s\S]*1 Nov 2026/);
    await abouts.nth(1).locator('summary').press('Enter');
    await expect.poll(() => abouts.nth(0).getAttribute('open')).toBeNull();
    await page.keyboard.press('Escape');
    expect(await page.locator('details.about[open]').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('compares two divisions and two months by its form', async () => {
    const page = await open('/dashboard?division=532301');
    await page.getByLabel('With division').selectOption('532302');
    await page.getByLabel('With month').fill('2026-10');
    await Promise.all([page.waitForURL(/with=532302/), page.getByRole('button', { name: 'Apply' }).click()]);
    expect(server.asked.at(-1)).toMatchObject({ code: '532301', beside: '532302', against: '2026-10', period: null });
    const first = page.locator('[data-figure=people]');
    expect(await first.innerText()).toMatch(/禄丰市: [\d,]+[\s\S]*2026-10: [\d,]+[\s\S]*Change \+/);
    await page.locator('#panel-industry summary', { hasText: 'Table' }).click();
    expect(await page.locator('#panel-industry thead').innerText()).toContain('禄丰市');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says what is hidden and why, on the map, in the table and in the figure', async () => {
    server.spoil(({ data }) => {
      const hidden = [{ count: null, suppressed: 'PRIMARY' as const }];
      const [, second] = data?.division?.children?.edges ?? [];
      if (second?.node) second.node.residents = hidden;
      if (data?.division) data.division.archives = hidden;
    });
    const page = await open('/dashboard');
    const tile = page.locator('[data-map=counties] .tile.hidden');
    expect(await tile.count()).toBe(1);
    expect(await tile.getAttribute('aria-label')).toContain('Small number');
    expect(await page.locator('[data-figure=archives]').innerText()).toMatch(/—\s+Small number/);
    expect(await page.locator('.legend').innerText()).toContain('Not shown');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('keeps the rest when a department is down, and says which and since when', async () => {
    server.spoil((answer) => {
      const division = answer.data?.division;
      if (division) division.legalPersons = division.byIndustry = null;
      answer.errors = ['legalPersons', 'byIndustry'].map((field) => ({
        message: 'unreachable',
        path: ['division', field],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'legal-persons' },
      }));
    });
    const page = await open('/dashboard');
    const since = /Market Regulation Bureau has not answered since 2026-11-22 12:00/;
    expect(await page.locator('#panel-industry').innerText()).toMatch(since);
    expect(await page.getByRole('status').innerText()).toContain('Market Regulation Bureau');
    await page.locator('#panel-land').scrollIntoViewIfNeeded();
    await page.locator('#panel-land canvas').waitFor();
    await page.context().close();
  });

  it('speaks Chinese and English', async () => {
    const chinese = await open('/dashboard', { locale: 'zh-CN' });
    expect(await chinese.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(await chinese.locator('[data-figure=people]').innerText()).toContain('户籍人口');
    await chinese.getByRole('button', { name: 'English' }).click();
    await chinese.waitForLoadState();
    expect(await chinese.locator('[data-figure=people]').innerText()).toContain('Registered residents');
    expect(complaints).toEqual([]);
    await chinese.context().close();
  });

  it.each([
    ['a phone', { viewport: { width: 375, height: 800 } }],
    ['a phone in the dark', { viewport: { width: 375, height: 800 }, colorScheme: 'dark' as const }],
    ['a tablet', { viewport: { width: 820, height: 1180 }, hasTouch: true }],
    ['a desk in the dark', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' as const }],
    ['a wall of 4K', { viewport: { width: 3840, height: 2160 } }],
  ])('fits %s, and no serious fault of access is found', async (_name, options) => {
    const page = await open('/dashboard?division=532301&with=532302', options);
    expect(await widthOf(page)).toBe(options.viewport.width);
    expect(await axe(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('prints on A4 in light colours, with its charts inside the page and without its controls', async () => {
    const page = await open('/dashboard', { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 680, height: 960 });
    expect(await page.locator('form.compare').isVisible()).toBe(false);
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(0, 0, 0)');
    expect(await widthOf(page)).toBe(680);
    expect(await page.locator('.chart canvas').count()).toBe(await page.locator('.chart').count());
    const wide = await page.locator('.chart canvas').evaluateAll(
      (canvases) =>
        canvases.filter((canvas) => {
          const card = canvas.closest('.card')?.getBoundingClientRect().right ?? 0;
          return canvas.getBoundingClientRect().right > card + 1;
        }).length,
    );
    expect(wide).toBe(0);
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
    await page.context().close();
  });

  it('works without scripts: tables, links and sources are there', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(`${server.origin}/dashboard`);
    await page.locator('#panel-age summary', { hasText: 'Table' }).click();
    expect(await page.locator('#panel-age tbody tr').first().innerText()).toMatch(/0-9\s+[\d,]+/);
    await page.locator('[data-map=counties] .tile').first().click();
    expect(page.url()).toMatch(/division=5323/);
    await context.close();
  });

  it('saves a table as a file with the mark of its encoding', async () => {
    const page = await open('/dashboard', { locale: 'zh-CN' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('#panel-land a[download]').click(),
    ]);
    expect(download.suggestedFilename()).toBe('楚雄彝族自治州-土地利用.csv');
    const bytes = readFileSync(await download.path());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    await page.context().close();
  });
});

describe('the dashboard over HTTP', () => {
  it('has a policy that allows files of this host alone, and no inline script or style', async () => {
    const response = await fetch(`${server.origin}/dashboard`);
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'; style-src 'self'");
    const text = await response.text();
    expect(text).not.toMatch(/<script(?![^>]*(src=|type="application\/json"))|\sstyle=|<style|\son\w+=/);
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  it('answers an unknown division with a page that says so', async () => {
    server.spoil((answer) => {
      answer.data = { division: null };
    });
    const response = await fetch(`${server.origin}/dashboard?division=539999`, { headers: { accept: 'text/html' } });
    expect(response.status).toBe(404);
    server.spoil();
  });
});
